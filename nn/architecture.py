"""The architecture of a model as plain data, and a model from it: what a saved file says beside the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn import errors
from nn.module import Module


class ArchitectureError(ValueError):
    """A model that plain data cannot tell, or plain data that tells no model."""


def describe_architecture(model: Module) -> dict[str, Any]:
    """The kinds of the modules and what each was made with, in dicts, lists, texts and numbers, which JSON can hold.

    A module that stands in several places is told once. Raises ArchitectureError where a module cannot be made anew
    from its `arguments()`, with the same names and shapes inside.
    """
    architecture = _describe(model, [])
    kinds = {type(module) for module in model.modules()}
    try:
        twin = build(architecture, kinds)
    except ArchitectureError as error:
        raise ArchitectureError(errors.NOT_MADE_ANEW.format(model=type(model).__name__, why=error)) from error
    ours, theirs = ({name: tensor.shape for name, tensor in of.named_tensors()} for of in (model, twin))
    if ours != theirs:
        different = ", ".join(sorted(name for name, _ in ours.items() ^ theirs.items()))
        raise ArchitectureError(errors.TOLD_WRONG.format(model=type(model).__name__, different=different))
    return architecture


def build(architecture: Any, kinds: Iterable[type[Module]]) -> Module:
    """A model of this architecture; `kinds` are the classes that it may be made of, and no other code is run."""
    try:
        return _build(architecture, {kind.__name__: kind for kind in kinds}, [])
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ArchitectureError(errors.NO_ARCHITECTURE.format(why=f"{type(error).__name__}: {error}")) from error


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
    raise ArchitectureError(errors.NOT_PLAIN.format(came=type(thing).__name__))


def _build(plain: Any, kinds: dict[str, type[Module]], built: list[Module]) -> Any:
    if isinstance(plain, list):
        return [_build(value, kinds, built) for value in plain]
    if not isinstance(plain, dict):
        return plain
    if "named" in plain:
        return {name: _build(value, kinds, built) for name, value in plain["named"].items()}
    if "shared" in plain:
        return built[plain["shared"]]
    if plain["module"] not in kinds:
        raise ArchitectureError(errors.UNKNOWN_MODULE.format(came=plain["module"], known=", ".join(sorted(kinds))))
    arguments = {name: _build(value, kinds, built) for name, value in plain["arguments"].items()}
    built.append(kinds[plain["module"]].make(arguments))
    return built[-1]
