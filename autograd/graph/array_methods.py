"""The attributes and methods of NumPy's arrays, for a node whose data is an array: each records a gate, or several.

NumPy's functions of the same names are these methods (`np.sum(t)` is `t.sum()`), so the first parameter is called as
NumPy calls it, `a` instead of `self`. NumPy's other functions are in `numpy_functions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.typing import ArrayLike, DTypeLike

from autograd.gates.arrays import (
    ASTYPE,
    CONCATENATE,
    CUMSUM,
    INDEX,
    MATMUL,
    MAX,
    MEAN,
    MIN,
    NORM,
    RESHAPE,
    SUM,
    TRANSPOSE,
    Array,
)
from autograd.gates.blocks import LOGSUMEXP, SOFTMAX
from autograd.gates.gate import GATES
from autograd.gates.summation import Axis
from autograd.graph.array_kinds import check_kind
from autograd.graph.node import Node, Recorded, apply, plain
from autograd.graph.numpy_dispatch import implements

Shape = int | Sequence[int]
Sizes = int | tuple[int, ...]
KINDS = "biuf"  # of dtypes: booleans, integers with and without sign, floats


class ArrayMethods(Node):
    """A node whose data is an array, with the attributes and methods of one; `Tensor` is it."""

    __slots__ = ()

    # The attributes of an array

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the data."""
        return self._data.dtype

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Self]:
        return (self[i] for i in range(len(self)))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise TypeError(
                "a Tensor that requires a gradient does not turn into an array implicitly, as its graph would be lost. "
                "Write np.dot(array, t) or array @ t for array.dot(t); collect parts in a list and np.stack it, for "
                "array[i] = t and np.array([t, u]); use tensor.numpy() for its data"
            )
        return np.array(self.data, dtype=dtype, copy=copy)

    def __getitem__(self, index: object) -> Self:
        plain = tuple(map(_index, index)) if isinstance(index, tuple) else _index(index)
        return self.record(INDEX, (self,), index=plain)

    # Reductions

    @implements(np.sum)
    def sum(a, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Self:
        """Return the sum of the elements, as `numpy.sum`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to sum over; all if None.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.
        """
        return apply(SUM, in_dtype(a, dtype), axis=axis, keepdims=keepdims)

    @implements(np.mean)
    def mean(a, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Self:
        """Return the mean of the elements, as `numpy.mean`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to average over; all if None.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.
        """
        return apply(MEAN, in_dtype(a, dtype), axis=axis, keepdims=keepdims)

    @implements(np.max, np.amax)
    def max(a, axis: Axis = None, *, keepdims: bool = False) -> Self:
        """Return the largest element, as `numpy.max`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to search; all if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.

        Notes
        -----
        Only the largest element gets the gradient; ties split it evenly.
        """
        return apply(MAX, a, axis=axis, keepdims=keepdims)

    @implements(np.min, np.amin)
    def min(a, axis: Axis = None, *, keepdims: bool = False) -> Self:
        """Return the smallest element, as `numpy.min`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to search; all if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.

        Notes
        -----
        Only the smallest element gets the gradient; ties split it evenly.
        """
        return apply(MIN, a, axis=axis, keepdims=keepdims)

    @implements(np.prod)
    def prod(a, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Self:
        """Return the product of the elements, as `numpy.prod`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to multiply over; all if None.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.

        Notes
        -----
        Each round multiplies one half of the elements by the other. So no gradient divides by an element, and it is
        right at zeros, too.
        """
        a, axes = in_dtype(a, dtype), axes_of(a, axis)
        kept = tuple(1 if i in axes else size for i, size in enumerate(a.shape))
        rest = [i for i in range(a.ndim) if i not in axes]
        count = math.prod(a.shape[i] for i in axes)
        a = a.transpose(*axes, *rest).reshape(count, *(a.shape[i] for i in rest))
        if not count:  # the product of no elements is 1
            a = a.sum(axis=0, keepdims=True) + 1.0
        while len(a) > 1:
            half, odd = len(a) // 2, a[len(a) // 2 * 2 :]
            product = a[:half] * a[half : 2 * half]
            a = product if not len(odd) else apply(CONCATENATE, product, odd, axis=0)
        return a.reshape(kept) if keepdims else a[0]

    @implements(np.var)
    def var(a, axis: Axis = None, dtype: DTypeLike | None = None, *, ddof: float = 0, keepdims: bool = False) -> Self:
        """Return the variance of the elements, as `numpy.var`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to compute it over; all if None.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.
        ddof : float, default 0
            Subtracted from the number of elements, which is the divisor.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.
        """
        a = in_dtype(a, dtype)
        total = (a - a.mean(axis, keepdims=True)).square().sum(axis, keepdims=keepdims)
        count = a.size // np.maximum(total.size, 1)
        return total / float(np.maximum(count - ddof, 0))

    @implements(np.std)
    def std(a, axis: Axis = None, dtype: DTypeLike | None = None, *, ddof: float = 0, keepdims: bool = False) -> Self:
        """Return the standard deviation of the elements, as `numpy.std`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to compute it over; all if None.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.
        ddof : float, default 0
            Subtracted from the number of elements, which is the divisor.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.

        Notes
        -----
        If all elements are equal, the gradient is 0.
        """
        a = in_dtype(a, dtype)
        distance = apply(NORM, a - a.mean(axis, keepdims=True), axis=axis, keepdims=keepdims)
        count = a.size // np.maximum(distance.size, 1)
        return distance / float(np.sqrt(np.maximum(count - ddof, 0)))

    @implements(np.cumsum)
    def cumsum(a, axis: int | None = None, dtype: DTypeLike | None = None) -> Self:
        """Return the cumulative sum, as `numpy.cumsum`.

        Parameters
        ----------
        axis : int, optional
            The axis to sum along; if None, the Tensor is flattened first.
        dtype : dtype, optional
            The dtype to compute in; that of the Tensor if None.

        Returns
        -------
        Tensor
            Of the shape of the Tensor; one-dimensional if `axis` is None.
        """
        a = in_dtype(a, dtype)
        return apply(CUMSUM, a.ravel() if axis is None else a, axis=axis or 0)

    @implements(np.trace)
    def trace(a, offset: int = 0) -> Self:
        """Return the sum along a diagonal of the first two axes, as `numpy.trace`.

        Parameters
        ----------
        offset : int, default 0
            Which diagonal: positive ones are above the main diagonal, negative ones below it.

        Returns
        -------
        Tensor, shape (...)
            One sum for each element of the other axes.
        """
        return a.diagonal(offset).sum(-1)

    def logsumexp(a, axis: Axis = None, *, keepdims: bool = False) -> Self:
        """Return log Σ exp(a), without overflow.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to sum over; all if None.
        keepdims : bool, default False
            Whether to keep the reduced axes, with length 1.

        Returns
        -------
        Tensor
            Of the shape of the Tensor without the reduced axes.
        """
        return apply(LOGSUMEXP, a, axis=axis, keepdims=keepdims)

    def softmax(a, axis: Axis = -1) -> Self:
        """Return exp(a) / Σ exp(a), without overflow.

        Parameters
        ----------
        axis : int or tuple of int, default -1
            The axes to sum over; all if None.

        Returns
        -------
        Tensor
            Of the shape of the Tensor; its sum over `axis` is 1.
        """
        return apply(SOFTMAX, a, axis=axis)

    def log_softmax(a, axis: Axis = -1) -> Self:
        """Return the logarithm of the softmax, a − log Σ exp(a), without overflow.

        Parameters
        ----------
        axis : int or tuple of int, default -1
            The axes to sum over; all if None.

        Returns
        -------
        Tensor
            Of the shape of the Tensor.
        """
        return a - a.logsumexp(axis, keepdims=True)

    # Products

    @implements(np.dot)
    def dot(a, b: Node | ArrayLike) -> Self:
        """Return the dot product, as `numpy.dot`.

        Parameters
        ----------
        b : Tensor or array_like
            The right factor. Its last axis but one, or its only axis, is as long as the last axis of this Tensor.

        Returns
        -------
        Tensor
            Of the shape of this Tensor without its last axis, followed by that of `b` without the summed axis; the
            product if one factor is a scalar.
        """
        axes = np.ndim(plain(b))
        if np.ndim(plain(a)) == 0 or axes == 0:
            return apply(GATES["mul"], a, b)
        return np.tensordot(a, b, (-1, -2)) if axes > 2 else apply(MATMUL, a, b)  # type: ignore[arg-type,return-value]

    # Shapes

    def reshape(self, *shape: Sizes) -> Self:
        """Return the same elements in another shape.

        Parameters
        ----------
        *shape : int or tuple of int
            `reshape(2, 3)` or `reshape((2, 3))`; one size may be -1.

        Returns
        -------
        Tensor
            In the new shape.
        """
        return apply(RESHAPE, self, shape=_one_tuple(shape))

    def transpose(self, *axes: Sizes | None) -> Self:
        """Return the Tensor with its axes in another order.

        Parameters
        ----------
        *axes : int or tuple of int
            The new order; reversed if not given.

        Returns
        -------
        Tensor
            With its axes in the new order.
        """
        return apply(TRANSPOSE, self, axes=None if axes in ((), (None,)) else _one_tuple(axes))

    @property
    def T(self) -> Self:
        """The axes in reversed order."""
        return self.transpose()

    def astype(self, dtype: DTypeLike) -> Self:
        """Return the same numbers in another dtype; integers have no gradient.

        Parameters
        ----------
        dtype : dtype
            A boolean, integer or real floating-point dtype.

        Returns
        -------
        Tensor
            Its gradient comes back in the dtype of this Tensor.

        Raises
        ------
        TypeError
            If `dtype` is not numeric.
        """
        dtype = np.dtype(dtype)
        if dtype.kind not in KINDS:
            raise TypeError(not_numeric(f"astype({dtype})"))
        return self.record(ASTYPE, (self,), dtype=dtype)

    @implements(np.ravel)
    def ravel(a) -> Self:
        """Return the elements along one axis, as `numpy.ravel`.

        Returns
        -------
        Tensor, shape (a.size,)
            The elements in row-major order.
        """
        return a.reshape(-1)

    @implements(np.swapaxes)
    def swapaxes(a, axis1: int, axis2: int) -> Self:
        """Exchange two axes, as `numpy.swapaxes`.

        Parameters
        ----------
        axis1, axis2 : int
            The axes.

        Returns
        -------
        Tensor
            The same elements.
        """
        axes = list(range(a.ndim))
        axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
        return a.transpose(*axes)

    @implements(np.squeeze)
    def squeeze(a, axis: Axis = None) -> Self:
        """Remove axes of length 1, as `numpy.squeeze`.

        Parameters
        ----------
        axis : int or tuple of int, optional
            The axes to remove; all that have length 1 if None.

        Returns
        -------
        Tensor
            The same elements.
        """
        return a.reshape(np.squeeze(a._data, axis).shape)

    flatten = ravel

    # Selecting and rounding

    @implements(np.take)
    def take(a, indices: Node | ArrayLike, axis: int | None = None) -> Self:
        """Select elements or slices by index, as `numpy.take`.

        Parameters
        ----------
        indices : array_like of int
            Which ones; an index may be repeated, and its gradients are then added.
        axis : int, optional
            The axis to select along; if None, the Tensor is flattened first.

        Returns
        -------
        Tensor
            Of the shape of the Tensor, with that of `indices` in place of `axis`.
        """
        chosen = indices if isinstance(indices, Node) else _index(indices)
        if axis is None:
            return a.ravel()[chosen]
        return a[(*(slice(None),) * normalize_axis_index(axis, a.ndim), chosen)]

    @implements(np.repeat)
    def repeat(a, repeats: Shape, axis: int | None = None) -> Self:
        """Repeat each element, as `numpy.repeat`.

        Parameters
        ----------
        repeats : int or sequence of int
            How many times; one number for all, or one for each.
        axis : int, optional
            The axis along which slices are repeated; if None, the Tensor is flattened first.

        Returns
        -------
        Tensor
            Of the shape of the Tensor, except along `axis`.
        """
        return rearranged(a, lambda positions: np.repeat(positions, repeats, axis))

    @implements(np.diagonal)
    def diagonal(a, offset: int = 0) -> Self:
        """Return a diagonal of the first two axes, as `numpy.diagonal`.

        Parameters
        ----------
        offset : int, default 0
            Which diagonal: positive ones are above the main diagonal, negative ones below it.

        Returns
        -------
        Tensor, shape (..., k)
            The diagonal is the last axis.
        """
        return rearranged(a, lambda positions: np.diagonal(positions, offset))

    @implements(np.round, np.around)
    def round(a, decimals: int = 0) -> Self:
        """Round, as `numpy.round`.

        Parameters
        ----------
        decimals : int, default 0
            The number of decimals; negative ones round to tens, hundreds and so on.

        Returns
        -------
        Tensor
            Of the shape of the Tensor.

        Notes
        -----
        The gradient is 0.
        """
        return a.rint() if decimals == 0 else (a * 10.0**decimals).rint() / 10.0**decimals

    @implements(np.copy)
    def copy(a) -> Self:
        """Return the same numbers as a new node, to which the gradient flows, as `numpy.copy`.

        Returns
        -------
        Tensor
            Equal to the Tensor.
        """
        return a.positive()

    # What returns plain numbers and arrays

    def argmax(self, axis: int | None = None) -> np.ndarray | np.intp:
        """Return the index of the largest element.

        Parameters
        ----------
        axis : int, optional
            Over which axis; over all if None.

        Returns
        -------
        int or ndarray of int
            The index of the first such element, in the flat array if `axis` is None.
        """
        return self._data.argmax(axis)

    def argmin(self, axis: int | None = None) -> np.ndarray | np.intp:
        """Return the index of the smallest element.

        Parameters
        ----------
        axis : int, optional
            Over which axis; over all if None.

        Returns
        -------
        int or ndarray of int
            The index of the first such element, in the flat array if `axis` is None.
        """
        return self._data.argmin(axis)

    def any(self, axis: Axis = None) -> np.ndarray | np.bool:
        """Return whether any element is true.

        Parameters
        ----------
        axis : int or tuple of int, optional
            Over which axis; over all if None.

        Returns
        -------
        bool or ndarray of bool
            Without the reduced axes.
        """
        return self._data.any(axis)

    def all(self, axis: Axis = None) -> np.ndarray | np.bool:
        """Return whether all elements are true.

        Parameters
        ----------
        axis : int or tuple of int, optional
            Over which axis; over all if None.

        Returns
        -------
        bool or ndarray of bool
            Without the reduced axes.
        """
        return self._data.all(axis)

    def tolist(self) -> Any:
        """Return the numbers as nested lists.

        Returns
        -------
        list or float
            Nested as deep as there are axes.
        """
        return self._data.tolist()


def in_dtype(a: Recorded, dtype: DTypeLike | None) -> Recorded:
    """A node in another dtype; unchanged if None."""
    return a if dtype is None else a.astype(dtype)


def axes_of(a: ArrayMethods, axis: Axis) -> tuple[int, ...]:
    """Return the axes that `axis` names, counted from 0; all if None."""
    if axis is None:
        return tuple(range(a.ndim))
    return normalize_axis_tuple(axis, a.ndim)


def rearranged(a: ArrayMethods, arrange: Callable[[Array], Array]) -> Recorded:
    """The elements of the Tensor in the arrangement that `arrange` gives to their positions in the flat array."""
    return apply(INDEX, a.ravel(), index=arrange(np.arange(a.size).reshape(a.shape)))


def sizes_of(shape: Shape) -> tuple[int, ...]:
    """Return a shape, or a single size, as a tuple."""
    return tuple(shape) if np.iterable(shape) else (shape,)


def _index(part: object) -> object:
    """A part of an index: unchanged, or as an array."""
    if part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice)):
        return part
    check_kind(part)
    array = np.asarray(plain(part))
    return array.astype(int) if isinstance(part, (list, tuple)) and not array.size else array  # [] selects nothing


def _one_tuple(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """The sizes of `f(2, 3)` or `f((2, 3))`."""
    return tuple(sizes[0]) if len(sizes) == 1 and not isinstance(sizes[0], (int, np.integer)) else sizes


def not_numeric(got: str) -> str:
    """Return the message for data that cannot be that of a Tensor."""
    return (
        f"Tensor takes booleans, integers or real floats in a regular shape, got {got}. "
        "Give numbers, rows of equal length, no objects, strings or complex numbers"
    )
