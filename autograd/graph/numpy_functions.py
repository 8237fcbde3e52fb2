"""NumPy's functions on Tensors that are not methods of arrays: each records a gate or is composed of gates.

Those that are methods too (`np.sum`, `np.reshape`) are in `array_methods`; `numpy_dispatch` calls them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, DTypeLike

from autograd import errors
from autograd.gates.arrays import (
    BROADCAST_TO,
    CONCATENATE,
    MATMUL,
    MEAN,
    NORM,
    RESHAPE,
    SCATTER,
    STACK,
    TRANSPOSE,
)
from autograd.gates.einsum import EINSUM, explicit
from autograd.gates.gate import GATES
from autograd.gates.summation import Axis
from autograd.graph.array_methods import ArrayMethods, Shape, axes_of, in_dtype, rearranged, sizes_of
from autograd.graph.node import Recorded, apply, plain
from autograd.graph.numpy_dispatch import implements

TensorLike: TypeAlias = ArrayMethods | ArrayLike


def _ndim(a: TensorLike) -> int:
    return np.ndim(plain(a))


# Reductions


@implements(np.average)
def average(a: TensorLike, axis: Axis = None, weights: TensorLike | None = None) -> Recorded:
    """Return the weighted mean, as `numpy.average`.

    Parameters
    ----------
    a : Tensor or array_like
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to average over; all if None.
    weights : Tensor or array_like, optional
        Of the shape of `a`, or of its shape along `axis`; all 1 if None.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.

    Raises
    ------
    ValueError
        If the shape of `weights` does not fit.
    """
    if weights is None:
        return apply(MEAN, a, axis=axis, keepdims=False)
    shape = np.shape(a)
    if np.shape(weights) != shape:
        axes = [int(i) % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,)) if i is not None]
        if np.shape(weights) != tuple(shape[i] for i in axes):
            shapes = f"{shape} and {np.shape(weights)}"
            raise ValueError(errors.CANNOT_COMPUTE.format(gate="average", shapes=shapes, why="weights do not fit"))
        weights = np.transpose(weights, np.argsort(axes))
        weights = np.reshape(weights, tuple(size if i in axes else 1 for i, size in enumerate(shape)))
    total: Recorded = np.sum(weights, axis)
    return apply(GATES["mul"], a, weights).sum(axis) / total


@implements(np.linalg.norm)
def norm(
    x: ArrayMethods, ord: float | Literal["fro"] | None = None, axis: Axis = None, keepdims: bool = False
) -> Recorded:
    """Return the norm of a vector, or the Frobenius norm of a matrix, as `numpy.linalg.norm`.

    Parameters
    ----------
    x : Tensor
        The input, of any shape.
    ord : {None, 1, 2, numpy.inf, "fro"}, optional
        The order. None and 2 are the Euclidean norm of vectors, None and "fro" the Frobenius norm of matrices.
    axis : int or tuple of int, optional
        The axes to compute it over; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `x` without the reduced axes.

    Raises
    ------
    TypeError
        If `ord` is another one, or is 1, 2 or infinity for matrices.

    Notes
    -----
    At the origin the gradient of the Euclidean and of the Frobenius norm is 0, as in PyTorch.
    """
    vectors = isinstance(axis, int) or (axis is None and x.ndim == 1)
    if ord is None or (ord == 2 and vectors) or (ord == "fro" and not vectors):
        return apply(NORM, x, axis=axis, keepdims=keepdims)
    if ord in (1, np.inf) and vectors:
        return (
            ArrayMethods.sum(abs(x), axis, keepdims=keepdims)
            if ord == 1
            else ArrayMethods.max(abs(x), axis, keepdims=keepdims)
        )
    raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.linalg.norm(..., ord={ord!r})"))


# Products


@implements(np.inner)
def inner(a: TensorLike, b: TensorLike) -> Recorded:
    """Return the sum of products over the last axes, as `numpy.inner`.

    Parameters
    ----------
    a, b : Tensor or array_like
        The factors. Their last axes are equally long.

    Returns
    -------
    Tensor
        Of the shape of `a` followed by that of `b`, both without their last axis.
    """
    return apply(GATES["mul"], a, b) if _ndim(a) == 0 or _ndim(b) == 0 else tensordot(a, b, (-1, -1))


@implements(np.vdot)
def vdot(a: TensorLike, b: TensorLike) -> Recorded:
    """Return the sum of the products of all elements, as `numpy.vdot`.

    Parameters
    ----------
    a, b : Tensor or array_like
        The factors, with the same number of elements.

    Returns
    -------
    Tensor, shape ()
        The sum.
    """
    return apply(MATMUL, np.ravel(a), np.ravel(b))


@implements(np.outer)
def outer(a: TensorLike, b: TensorLike) -> Recorded:
    """Return each element of `a` times each element of `b`, as `numpy.outer`.

    Parameters
    ----------
    a, b : Tensor or array_like
        The factors, which are flattened.

    Returns
    -------
    Tensor, shape (a.size, b.size)
        The products.
    """
    return apply(GATES["mul"], np.reshape(a, (-1, 1)), np.reshape(b, (1, -1)))


@implements(np.tensordot)
def tensordot(a: TensorLike, b: TensorLike, axes: int | tuple[Shape, Shape] = 2) -> Recorded:
    """Return the sum of products over axes of `a` and `b`, as `numpy.tensordot`.

    Parameters
    ----------
    a, b : Tensor or array_like
        The factors.
    axes : int or tuple of two, default 2
        The axes of `a` and those of `b`, each an int or a sequence of int; or a number n, for the last n axes of `a`
        and the first n of `b`.

    Returns
    -------
    Tensor
        Of the shape of `a` followed by that of `b`, both without the summed axes.

    Raises
    ------
    ValueError
        If the summed axes differ in length.
    """
    if isinstance(axes, int):
        axes = (range(-axes, 0), range(axes))
    of_a, of_b = ([i] if isinstance(i, int) else list(i) for i in axes)
    letters = [chr(ord("a") + i) for i in range(_ndim(a))]
    others = [chr(ord("A") + i) for i in range(_ndim(b))]
    for i, j in zip(of_a, of_b, strict=True):
        if np.shape(a)[i] != np.shape(b)[j]:
            shapes = f"{np.shape(a)} and {np.shape(b)}"
            raise ValueError(errors.CANNOT_COMPUTE.format(gate="tensordot", shapes=shapes, why="sizes differ"))
        others[j] = letters[i]
    shared = {letters[i] for i in of_a}
    result = [letter for letter in (*letters, *others) if letter not in shared]
    return apply(EINSUM, a, b, subscripts=f"{''.join(letters)},{''.join(others)}->{''.join(result)}")


@implements(np.einsum)
def einsum(subscripts: str, *operands: TensorLike, optimize: object = False) -> Recorded:
    """Return a sum of products in Einstein's notation, as `numpy.einsum`.

    Parameters
    ----------
    subscripts : str
        Such as "ij,jk->ik".
    *operands : Tensor or array_like
        The factors, one for each term of `subscripts`.
    optimize : object, default False
        Ignored.

    Returns
    -------
    Tensor
        Its axes are the letters after the arrow.

    Raises
    ------
    TypeError
        If `subscripts` is not a string.
    ValueError
        If the number of factors is not that of the terms, or the output lacks the `...` of a factor.
    """
    if not isinstance(subscripts, str):
        raise TypeError(errors.NOT_SUPPORTED.format(function="np.einsum without a string of subscripts"))
    return apply(EINSUM, *operands, subscripts=explicit(subscripts, *(np.shape(x) for x in operands)))


# Shapes


@implements(np.reshape)
def reshape(a: ArrayMethods, shape: Shape) -> Recorded:
    """Return the same elements in another shape, as `numpy.reshape`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    shape : int or sequence of int
        The new shape; one length may be -1, and is then computed.

    Returns
    -------
    Tensor
        Of the new shape.
    """
    return apply(RESHAPE, a, shape=sizes_of(shape))


@implements(np.transpose)
def transpose(a: ArrayMethods, axes: Sequence[int] | None = None) -> Recorded:
    """Permute the axes, as `numpy.transpose`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axes : sequence of int, optional
        The new order of the axes; reversed if None.

    Returns
    -------
    Tensor
        The same elements.
    """
    return apply(TRANSPOSE, a, axes=None if axes is None else tuple(axes))


@implements(np.moveaxis)
def moveaxis(a: ArrayMethods, source: Shape, destination: Shape) -> Recorded:
    """Move axes to other positions, as `numpy.moveaxis`.

    Parameters
    ----------
    a : Tensor
        The input.
    source : int or sequence of int
        The axes to move.
    destination : int or sequence of int
        Their new positions; the other axes keep their order.

    Returns
    -------
    Tensor
        The same elements.
    """
    shape = tuple(range(2, a.ndim + 2))  # a different length for each axis, to find it again
    moved = np.moveaxis(np.broadcast_to(0, shape), source, destination).shape
    return transpose(a, [size - 2 for size in moved])


@implements(np.expand_dims)
def expand_dims(a: ArrayMethods, axis: int | tuple[int, ...]) -> Recorded:
    """Insert axes of length 1, as `numpy.expand_dims`.

    Parameters
    ----------
    a : Tensor
        The input.
    axis : int or tuple of int
        Where the new axes are in the result.

    Returns
    -------
    Tensor
        The same elements.
    """
    return reshape(a, np.expand_dims(a._data, axis).shape)


@implements(np.atleast_1d)
def atleast_1d(a: ArrayMethods) -> Recorded:
    """Return a Tensor with at least one axis, as `numpy.atleast_1d`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.

    Returns
    -------
    Tensor
        `a` itself, or its single element in shape (1,).
    """
    return a if a.ndim else reshape(a, (1,))


@implements(np.atleast_2d)
def atleast_2d(a: ArrayMethods) -> Recorded:
    """Return a Tensor with at least two axes, as `numpy.atleast_2d`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.

    Returns
    -------
    Tensor
        `a` itself, or its elements in shape (1, n).
    """
    return a if a.ndim > 1 else reshape(a, (1, -1))


@implements(np.broadcast_to)
def broadcast_to(array: ArrayMethods, shape: Shape) -> Recorded:
    """Broadcast to a shape, as `numpy.broadcast_to`.

    Parameters
    ----------
    array : Tensor
        The input.
    shape : int or sequence of int
        The new shape, to which that of `array` broadcasts.

    Returns
    -------
    Tensor
        Of the new shape.
    """
    return apply(BROADCAST_TO, array, shape=sizes_of(shape))


@implements(np.flip)
def flip(m: ArrayMethods, axis: Axis = None) -> Recorded:
    """Reverse the order of the elements, as `numpy.flip`.

    Parameters
    ----------
    m : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to reverse; all if None.

    Returns
    -------
    Tensor
        Of the shape of `m`.
    """
    axes = axes_of(m, axis)
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


@implements(np.roll)
def roll(a: ArrayMethods, shift: Shape, axis: Axis = None) -> Recorded:
    """Shift the elements cyclically, as `numpy.roll`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    shift : int or sequence of int
        By how many places, along each axis of `axis`.
    axis : int or tuple of int, optional
        The axes to shift along; if None, the elements are shifted in row-major order.

    Returns
    -------
    Tensor
        Of the shape of `a`.
    """
    return rearranged(a, lambda positions: np.roll(positions, shift, axis))


@implements(np.tile)
def tile(A: ArrayMethods, reps: Shape) -> Recorded:
    """Repeat the whole array, as `numpy.tile`.

    Parameters
    ----------
    A : Tensor
        The input, of any shape.
    reps : int or sequence of int
        How many times, along each axis.

    Returns
    -------
    Tensor
        The copies side by side.
    """
    return rearranged(A, lambda positions: np.tile(positions, reps))


# Joining and selecting


@implements(np.concatenate)
def concatenate(arrays: Sequence[TensorLike], axis: int | None = 0, dtype: DTypeLike | None = None) -> Recorded:
    """Join along an existing axis, as `numpy.concatenate`.

    Parameters
    ----------
    arrays : sequence of Tensor or array_like
        The parts, which have the same shape except along `axis`.
    axis : int or None, default 0
        The axis to join along; if None, the parts are flattened first.
    dtype : dtype, optional
        The dtype of the result.

    Returns
    -------
    Tensor
        The parts, one after the other.
    """
    joined = [np.ravel(a) for a in arrays] if axis is None else arrays
    return in_dtype(apply(CONCATENATE, *joined, axis=axis or 0), dtype)


@implements(np.stack)
def stack(arrays: Sequence[TensorLike], axis: int = 0, dtype: DTypeLike | None = None) -> Recorded:
    """Join along a new axis, as `numpy.stack`.

    Parameters
    ----------
    arrays : sequence of Tensor or array_like
        The parts, all of the same shape.
    axis : int, default 0
        Where the new axis is in the result.
    dtype : dtype, optional
        The dtype of the result.

    Returns
    -------
    Tensor
        With one axis more than the parts.
    """
    return in_dtype(apply(STACK, *arrays, axis=axis), dtype)


@implements(np.vstack)
def vstack(tup: Sequence[TensorLike]) -> Recorded:
    """Join by rows, as `numpy.vstack`.

    Parameters
    ----------
    tup : sequence of Tensor or array_like
        The parts; one-dimensional ones become rows.

    Returns
    -------
    Tensor
        The parts, one below the other.
    """
    return concatenate([np.atleast_2d(a) for a in tup])


@implements(np.hstack)
def hstack(tup: Sequence[TensorLike]) -> Recorded:
    """Join by columns, as `numpy.hstack`.

    Parameters
    ----------
    tup : sequence of Tensor or array_like
        The parts.

    Returns
    -------
    Tensor
        The parts side by side; one-dimensional ones, one after the other.
    """
    columns = [np.atleast_1d(a) for a in tup]
    return concatenate(columns, 0 if columns[0].ndim == 1 else 1)


@implements(np.column_stack)
def column_stack(tup: Sequence[TensorLike]) -> Recorded:
    """Join one-dimensional arrays as columns, as `numpy.column_stack`.

    Parameters
    ----------
    tup : sequence of Tensor or array_like
        The parts; two-dimensional ones are joined as they are.

    Returns
    -------
    Tensor
        The columns side by side.
    """
    return concatenate([a if _ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in tup], 1)


@implements(np.array_split)
def array_split(ary: ArrayMethods, indices_or_sections: Shape, axis: int = 0) -> list[Recorded]:
    """Split into parts of nearly equal length, as `numpy.array_split`.

    Parameters
    ----------
    ary : Tensor
        The input.
    indices_or_sections : int or sequence of int
        The number of parts, or the positions at which to split.
    axis : int, default 0
        The axis to split.

    Returns
    -------
    list of Tensor
        The parts, in their order.
    """
    size = ary.shape[axis]
    if np.iterable(indices_or_sections):
        bounds = [0, *map(int, indices_or_sections), size]
    else:
        parts = np.array_split(np.arange(size), indices_or_sections)
        bounds = [0, *np.cumsum([len(part) for part in parts]).tolist()]
    before = (slice(None),) * normalize_axis_index(axis, ary.ndim)
    return [ary[(*before, slice(i, j))] for i, j in pairwise(bounds)]


@implements(np.split)
def split(ary: ArrayMethods, indices_or_sections: Shape, axis: int = 0) -> list[Recorded]:
    """Split into parts of equal length, as `numpy.split`.

    Parameters
    ----------
    ary : Tensor
        The input.
    indices_or_sections : int or sequence of int
        The number of parts, or the positions at which to split.
    axis : int, default 0
        The axis to split.

    Returns
    -------
    list of Tensor
        The parts, in their order.

    Raises
    ------
    ValueError
        If the axis does not split into this number of equal parts.
    """
    size = ary.shape[axis]
    if not np.iterable(indices_or_sections) and size % indices_or_sections:
        why = f"{size} elements do not split into {indices_or_sections} equal parts"
        raise ValueError(errors.CANNOT_COMPUTE.format(gate="split", shapes=ary.shape, why=why))
    return array_split(ary, indices_or_sections, axis)


@implements(np.where)
def where(condition: TensorLike, x: TensorLike, y: TensorLike) -> Recorded:
    """Return `x` where the condition holds, else `y`, as `numpy.where`.

    Parameters
    ----------
    condition : Tensor or array_like of bool
        What to choose by.
    x, y : Tensor or array_like
        The choices, which broadcast against `condition`.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Notes
    -----
    Each of `x` and `y` gets the gradient where it was chosen, and 0 elsewhere.
    """
    return apply(GATES["where"], condition, x, y)


@implements(np.clip)
def clip(
    a: TensorLike,
    a_min: TensorLike | None = None,
    a_max: TensorLike | None = None,
    *,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
) -> Recorded:
    """Limit the elements to an interval, as `numpy.clip`.

    Parameters
    ----------
    a : Tensor or array_like
        The input.
    a_min, a_max : Tensor or array_like, optional
        The lower and the upper bound, which broadcast against `a`; None for no bound.
    min, max : Tensor or array_like, optional
        Other names for `a_min` and `a_max`.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Notes
    -----
    `a` gets the gradient within the bounds and at them; elsewhere the bound gets it.
    """
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    dtype = np.result_type(*(plain(x) for x in (a, low, high) if x is not None))
    bounds: tuple[float, float] = (
        (-float("inf"), float("inf")) if dtype.kind == "f" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    )
    return apply(GATES["clip"], a, bounds[0] if low is None else low, bounds[1] if high is None else high)


@implements(np.fix)
def fix(x: ArrayMethods) -> Recorded:
    """Round towards 0, as `numpy.fix`.

    Parameters
    ----------
    x : Tensor
        The input, of any shape.

    Returns
    -------
    Tensor
        Of the shape of `x`.

    Notes
    -----
    The gradient is 0.
    """
    return x.trunc()


@implements(np.take_along_axis)
def take_along_axis(arr: ArrayMethods, indices: TensorLike, axis: int | None) -> Recorded:
    """Select elements by one index for each, as `numpy.take_along_axis`.

    Parameters
    ----------
    arr : Tensor
        The input.
    indices : array_like of int
        Positions along `axis`, as `numpy.argsort` returns them.
    axis : int
        The axis to select along.

    Returns
    -------
    Tensor
        Of the shape of `indices`.
    """
    return rearranged(arr, lambda positions: np.take_along_axis(positions, plain(indices), axis))


@implements(np.sort)
def sort(a: ArrayMethods, axis: int | None = -1) -> Recorded:
    """Sort in ascending order, as `numpy.sort`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or None, default -1
        The axis to sort along; if None, `a` is flattened first.

    Returns
    -------
    Tensor
        The sorted elements.

    Notes
    -----
    Each gradient goes to the element that it belongs to.
    """
    return take_along_axis(a, np.argsort(a._data, axis), axis)


@implements(np.diag)
def diag(v: ArrayMethods, k: int = 0) -> Recorded:
    """Return the diagonal of a matrix, or a matrix with a given diagonal, as `numpy.diag`.

    Parameters
    ----------
    v : Tensor, shape (n, m) or (n,)
        The matrix, or the diagonal.
    k : int, default 0
        Which diagonal: positive ones are above the main diagonal, negative ones below it.

    Returns
    -------
    Tensor
        The diagonal if `v` is a matrix, else the matrix.
    """
    if v.ndim == 2:
        return v.diagonal(k)
    positions = np.arange(len(v)) + (k if k > 0 else 0)
    return apply(SCATTER, v, index=(positions - k, positions), shape=(len(v) + abs(k),) * 2)


@implements(np.tril)
def tril(m: ArrayMethods, k: int = 0) -> Recorded:
    """Return the lower triangle, with zeros above it, as `numpy.tril`.

    Parameters
    ----------
    m : Tensor, shape (..., n, m)
        The matrices.
    k : int, default 0
        The diagonal above which elements are 0.

    Returns
    -------
    Tensor, shape (..., n, m)
        The triangles.
    """
    return apply(GATES["where"], np.tril(np.ones(m.shape[-2:], bool), k), m, 0)


@implements(np.triu)
def triu(m: ArrayMethods, k: int = 0) -> Recorded:
    """Return the upper triangle, with zeros below it, as `numpy.triu`.

    Parameters
    ----------
    m : Tensor, shape (..., n, m)
        The matrices.
    k : int, default 0
        The diagonal below which elements are 0.

    Returns
    -------
    Tensor, shape (..., n, m)
        The triangles.
    """
    return apply(GATES["where"], np.tril(np.ones(m.shape[-2:], bool), k - 1), 0, m)


@implements(np.pad)
def pad(
    array: ArrayMethods,
    pad_width: Shape | Sequence[Sequence[int]],
    mode: str = "constant",
    *,
    constant_values: ArrayLike = 0,
) -> Recorded:
    """Add a border of constants, as `numpy.pad`.

    Parameters
    ----------
    array : Tensor
        The input.
    pad_width : int, or sequence of int, or sequence of pairs of int
        The number of elements before and after each axis: one number, one pair, or a pair for each axis.
    mode : {"constant"}, default "constant"
        NumPy's other modes are not supported.
    constant_values : array_like, default 0
        The constants.

    Returns
    -------
    Tensor
        `array` with its border.

    Raises
    ------
    TypeError
        If `mode` is another one.
    """
    if mode != "constant":
        raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.pad(..., mode={mode!r})"))
    border = np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values)
    before = np.broadcast_to(pad_width, (array.ndim, 2))[:, 0]
    inside = tuple(slice(int(i), int(i) + size) for i, size in zip(before, array.shape, strict=True))
    return apply(SCATTER, array, index=inside, shape=border.shape) + border


@implements(np.diff)
def diff(a: ArrayMethods, n: int = 1, axis: int = -1) -> Recorded:
    """Subtract from each element the one before it, as `numpy.diff`.

    Parameters
    ----------
    a : Tensor
        The input.
    n : int, default 1
        How many times.
    axis : int, default -1
        The axis to subtract along.

    Returns
    -------
    Tensor
        Shorter than `a` by `n` along `axis`.
    """
    before = (slice(None),) * normalize_axis_index(axis, a.ndim)
    for _ in range(n):
        a = a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]
    return a
