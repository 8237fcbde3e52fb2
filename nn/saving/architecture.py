"""The architecture of a model as plain data, and a model from it: what a saved file says beside the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from inspect import signature
from math import inf, prod
from typing import Any

import numpy as np

from nn import errors
from nn.module import RANDOM, Module


class ArchitectureError(ValueError):
    """A model that plain data cannot tell, or plain data that tells no model."""


def describe_architecture(model: Module) -> dict[str, Any]:
    """The kinds of the modules and what each was made with, in dicts, lists, texts and numbers, which JSON can hold.

    A module that stands in several places is told once. Raises ArchitectureError where a module cannot be made anew
    from its `arguments()`, with the same names and shapes inside.
    """
    kinds = {type(module): module for module in model.modules()}
    for name, count in Counter(kind.__name__ for kind in kinds.keys() | own_modules()).items():
        if count > 1:
            raise ArchitectureError(errors.SAME_NAME.format(name=name))
    for kind, module in kinds.items():
        _refuse_forgetful(kind, module)
    try:
        architecture = _describe(model, [])
    except RecursionError as error:
        raise ArchitectureError(errors.NESTED) from error
    try:
        twin = build(architecture, kinds)
    except ArchitectureError as error:
        raise ArchitectureError(errors.NOT_MADE_ANEW.format(model=type(model).__name__, why=error)) from error
    ours, theirs = ({name: tensor.shape for name, tensor in of.named_tensors()} for of in (model, twin))
    if ours != theirs:
        different = ", ".join(sorted(name for name, _ in ours.items() ^ theirs.items()))
        raise ArchitectureError(errors.TOLD_WRONG.format(model=type(model).__name__, different=different))
    return architecture


@cache
def own_modules() -> frozenset[type[Module]]:
    """The layers and losses of nn."""
    import nn

    public = (getattr(nn, name) for name in nn.__all__)
    return frozenset(thing for thing in public if isinstance(thing, type) and issubclass(thing, Module))


def build(architecture: Any, kinds: Iterable[type[Module]], *, size: float = inf) -> Module:
    """A model of this architecture; `kinds` are the classes that it may be made of, and no other code is run.

    size  how many numbers there are for it: a layer of nn that would ask for more is refused before it is made
    """
    try:
        model = _build(architecture, {kind.__name__: kind for kind in kinds}, size, [])
    except (TypeError, KeyError, IndexError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, ArchitectureError):
            raise
        raise ArchitectureError(errors.NO_ARCHITECTURE.format(why=f"{type(error).__name__}: {error}")) from error
    if not isinstance(model, Module):
        raise ArchitectureError(errors.NO_ARCHITECTURE.format(why=f"it is {model!r}"))
    return model


def _refuse_forgetful(kind: type[Module], module: Module) -> None:
    """Raise where a module would be made anew with less than it was made with."""
    maker, initialiser = (next(one for one in kind.__mro__ if name in vars(one)) for name in ("make", "__init__"))
    if maker is not Module and issubclass(maker, initialiser):
        return  # it knows how it is made itself
    told = {*module.arguments(), *RANDOM, "dtype"} if maker is Module else set()
    untold = [str(parameter) for name, parameter in signature(kind).parameters.items() if name not in told]
    if kind.__init__ is not object.__init__ and untold:
        raise ArchitectureError(errors.NOT_KEPT.format(model=kind.__name__, names=", ".join(untold)))


def _describe(thing: Any, told: list[Module]) -> Any:
    if isinstance(thing, Module):
        for place, other in enumerate(told):
            if thing is other:
                return {"shared": place}
        arguments = {name: _describe(value, told) for name, value in thing.arguments().items()}
        told.append(thing)
        return {"module": type(thing).__name__, "arguments": arguments}
    if isinstance(thing, dict) and all(isinstance(key, str) for key in thing):
        return {"named": {key: _describe(value, told) for key, value in thing.items()}}
    if isinstance(thing, (list, tuple)):
        return [_describe(value, told) for value in thing]
    if isinstance(thing, np.generic):
        return thing.item()
    if thing is None or isinstance(thing, (bool, int, float, str)):
        return thing
    raise ArchitectureError(errors.NOT_PLAIN.format(got=type(thing).__name__))


def _build(plain: Any, kinds: dict[str, type[Module]], size: float, built: list[Module]) -> Any:
    if isinstance(plain, list):
        return [_build(value, kinds, size, built) for value in plain]
    if not isinstance(plain, dict):
        return plain
    if "named" in plain:
        return {name: _build(value, kinds, size, built) for name, value in plain["named"].items()}
    if "shared" in plain:
        return built[plain["shared"]]
    if plain["module"] not in kinds:
        raise ArchitectureError(errors.UNKNOWN_MODULE.format(got=plain["module"], known=", ".join(sorted(kinds))))
    arguments = {name: _build(value, kinds, size, built) for name, value in plain["arguments"].items()}
    kind = kinds[plain["module"]]
    asked = prod(value for value in arguments.values() if isinstance(value, int) and value > 1)
    if kind in own_modules() and asked > max(size, 1):
        raise ArchitectureError(errors.TOO_LARGE.format(module=kind.__name__, asked=asked, held=size))
    built.append(kind.make(arguments))
    return built[-1]
