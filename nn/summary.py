"""The summary of a model: a table of its layers with their output shapes and numbers of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from autograd import Tensor, no_grad


class _Module(Protocol):
    """The part of `nn.Module` that `summarize` uses, since nn.module imports this file."""

    def __call__(self, *inputs: object, **options: object) -> object:
        """Run `forward`."""

    def forward(self, *inputs: object, **options: object) -> Tensor:
        """Compute the output for a batch."""

    def modules(self) -> Iterator[_Module]:
        """Iterate over the model and the modules inside it."""

    def named_modules(self) -> Iterator[tuple[str, _Module]]:
        """Iterate over the same modules with their names."""

    def children(self) -> Iterator[tuple[str, _Module]]:
        """Iterate over the modules directly inside it."""

    def parameters(self) -> Iterator[Tensor]:
        """Iterate over the parameters."""

    def named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Iterate over the parameters and buffers."""

    def evaluating(self) -> AbstractContextManager[None]:
        """Switch to evaluation mode within a `with` block."""


class Row(NamedTuple):
    """One layer of a summary: a module without submodules, or with parameters of its own.

    Attributes
    ----------
    name : str
        The name of the layer in the model, such as "encoder.0".
    layer : str
        The name of its class.
    output : tuple of int or None
        The shape of its output for one sample, without the batch axis; None if it is not known.
    parameters : int
        The number of trainable numbers, without those that an earlier row counts.
    """

    name: str
    layer: str
    output: tuple[int, ...] | None
    parameters: int


@dataclass(frozen=True, repr=False)
class Summary:
    """A table of the layers of a model, which prints itself.

    Attributes
    ----------
    rows : list of Row
        The layers, in order.
    parameters : int
        The number of trainable numbers, shared ones counted once.
    buffers : int
        The number of other numbers in the state.
    bytes : int
        The memory of parameters and buffers, in bytes.
    """

    rows: list[Row]
    parameters: int
    buffers: int
    bytes: int

    def __str__(self) -> str:
        names = [f"{row.name}  {row.layer}".strip() for row in self.rows]
        shapes = ["" if row.output is None else _format_shape(row.output) for row in self.rows]
        counts = [f"{row.parameters:,}" for row in self.rows]
        shown = any(shapes)
        names, shapes = ["layer", *names, "total"], ["output" if shown else "", *shapes, ""]
        counts = ["parameters", *counts, f"{self.parameters:,}"]
        width, room, digits = (max(map(len, column)) for column in (names, shapes, counts))
        lines = [
            "  ".join((name.ljust(width), *([shape.ljust(room)] if shown else []), count.rjust(digits)))
            for name, shape, count in zip(names, shapes, counts, strict=True)
        ]
        buffers = f" and {self.buffers:,} in buffers" if self.buffers else ""
        return "\n".join(lines) + f"{buffers}  ({self.bytes / 1e6:.1f} MB)"

    __repr__ = __str__


def summarize(model: _Module, input_shape: tuple[int, ...] | None) -> Summary:
    """Summarise the layers of a model and their numbers of parameters.

    Parameters
    ----------
    model : Module
        The model, which is left unchanged.
    input_shape : tuple of int or None
        The shape of one sample, without the batch axis. If given, the rows have output shapes: a sample of zeros is
        passed through the model in evaluation mode.

    Returns
    -------
    Summary
        The table.

    Raises
    ------
    ValueError
        If `input_shape` is not a tuple of positive integers, or does not fit the model.
    """
    outputs = _output_shapes(model, input_shape) if input_shape is not None else {}
    rows: list[Row] = []
    counted: set[int] = set()
    for name, module in model.named_modules():
        inside = {id(tensor) for _, child in module.children() for tensor in child.parameters()}
        own = {id(tensor): tensor.size for tensor in module.parameters() if id(tensor) not in inside | counted}
        counted |= own.keys()
        if own or not any(module.children()):
            rows.append(Row(name, type(module).__name__, outputs.get(module), sum(own.values())))
    tensors = [tensor for _, tensor in model.named_tensors()]
    parameters = sum(tensor.size for tensor in tensors if tensor.requires_grad)
    buffers = sum(tensor.size for tensor in tensors) - parameters
    return Summary(rows, parameters, buffers, sum(tensor.data.nbytes for tensor in tensors))


def _output_shapes(model: _Module, input_shape: tuple[int, ...]) -> dict[_Module, tuple[int, ...]]:
    """The output shape of each module for one sample, from a sample of zeros in evaluation mode."""
    if not isinstance(input_shape, tuple) or not all(isinstance(n, (int, np.integer)) and n > 0 for n in input_shape):
        raise ValueError(
            f"summary expected the shape of one sample, without the batch axis, such as (3072,), got {input_shape!r}"
        )
    outputs: dict[_Module, tuple[int, ...]] = {}
    modules = list(model.modules())
    own = {module: vars(module)["forward"] for module in modules if "forward" in vars(module)}
    dtype = next((parameter.dtype for parameter in model.parameters()), np.dtype(np.float32))
    try:
        for module in modules:
            vars(module)["forward"] = _recording(module, outputs)
        with model.evaluating(), no_grad():
            model(np.zeros((1, *input_shape), dtype))
    finally:
        for module in modules:
            vars(module).pop("forward", None)
        for module, forward in own.items():
            vars(module)["forward"] = forward
    return outputs


def _recording(module: _Module, outputs: dict[_Module, tuple[int, ...]]) -> Callable[..., Tensor]:
    """The module's forward, which also records its output shape."""
    forward = module.forward

    def record(*inputs: object, **options: object) -> Tensor:
        out = forward(*inputs, **options)
        outputs[module] = out.shape[1:]
        return out

    return record


def _format_shape(shape: tuple[int, ...]) -> str:
    """A shape as the table shows it, with n for the batch axis."""
    return f"({', '.join(map(str, ('n', *shape)))})"
