"""Gates that move or combine the elements of arrays: matmul, sum, max over an axis, reshape, transpose, indexing.

Their local gradient is a matrix that nobody wants to build, so in its place each states, for each input, a
vector-Jacobian product `vjp(upstream, out, *inputs, **attributes)`: what the gate passes down to that input when
`upstream` arrives from above. A vjp returns a new array or a view, never `upstream` itself; the walk undoes
broadcasting and casts to the input's dtype.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.gates import Entry, Rule, Rules

Array = np.ndarray


class ArrayGate(Entry):
    """A gate over arrays: `forward(*inputs, **attributes)`, one vjp for each input, samples for the numerical check.

    Each sample is a pair: the inputs, and the attributes.
    """

    operator = None

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *vjps: Rule,
        samples: Sequence[tuple[tuple[Array, ...], dict[str, Any]]],
    ) -> None:
        self.name, self.symbol, self.arity = name, symbol, len(vjps)
        self.arrays, self.vjps, self.samples = Rules(forward), vjps, samples
        ARRAY_GATES[name] = self


ARRAY_GATES: dict[str, ArrayGate] = {}
ArrayGate.table = ARRAY_GATES


def _sample(*shapes: tuple[int, ...], **attributes: Any) -> tuple[tuple[Array, ...], dict[str, Any]]:
    """Arrays without order or ties; not from numpy.random, which would make `import autograd` slower."""
    counts = (np.arange(math.prod(shape)) + 10 * position for position, shape in enumerate(shapes))
    return tuple(np.sin(count**1.5).reshape(shape) for count, shape in zip(counts, shapes, strict=True)), attributes


def _matmul_x(upstream: Array, out: Array, x: Array, y: Array) -> Array:
    if y.ndim == 1:
        return upstream[..., None] * y
    if x.ndim == 1:
        return (upstream[..., None, :] @ y.swapaxes(-1, -2))[..., 0, :]
    return upstream @ y.swapaxes(-1, -2)


def _matmul_y(upstream: Array, out: Array, x: Array, y: Array) -> Array:
    if x.ndim == 1:
        return x[:, None] * upstream[..., None, :] if y.ndim > 1 else x * upstream
    if y.ndim == 1:
        return (upstream[..., None, :] @ x)[..., 0, :]
    return x.swapaxes(-1, -2) @ upstream


MATMUL = ArrayGate(
    "matmul",
    "@",
    np.matmul,
    _matmul_x,
    _matmul_y,
    samples=[
        _sample((2, 3), (3, 4)),
        _sample((3,), (3, 4)),
        _sample((2, 3), (3,)),
        _sample((3,), (3,)),
        _sample((5, 2, 3), (3, 4)),
        _sample((3,), (5, 3, 4)),
        _sample((5, 2, 3), (3,)),
    ],
)


def _beside(reduced: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    """What was reduced over `axis`, with that axis put back, so that it broadcasts against x."""
    if axis is None:
        return np.reshape(reduced, (1,) * x.ndim)
    return reduced if keepdims else np.expand_dims(reduced, axis)


def _sum_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    return np.broadcast_to(_beside(upstream, x, axis, keepdims), x.shape)


SUM = ArrayGate(
    "sum",
    "Σ",
    np.sum,
    _sum_x,
    samples=[
        _sample((2, 3), axis=None, keepdims=False),
        _sample((2, 3), axis=0, keepdims=False),
        _sample((2, 3, 2), axis=(0, -1), keepdims=False),
        _sample((2, 3), axis=-1, keepdims=True),
    ],
)


def _max_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    largest = (x == _beside(out, x, axis, keepdims)).astype(x.dtype)
    largest /= largest.sum(axis=axis, keepdims=True)  # ties split evenly
    return largest * _beside(upstream, x, axis, keepdims)


MAX = ArrayGate(
    "max",
    "max",
    np.max,
    _max_x,
    samples=[
        _sample((2, 3), axis=None, keepdims=False),
        _sample((2, 3), axis=1, keepdims=False),
        _sample((2, 3), axis=0, keepdims=True),
    ],
)

RESHAPE = ArrayGate(
    "reshape",
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda upstream, out, x, shape: np.reshape(upstream, x.shape),
    samples=[_sample((2, 6), shape=(3, -1)), _sample((2, 3), shape=(6,))],
)

TRANSPOSE = ArrayGate(
    "transpose",
    "ᵀ",
    lambda x, axes: np.transpose(x, axes),
    lambda upstream, out, x, axes: np.transpose(upstream, None if axes is None else np.argsort(np.mod(axes, x.ndim))),
    samples=[_sample((2, 3), axes=None), _sample((2, 3, 4), axes=(1, 2, 0)), _sample((3, 3, 3), axes=(-1, 0, -2))],
)


def _index_x(upstream: Array, out: Array, x: Array, index: Any) -> Array:
    gradient = np.zeros_like(x, dtype=upstream.dtype)
    np.add.at(gradient, index, upstream)  # add, as an index may pick an element more than once
    return gradient


INDEX = ArrayGate(
    "index",
    "[ ]",
    lambda x, index: x[index],
    _index_x,
    samples=[
        _sample((4, 3), index=1),
        _sample((4, 3), index=(slice(None, None, 2), -1)),
        _sample((4, 3), index=np.array([0, 2, 2])),
        _sample((4, 3), index=(np.arange(4), np.array([0, 2, 1, 1]))),
        _sample((4,), index=np.array([True, False, True, True])),
    ],
)

ASTYPE = ArrayGate(
    "astype",
    "astype",
    lambda x, dtype: x.astype(dtype),
    lambda upstream, out, x, dtype: upstream[...],
    samples=[_sample((2, 3), dtype=float)],
)
