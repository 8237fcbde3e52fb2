"""Public docstrings have the form of numpydoc: types, shapes, what is returned and raised."""

import dataclasses
import inspect
from importlib import import_module

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

from autograd import Tensor, Value
from autograd.gates import GATES

CHECKS = {
    "GL07",  # sections in numpydoc's order
    "GL08",  # there is a docstring
    "SS01",  # with a summary
    "SS03",  # that ends with a period
    "SS05",  # and says "Return", not "Returns"
    "SS06",  # on one line
    "PR01",  # every parameter is documented
    "PR02",  # and exists
    "PR03",  # in the signature's order
    "PR04",  # with a type
    "PR07",  # and a description
    "RT01",  # what is returned is documented
    "RT03",  # with a description
    "YD01",  # or what is yielded
}
MODULES = [
    "autograd", "autograd.checking", "autograd.drawing", "autograd.extend", "autograd.gates", "autograd.jit",
    "nn", "nn.init", "nn.optim", "nn.saving", "nn.schedules", "nn.training", "nn.validation",
    "classifiers", "classifiers.augmentation", "classifiers.callbacks", "classifiers.cifar10", "classifiers.features",
    "classifiers.data.photos", "classifiers.history", "classifiers.metrics", "classifiers.plots",
    "classifiers.preprocessing",
]  # fmt: skip


def public_members(module):
    """The functions and classes that a module offers: those of `__all__`, or its own without an underscore."""
    for name in getattr(module, "__all__", None) or vars(module):
        thing = getattr(module, name)
        public = hasattr(module, "__all__") or (getattr(thing, "__module__", "") == module.__name__ and name[0] != "_")
        if public and (inspect.isclass(thing) or inspect.isfunction(thing)):
            yield thing


def method_of(owner, name):
    """Whether a class documents a method of this name by itself.

    Not those that override a documented one, and not those made from the table of gates, which show their rule.
    """
    member = vars(owner)[name]
    if name.startswith("_") or inspect.isclass(member) or not callable(getattr(owner, name)):
        return False
    if issubclass(owner, (Value, Tensor)) and name in GATES:
        return False
    return bool(member.__doc__) or not inspect.getdoc(getattr(owner, name))


def names():
    """Each public function, class and method, by where it is defined."""
    found = {}
    for module in MODULES:
        for thing in public_members(import_module(module)):
            home = f"{thing.__module__}.{thing.__qualname__}"
            found[home] = thing
            for kind in inspect.getmro(thing) if inspect.isclass(thing) else ():
                if kind.__module__.partition(".")[0] in ("autograd", "nn", "classifiers"):  # its private bases, too
                    home = f"{kind.__module__}.{kind.__qualname__}"
                    found |= {f"{home}.{name}": member for name, member in vars(kind).items() if method_of(kind, name)}
    return found


NAMES = names()


def documents_its_fields(thing):
    """Whether the Attributes of a named tuple, a dataclass or a protocol document all its fields."""
    if not inspect.isclass(thing):
        return False
    fields = {name for name in thing.__annotations__ if not name.startswith("_")}
    lines = NumpyDocString(inspect.getdoc(thing) or "")["Attributes"]
    documented = {name.strip() for line in lines for name in line.name.split(",")}  # "low, high : float" are two
    plain = hasattr(thing, "_fields") or dataclasses.is_dataclass(thing) or getattr(thing, "_is_protocol", False)
    return plain and fields <= documented


def faults(name):
    """Each check that the docstring fails, with what is wrong."""
    thing, found = NAMES[name], [error for error in validate(name)["errors"] if error[0] in CHECKS]
    if documents_its_fields(thing):  # its parameters are its fields
        found = [error for error in found if not error[0].startswith("PR")]
    if ".ArrayMethods." in name:  # whose first parameter, self, is called as NumPy's functions call it
        found = [error for error in found if error != ("PR01", "Parameters {'a'} not documented")]
    return found


def test_the_names_are_found():
    """Those of all packages, methods included."""
    assert len(NAMES) > 250
    assert {"autograd.functional.grad", "nn.module.Module.parameters", "classifiers.plots.network.network"} <= set(
        NAMES
    )


@pytest.mark.parametrize("name", sorted(NAMES))
def test_has_numpydocs_form(name):
    assert not faults(name)
