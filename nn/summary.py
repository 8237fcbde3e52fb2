"""The summary of a model: its layers in a table, with what each puts out and how many parameters it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor, no_grad
from nn import errors
from nn.module import Module


class Row(NamedTuple):
    """A layer: a module that is not made of others, or has parameters beside theirs."""

    name: str
    layer: str
    output: tuple[int, ...] | None  # for one sample; None where it is not known
    parameters: int


@dataclass(frozen=True, repr=False)
class Summary:
    """What a model is made of; it prints as a table.

    rows        the layers, in their order
    parameters  numbers that are learned, each once
    buffers     numbers that are kept beside them
    bytes       of all these
    """

    rows: list[Row]
    parameters: int
    buffers: int
    bytes: int

    def __str__(self) -> str:
        names = [f"{row.name}  {row.layer}".strip() for row in self.rows]
        shapes = ["" if row.output is None else _shape(row.output) for row in self.rows]
        counts = [f"{row.parameters:,}" for row in self.rows]
        shown = any(shapes)
        names, shapes = ["layer", *names, "total"], ["output" if shown else "", *shapes, ""]
        counts = ["parameters", *counts, f"{self.parameters:,}"]
        width, room, digits = (max(map(len, column)) for column in (names, shapes, counts))
        lines = [
            "  ".join((name.ljust(width), *([shape.ljust(room)] if shown else []), count.rjust(digits)))
            for name, shape, count in zip(names, shapes, counts, strict=True)
        ]
        beside = f" and {self.buffers:,} in buffers" if self.buffers else ""
        return "\n".join(lines) + f"{beside}  ({self.bytes / 1e6:.1f} MB)"

    __repr__ = __str__


def summarize(model: Module, input_shape: tuple[int, ...] | None) -> Summary:
    """The Summary of a model, with outputs where the shape of one sample is given."""
    outputs = _outputs(model, input_shape) if input_shape is not None else {}
    rows: list[Row] = []
    seen: set[int] = set()
    for name, module in model.named_modules():
        inside = {id(tensor) for _, child in module.children() for tensor in child.parameters()}
        own = {id(tensor): tensor.size for tensor in module.parameters() if id(tensor) not in inside | seen}
        seen |= own.keys()
        if own or not any(module.children()):
            rows.append(Row(name, type(module).__name__, outputs.get(module), sum(own.values())))
    everything = [tensor for _, tensor in model.named_tensors()]
    parameters = sum(tensor.size for tensor in everything if tensor.requires_grad)
    buffers = sum(tensor.size for tensor in everything) - parameters
    return Summary(rows, parameters, buffers, sum(tensor.data.nbytes for tensor in everything))


def _outputs(model: Module, input_shape: Any) -> dict[Module, tuple[int, ...]]:
    """What each module puts out for one sample: a sample of zeros is sent through the model, in evaluation mode."""
    if not isinstance(input_shape, tuple) or not all(isinstance(n, (int, np.integer)) and n > 0 for n in input_shape):
        raise ValueError(errors.INPUT_SHAPE.format(got=input_shape))
    outputs: dict[Module, tuple[int, ...]] = {}
    modules = list(model.modules())
    own = {module: vars(module)["forward"] for module in modules if "forward" in vars(module)}
    dtype = next((parameter.dtype for parameter in model.parameters()), np.dtype(np.float32))
    try:
        for module in modules:
            vars(module)["forward"] = _noting(module, outputs)
        with model.evaluating(), no_grad():
            model(np.zeros((1, *input_shape), dtype))
    finally:
        for module in modules:
            vars(module).pop("forward", None)
        for module, forward in own.items():
            vars(module)["forward"] = forward
    return outputs


def _noting(module: Module, outputs: dict[Module, tuple[int, ...]]) -> Callable[..., Tensor]:
    """The module's forward, which also notes the shape of what it puts out."""
    forward = module.forward

    def noting(*inputs: Any, **options: Any) -> Tensor:
        out = forward(*inputs, **options)
        outputs[module] = out.shape[1:]
        return out

    return noting


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, ('n', *shape)))})"
