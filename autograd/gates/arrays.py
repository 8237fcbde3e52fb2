"""Gates that move or combine the elements of arrays: matmul, sum, max over an axis, reshape, indexing.

The local gradient of such a gate would be a large, mostly empty matrix. Instead, each states a vector-Jacobian product
for each input, `vjp(upstream, out, *inputs, **attributes)`: the gradient of that input, given the upstream gradient.
A vjp is written in NumPy's functions, returns a new array or a view, never `upstream` itself, and changes nothing in
place. So calling it with Tensors records it, which gives second derivatives. Undoing broadcasting and casting to the
input's dtype are done by the caller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.gates.gate import BaseGate
from autograd.gates.summation import LONG, Axis, average, total

Array: TypeAlias = np.ndarray
ArrayRule: TypeAlias = Callable[..., Array]
Sample: TypeAlias = tuple[tuple[Array, ...], dict[str, Any]]


class ArrayRules(NamedTuple):
    """The value of a gate over arrays, `forward(*inputs, **attributes)`."""

    forward: ArrayRule


class ArrayGate(BaseGate):
    """A gate over arrays, with a vector-Jacobian product for each input.

    Parameters
    ----------
    name, symbol : str
        The gate's name in the table, and what pictures show.
    forward : callable
        `forward(*inputs, **attributes)`, the value.
    *vjps : callable
        For each input `vjp(upstream, out, *inputs, **attributes)`; for a variadic gate one
        `vjp(position, upstream, out, *inputs, **attributes)`.
    samples : sequence of (inputs, attributes)
        Arrays and keyword arguments at which the gate is checked numerically.
    vjp_formulas : tuple of str
        Each vjp in words or as a formula.
    variadic : bool, default False
        Whether the gate has any number of inputs.
    kink : callable, optional
        A function of inputs and attributes that is 0 at the kinks, where there is no derivative.
    recorded_vjp : callable, optional
        The vjp of a gate of one input in a walk that is recorded, if it differs: `vjp(over, upstream, out, x,
        **attributes)`, where `over(upstream, out)` is their quotient, in which a factor of both cancels.
    """

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: ArrayRule,
        *vjps: ArrayRule,
        samples: Sequence[Sample],
        vjp_formulas: tuple[str, ...],
        variadic: bool = False,
        kink: Callable[..., Array | None] | None = None,
        recorded_vjp: ArrayRule | None = None,
    ) -> None:
        self.name, self.symbol, self.variadic, self.recorded_vjp = name, symbol, variadic, recorded_vjp
        code = vjps[0].__code__
        first = 3 if variadic else 2  # after upstream and out
        self.arguments = code.co_varnames[first : first + len(vjps)] if not variadic else ("input",)
        self.arrays, self._vjps, self.samples = ArrayRules(forward), vjps, samples
        self.vjp_formulas, self._kink = vjp_formulas, kink
        ARRAY_GATES[name] = self

    def vjp(self, position: int) -> ArrayRule:
        return partial(self._vjps[0], position) if self.variadic else self._vjps[position]

    def kink(self, *inputs: Array, **attributes: Any) -> Array | None:
        return self._kink(*inputs, **attributes) if self._kink else None


ARRAY_GATES: dict[str, ArrayGate] = {}
ArrayGate.table = ARRAY_GATES


def sample(*shapes: tuple[int, ...], **attributes: Any) -> Sample:
    """Return arrays without order or ties; not from numpy.random, which would slow down `import autograd`.

    Parameters
    ----------
    *shapes : tuple of int
        The shape of each input.
    **attributes
        The attributes of the gate.

    Returns
    -------
    inputs : tuple of ndarray
        Deterministic numbers between -1 and 1, in the given shapes.
    attributes : dict
        As given.
    """
    counts = (np.arange(math.prod(shape)) + 10 * position for position, shape in enumerate(shapes))
    return tuple(np.sin(count**1.5).reshape(shape) for count, shape in zip(counts, shapes, strict=True)), attributes


def record(gate: ArrayGate, x: Any, **attributes: Any) -> Any:
    """Apply a gate to one input: an array gives an array, a Tensor gives a recorded Tensor."""
    return x.record(gate, (x,), **attributes) if hasattr(x, "record") else gate.arrays.forward(x, **attributes)


# Products

MATMUL_SAMPLES = [
    sample((2, 3), (3, 4)),
    sample((3,), (3, 4)),
    sample((2, 3), (3,)),
    sample((3,), (3,)),
    sample((5, 2, 3), (3, 4)),
    sample((2, 3), (5, 3, 4)),
    sample((3,), (5, 3, 4)),
    sample((5, 2, 3), (3,)),
]


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
    samples=MATMUL_SAMPLES,
    vjp_formulas=("upstream @ yᵀ", "xᵀ @ upstream"),
)


# Reductions


def restore_axes(reduced: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """Put back the axes that a reduction of x over `axis` removed, so that the result broadcasts against x."""
    if axis is None or x.ndim == 0:
        return np.reshape(reduced, (1,) * x.ndim)
    return reduced if keepdims else np.expand_dims(reduced, axis)


REDUCTION_SAMPLES = [
    sample((2, 3), axis=None, keepdims=False),
    sample((2, 3), axis=0, keepdims=False),
    sample((2, 3, 2), axis=(0, -1), keepdims=False),
    sample((2, 3), axis=-1, keepdims=True),
]


def _sum_x(upstream: Array, out: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    return np.broadcast_to(restore_axes(upstream, x, axis, keepdims), x.shape)


SUM = ArrayGate(
    "sum", "Σ", total, _sum_x, samples=REDUCTION_SAMPLES, vjp_formulas=("upstream, for every element of the sum",)
)


def _mean_x(upstream: Array, out: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    share = max(out.size, 1) / max(x.size, 1)
    return np.broadcast_to(restore_axes(upstream, x, axis, keepdims) * share, x.shape)


MEAN = ArrayGate(
    "mean", "mean", average, _mean_x, samples=REDUCTION_SAMPLES, vjp_formulas=("upstream / count, for every element",)
)


def _extreme_x(upstream: Array, out: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    chosen = np.equal(x, restore_axes(out, x, axis, keepdims))
    count = np.maximum(chosen.sum(axis=axis, keepdims=True), 1).astype(x.dtype)
    gradient = np.where(chosen, restore_axes(upstream, x, axis, keepdims) / count, 0)  # ties split it evenly
    return np.where(np.isnan(x), x, gradient) if np.isnan(out).any() else gradient  # a NaN is chosen, and gets NaN


def _ties(extreme: ArrayRule) -> ArrayRule:
    """A kink function: 0 if more than one element is the largest or the smallest."""

    def gap(x: Array, axis: Axis, keepdims: bool) -> Array:
        chosen = (x == extreme(x, axis=axis, keepdims=True)).sum(axis=axis)
        return np.where(chosen > 1, 0.0, 1.0)

    return gap


MAX, MIN = (
    ArrayGate(
        name,
        name,
        extreme,
        _extreme_x,
        samples=REDUCTION_SAMPLES,
        vjp_formulas=("upstream, for the chosen element; ties split it evenly",),
        kink=_ties(extreme),
    )
    for name, extreme in (("max", np.max), ("min", np.min))
)


def _norm(x: Array, axis: Axis, keepdims: bool) -> Array:
    squares = total(x * x, axis, keepdims)
    limits = np.finfo(squares.dtype)
    if ((squares > limits.tiny / limits.eps) & (squares < np.inf)).all():
        return np.sqrt(squares)
    largest = np.max(np.abs(x), axis=axis, keepdims=True, initial=0)  # by which no square overflows or vanishes
    scale = np.where((largest > 0) & (largest < np.inf), largest, 1).astype(x.dtype, copy=False)
    scaled = np.sqrt(total(np.square(x / scale), axis, keepdims))
    return scaled * scale.reshape(scaled.shape)


def _norm_x(upstream: Array, out: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    nonzero = np.not_equal(out, 0)  # at the origin the gradient is 0, as in PyTorch
    direction = x / restore_axes(np.where(nonzero, out, 1), x, axis, keepdims)
    return direction * restore_axes(np.where(nonzero, upstream, 0), x, axis, keepdims)


def _norm_x_recorded(over: ArrayRule, upstream: Array, out: Array, x: Array, **axes: Any) -> Array:
    return x * restore_axes(over(upstream, out), x, **axes)


NORM = ArrayGate(
    "norm",
    "‖x‖",
    _norm,
    _norm_x,
    recorded_vjp=_norm_x_recorded,
    samples=REDUCTION_SAMPLES,
    vjp_formulas=("x / ‖x‖ · upstream; 0 at the origin",),
    kink=_norm,
)


def _cumsum(x: Array, axis: int) -> Array:
    if x.dtype != np.float32 or x.shape[axis] < LONG:
        return np.cumsum(x, axis=axis)
    return np.cumsum(x, axis=axis, dtype=np.float64).astype(x.dtype)  # NumPy adds one number after the other


CUMSUM = ArrayGate(
    "cumsum",
    "cumsum",
    _cumsum,
    lambda upstream, out, x, axis: np.flip(np.cumsum(np.flip(upstream, axis), axis=axis), axis),
    vjp_formulas=("the sum of upstream from each element to the end",),
    samples=[sample((5,), axis=0), sample((2, 3), axis=0), sample((2, 3), axis=-1)],
)


# Shapes

RESHAPE = ArrayGate(
    "reshape",
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda upstream, out, x, shape: np.reshape(upstream, x.shape),
    vjp_formulas=("upstream in x's shape",),
    samples=[sample((2, 6), shape=(3, -1)), sample((2, 3), shape=(6,))],
)

TRANSPOSE = ArrayGate(
    "transpose",
    "ᵀ",
    lambda x, axes: np.transpose(x, axes),
    lambda upstream, out, x, axes: np.transpose(upstream, None if axes is None else np.argsort(np.mod(axes, x.ndim))),
    vjp_formulas=("upstream with the axes in their old order",),
    samples=[sample((2, 3), axes=None), sample((2, 3, 4), axes=(1, 2, 0)), sample((3, 3, 3), axes=(-1, 0, -2))],
)

BROADCAST_TO = ArrayGate(
    "broadcast_to",
    "broadcast",
    lambda x, shape: np.broadcast_to(x, shape),
    lambda upstream, out, x, shape: upstream[...],  # the caller sums over the broadcast axes
    vjp_formulas=("upstream, summed over the broadcast axes",),
    samples=[sample((3,), shape=(2, 3)), sample((2, 1), shape=(4, 2, 3)), sample((), shape=(2,))],
)

ASTYPE = ArrayGate(
    "astype",
    "astype",
    lambda x, dtype: x.astype(dtype),
    lambda upstream, out, x, dtype: upstream[...],
    vjp_formulas=("upstream in x's dtype",),
    samples=[sample((2, 3), dtype=float)],
)


# Selecting and joining


def _repeats(index: Any) -> bool:
    """Whether an index may select an element more than once: only arrays of integers can."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (list, Array)) and np.asarray(part).dtype.kind in "iu" for part in parts)


def _scatter(x: Array, index: Any, shape: tuple[int, ...]) -> Array:
    gradient = np.zeros(shape, dtype=x.dtype)
    if _repeats(index):
        np.add.at(gradient, index, x)
    else:
        gradient[index] = x
    return gradient


INDEX_SAMPLES: list[dict[str, Any]] = [
    {"index": 1},
    {"index": (slice(None, None, 2), -1)},
    {"index": (Ellipsis, None, 2)},
    {"index": np.array([0, 2, 2])},
    {"index": (np.arange(4), np.array([0, 2, 1, 1]))},
    {"index": np.array([True, False, True, True])},
]

INDEX = ArrayGate(
    "index",
    "[ ]",
    lambda x, index: x[index],
    lambda upstream, out, x, index: record(ARRAY_GATES["scatter"], upstream, index=index, shape=x.shape),
    vjp_formulas=("upstream, added at the index; zeros elsewhere",),
    samples=[sample((4, 3), **attributes) for attributes in INDEX_SAMPLES],
)

SCATTER = ArrayGate(  # the adjoint of index: adds x to an array of zeros at the index
    "scatter",
    "[ ]⁻¹",
    _scatter,
    lambda upstream, out, x, index, shape: upstream[index],
    vjp_formulas=("upstream at the index",),
    samples=[
        sample(np.zeros((4, 3))[attributes["index"]].shape, shape=(4, 3), **attributes) for attributes in INDEX_SAMPLES
    ],
)


def _concatenate_input(position: int, upstream: Array, out: Array, *inputs: Array, axis: int) -> Array:
    start = sum(x.shape[axis] for x in inputs[:position])
    along = slice(start, start + inputs[position].shape[axis])
    return upstream[(slice(None),) * (axis % out.ndim) + (along,)]


CONCATENATE = ArrayGate(
    "concatenate",
    "concatenate",
    lambda *inputs, axis: np.concatenate(inputs, axis=axis),
    _concatenate_input,
    vjp_formulas=("each input's part of upstream",),
    variadic=True,
    samples=[sample((2, 3), (1, 3), (4, 3), axis=0), sample((2, 3), (2, 1), axis=-1)],
)

STACK = ArrayGate(
    "stack",
    "stack",
    lambda *inputs, axis: np.stack(inputs, axis=axis),
    lambda position, upstream, out, *inputs, axis: upstream[(slice(None),) * (axis % out.ndim) + (position,)],
    vjp_formulas=("each input's part of upstream",),
    variadic=True,
    samples=[sample((2, 3), (2, 3), axis=0), sample((2, 3), (2, 3), (2, 3), axis=-1), sample((), (), axis=0)],
)
