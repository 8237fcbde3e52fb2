"""Module: what layers, losses and models have in common; its parameters are found by looking at its structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value, unfold
from nn import errors

if TYPE_CHECKING:
    from typing import Self


class Module:
    """The base of layers, losses and models: define `forward`, call the module.

    Parameters are the leaf Tensors with `requires_grad=True` among the attributes, and those of the modules among them,
    also inside lists, tuples and dicts; each has a name that says where it was found: `layers.0.weight`.
    """

    training = True  # False after eval(): dropout lets everything pass

    def forward(self, *inputs: Any) -> Tensor:
        """The output for a batch of inputs."""
        raise NotImplementedError(f"{type(self).__name__} must define forward")

    def __call__(self, *inputs: Any) -> Any:
        """`forward`. Where the first input is an array, a Tensor is made of it; where it is an array (or nested lists)
        of Values, the model runs on Values: what comes out are Values, made of the same numbers gate by gate.
        """
        first, *rest = inputs
        if isinstance(first, Tensor):
            return self.forward(first, *rest)
        values = _values(first)
        return self.forward(Tensor(first, copy=False), *rest) if values is None else self._on_values(values, *rest)

    def _on_values(self, values: np.ndarray, *rest: Any) -> Any:
        x = Tensor(np.array([value.data for value in values.flat]).reshape(values.shape), requires_grad=True)
        names = {parameter: name for name, parameter in self.named_parameters()}
        return unfold(self.forward(x, *rest), values={x: values}, names=names).out

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"

    def describe(self) -> str:
        """What stands between the brackets of the repr."""
        return ""

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Each parameter once, with the name of the first place where it was found."""
        for name, thing in _walk(self, "", set()):
            if isinstance(thing, Tensor) and thing.requires_grad and thing.gate is None:
                yield name, thing

    def parameters(self) -> Iterator[Tensor]:
        """Each parameter once."""
        for _, parameter in self.named_parameters():
            yield parameter

    def modules(self) -> Iterator[Module]:
        """This module and all modules inside it, each once."""
        for _, thing in _walk(self, "", set()):
            if isinstance(thing, Module):
                yield thing

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all inside it to training."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and all inside it to evaluation: dropout lets everything pass."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def astype(self, dtype: Any) -> Self:
        """Convert all parameters to a floating-point dtype, in place; gradcheck wants float64."""
        if np.dtype(dtype).kind != "f":
            raise TypeError(errors.FLOATING.format(came=np.dtype(dtype)))
        for parameter in self.parameters():
            parameter.data = parameter.data.astype(np.dtype(dtype))
            parameter.zero_grad()
        return self


def _values(thing: Any) -> np.ndarray | None:
    """An array of nothing but Values, of nested lists too; None where `thing` is something else."""
    first = thing
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if not isinstance(first, Value) and getattr(first, "dtype", None) != np.dtype(object):
        return None
    array = np.asarray(thing, dtype=object)
    return array if array.size and all(isinstance(value, Value) for value in array.flat) else None


def _walk(thing: Any, name: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Yield the modules and Tensors inside `thing`, itself first, each once, with the name of the first place."""
    if id(thing) in seen:
        return
    if isinstance(thing, (Module, Tensor, dict, list, tuple)):
        seen.add(id(thing))
    if isinstance(thing, Module):
        yield name, thing
        items: Any = vars(thing).items()
    elif isinstance(thing, Tensor):
        yield name, thing
        return
    elif isinstance(thing, dict):
        items = thing.items()
    elif isinstance(thing, (list, tuple)):
        items = enumerate(thing)
    else:
        return
    for key, value in items:
        yield from _walk(value, f"{name}.{key}" if name else str(key), seen)
