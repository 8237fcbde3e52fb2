"""The architecture of a model as plain data, which a file stores next to the arrays, and models built from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from inspect import signature
from math import inf
from typing import TypeAlias

import numpy as np

from autograd import Tensor
from autograd.extend import describe
from nn import layers, losses
from nn.module import RANDOM_ARGUMENTS, Module

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

# The modules of nn, which a file may contain without being passed to `load`.
OWN_MODULES: frozenset[type[Module]] = frozenset(
    {Module, *(getattr(package, name) for package in (layers, losses) for name in package.__all__)}
)

SPARE = 8  # times the elements of the file may be built: layers that share a weight are built with one each
MAX_NAME = 1000  # characters

KEEP_ARGUMENTS = (
    "Store each argument of __init__ in an attribute of the same name (self.size = size), or define arguments()"
)


class ArchitectureError(ValueError):
    """A model cannot be described in plain data, or the data does not describe a model."""


def describe_architecture(model: Module) -> Json:
    """Describe the classes of the modules and their arguments in plain data, which JSON can store.

    Parameters
    ----------
    model : Module
        The model. A module that is used several times is described once.

    Returns
    -------
    dict
        Nested dicts, lists, strings and numbers.

    Raises
    ------
    ArchitectureError
        If the result of `arguments()` does not rebuild each module with the same names and shapes of Tensors.

    Examples
    --------
    >>> from nn import ReLU
    >>> describe_architecture(ReLU())
    {'module': 'ReLU', 'arguments': {}}
    """
    kinds = {type(module): module for module in model.modules()}
    for name, count in Counter(kind.__name__ for kind in kinds.keys() | OWN_MODULES).items():
        if count > 1:
            raise ArchitectureError(
                f"cannot save a model with two classes of modules named {name!r}, or with a class named like one of "
                "nn; rename yours"
            )
    for kind, module in kinds.items():
        _check_arguments(kind, module)
    try:
        architecture = _to_plain(model, {})
    except RecursionError as error:
        raise ArchitectureError(
            "cannot save a model that contains itself, or whose modules are nested too deeply; remove the cycle"
        ) from error
    try:
        rebuilt = build(architecture, kinds)
    except ArchitectureError as error:
        raise ArchitectureError(
            f"{type(model).__name__} cannot be rebuilt from its arguments(): {error}. {KEEP_ARGUMENTS}"
        ) from error
    ours, theirs = ({name: tensor.shape for name, tensor in of.named_tensors()} for of in (model, rebuilt))
    ours |= {name: ours[first] for name, first in tied_tensors(model).items() if first in ours and name in theirs}
    if ours != theirs:
        different = ", ".join(sorted(name for name, _ in ours.items() ^ theirs.items()))
        raise ArchitectureError(
            f"{type(model).__name__} rebuilt from its arguments() would have other names or shapes: {different}. "
            "Return them from arguments(), or save only the arrays: nn.saving.write(path, model.state_dict())"
        )
    return architecture


def tied_tensors(model: Module) -> dict[str, str]:
    """Find the Tensors that several modules share, such as the weights of an encoder and its decoder.

    Parameters
    ----------
    model : Module
        The model.

    Returns
    -------
    dict of str to str
        For each further name of a Tensor, the name under which `named_tensors` lists it.

    Examples
    --------
    >>> from nn import Linear, Sequential
    >>> model = Sequential(Linear(2, 2, rng=0), Linear(2, 2, rng=1))
    >>> model[1].weight = model[0].weight
    >>> tied_tensors(model)
    {'1.weight': '0.weight'}
    """
    first = {id(tensor): name for name, tensor in model.named_tensors()}
    tied = {}
    for prefix, module in model.named_modules():
        for key, value in module.parts():
            name = f"{prefix}.{key}" if prefix else key
            if isinstance(value, Tensor) and first.get(id(value), name) != name:
                tied[name] = first[id(value)]
    return tied


def tie(model: Module, tied: object) -> None:
    """Let modules share Tensors again.

    Parameters
    ----------
    model : Module
        A model that was built from its architecture.
    tied : dict of str to str
        The result of `tied_tensors` for the model that was described.

    Raises
    ------
    ArchitectureError
        If a name is not that of a Tensor of the model, or the shapes differ.
    """
    pairs = list(tied.items()) if isinstance(tied, dict) else [(tied, tied)]
    named = {name for pair in pairs for name in pair if isinstance(name, str)}  # only these names are kept
    tensors = {name: tensor for name, tensor in model.named_tensors() if name in named}
    prefixes = {name.rpartition(".")[0] for name in named}
    modules = {name: module for name, module in model.named_modules() if name in prefixes}
    for name, first in pairs:
        one, other = (tensors.get(key) if isinstance(key, str) else None for key in (name, first))
        prefix, _, key = str(name).rpartition(".")
        if one is None or other is None or one.shape != other.shape or not hasattr(modules.get(prefix), key):
            raise ArchitectureError(f"the architecture ties {name!r} to {first!r}, which are not Tensors of one shape")
        setattr(modules[prefix], key, other)


def build(architecture: object, kinds: Iterable[type[Module]], *, size: float = inf) -> Module:
    """Build the model that plain data describes.

    Parameters
    ----------
    architecture : dict
        The result of `describe_architecture`, which may come from an untrusted file.
    kinds : iterable of type
        The classes of modules that the model may contain. No other code is run.
    size : float, default inf
        The number of elements in the file. A layer of nn that would need more is refused before it is built, and so is
        a model once its layers have `SPARE` times as many.

    Returns
    -------
    Module
        The model, with initial parameters.

    Raises
    ------
    ArchitectureError
        If the data does not describe a model of these classes.
    """
    try:
        model = _Builder({kind.__name__: kind for kind in kinds}, max(size, 1)).build(architecture)
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, ArchitectureError):
            raise
        raise ArchitectureError(
            f"the architecture does not describe a model: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(model, Module):
        raise ArchitectureError(f"the architecture does not describe a model, but {describe(model)}")
    return model


def _check_arguments(kind: type[Module], module: Module) -> None:
    """Raise an ArchitectureError if `arguments()` leaves out an argument of `__init__`."""
    maker, initialiser = (next(base for base in kind.__mro__ if name in vars(base)) for name in ("make", "__init__"))
    if maker is not Module and issubclass(maker, initialiser):
        return  # its own make() knows how to call __init__
    returned = {*module.arguments(), *RANDOM_ARGUMENTS, "dtype"} if maker is Module else set()
    left_out = [str(parameter) for name, parameter in signature(kind).parameters.items() if name not in returned]
    if kind.__init__ is not object.__init__ and left_out:
        raise ArchitectureError(
            f"{kind.__name__} cannot be saved: arguments() does not return these arguments of __init__: "
            f"{', '.join(left_out)}. {KEEP_ARGUMENTS}, and make() for *arguments"
        )


def _to_plain(thing: object, described: dict[int, tuple[int, Module]]) -> Json:
    """A module or an argument as plain data; modules that were described already, by identity, are numbered."""
    if isinstance(thing, Module):
        if id(thing) in described:
            return {"shared": described[id(thing)][0]}
        arguments = {name: _to_plain(value, described) for name, value in thing.arguments().items()}
        described[id(thing)] = len(described), thing
        return {"module": type(thing).__name__, "arguments": arguments}
    if isinstance(thing, dict) and all(isinstance(key, str) for key in thing):
        return {"named": {key: _to_plain(value, described) for key, value in thing.items()}}
    if isinstance(thing, (list, tuple)):
        return [_to_plain(value, described) for value in thing]
    if isinstance(thing, np.generic):
        return thing.item()
    if thing is None or isinstance(thing, (bool, int, float, str)):
        return thing
    raise ArchitectureError(
        "expected arguments that are numbers, strings, lists, dicts or modules, got "
        f"{type(thing).__name__}; return only those from arguments()"
    )


class _Builder:
    """Builds what plain data describes, of modules of these kinds, and of little more elements than a file has."""

    def __init__(self, kinds: dict[str, type[Module]], size: float) -> None:
        self.kinds, self.size = kinds, size
        self.built: list[Module] = []
        self.elements = 0

    def build(self, plain: object) -> object:
        """The module or argument that plain data describes."""
        if isinstance(plain, list):
            return [self.build(value) for value in plain]
        if not isinstance(plain, dict):
            return plain
        if "named" in plain:
            return {_checked_name(name): self.build(value) for name, value in plain["named"].items()}
        if "shared" in plain:
            return self.built[plain["shared"]]
        if plain["module"] not in self.kinds:
            raise ArchitectureError(
                f"expected modules among {', '.join(sorted(self.kinds))}, got an unknown module "
                f"{str(plain['module'])[:MAX_NAME]!r}; pass the class in nn.load(path, modules=[...])"
            )
        kind = self.kinds[plain["module"]]
        arguments = {name: self.build(value) for name, value in plain["arguments"].items()}
        if kind in OWN_MODULES:
            self._check_needed(kind.__name__, _needed(arguments.values(), self.size), self.size)
        module = kind.make(arguments)
        self.built.append(module)
        self.elements += sum(part.size for _, part in module.parts() if isinstance(part, Tensor))
        self._check_needed("model", self.elements, SPARE * self.size)
        return module

    def _check_needed(self, what: str, needed: float, most: float) -> None:
        """Raise an ArchitectureError if something would need more elements than the file has."""
        if needed > most:
            raise ArchitectureError(
                f"expected a model of at most {self.size:,} numbers, as the file holds, got a {what} of {needed:,} or "
                "more; the file is damaged or not trustworthy"
            )


def _needed(arguments: Iterable[object], most: float) -> int:
    """The product of all integers, which bounds the elements of a layer of nn; no further than above `most`."""
    needed = 1
    for value in arguments:
        sizes = value if isinstance(value, list) else [value]
        for size in sizes:
            if isinstance(size, int) and size > 1 and needed <= most:
                needed *= size
    return needed


def _checked_name(name: str) -> str:
    """The name of an argument or a layer, which each Tensor inside repeats."""
    if len(name) > MAX_NAME:
        raise ArchitectureError(f"expected names of at most {MAX_NAME:,} characters, got one of {len(name):,}")
    return name
