"""NumPy's functions on Tensors, each of which records a gate or is composed of gates; many are methods of Tensor too.

They accept NumPy's arguments by NumPy's names, as far as they are listed here. With any other argument (`out=`,
`where=`), and for any function that is not here, NumPy's call raises a TypeError that names the function. Functions
that only ask about data (`np.argmax`, `np.shape`, `np.isclose`) return plain numbers and arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import Signature, signature
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.typing import ArrayLike, DTypeLike

from autograd import errors
from autograd.gates.arrays import (
    BROADCAST_TO,
    CONCATENATE,
    CUMSUM,
    INDEX,
    MATMUL,
    MAX,
    MEAN,
    MIN,
    NORM,
    RESHAPE,
    SCATTER,
    STACK,
    SUM,
    TRANSPOSE,
    Array,
    Axis,
)
from autograd.gates.blocks import LOGSUMEXP, SOFTMAX
from autograd.gates.einsum import EINSUM, explicit
from autograd.gates.gate import GATES
from autograd.graph.node import Node, apply, plain

if TYPE_CHECKING:
    from autograd.graph.tensor import Tensor

    TensorLike: TypeAlias = Tensor | ArrayLike

Shape: TypeAlias = int | Sequence[int]
Function: TypeAlias = Callable[..., Any]  # one of NumPy's, or the one here that replaces it
FUNCTIONS: dict[Function, Function] = {}  # by NumPy's function


def _implements(*numpys: Function) -> Callable[[Function], Any]:
    def enter(function: Function) -> Function:
        FUNCTIONS.update(dict.fromkeys(numpys, function))
        return function

    return enter


def call(function: Function, args: Sequence[object], options: Mapping[str, object]) -> Any:
    """Return the result of one of NumPy's functions that was called with Tensors.

    Parameters
    ----------
    function : callable
        NumPy's function.
    args : sequence
        Its positional arguments.
    options : mapping of str to object
        Its keyword arguments.

    Returns
    -------
    Tensor, list of Tensor, ndarray or number
        Plain numbers and arrays for a question about data, such as `np.argmax`.

    Raises
    ------
    TypeError
        If there is no gate for the function with these arguments.
    """
    if function in PLAIN and not _carries_gradients(function, args, options):
        return function(*plain_all(args), **plain_all(options))
    ours = FUNCTIONS.get(function)
    if ours is not None:
        try:
            _signature(ours).bind(*args, **options)
        except TypeError:
            ours = None
    if ours is None:
        module = function.__module__ + "." if function.__module__ != "numpy" else ""
        name = f"{module.replace('numpy', 'np') or 'np.'}{function.__name__}"
        raise TypeError(errors.NOT_SUPPORTED.format(function=name))
    return ours(*args, **options)


def _carries_gradients(function: Function, args: Sequence[object], options: Mapping[str, object]) -> bool:
    """Whether the result would depend on a tracked Tensor: weights, a fill value, unique values."""
    if function not in CARRYING:
        return False
    carried = args if function is np.unique else [*args[1:], *options.values()]
    return any(isinstance(thing, Node) and thing.requires_grad for thing in carried)


@cache
def _signature(function: Function) -> Signature:
    return signature(function)


def plain_all(thing: Any) -> Any:
    """Replace nodes by their data, also inside tuples, lists and dicts.

    Parameters
    ----------
    thing : object
        Anything.

    Returns
    -------
    object
        The same without nodes.
    """
    if isinstance(thing, (tuple, list)):
        return type(thing)(map(plain_all, thing))
    return {key: plain_all(value) for key, value in thing.items()} if isinstance(thing, dict) else plain(thing)


def _in(a: Tensor, dtype: DTypeLike | None) -> Tensor:
    return a if dtype is None else a.astype(dtype)


def _ndim(a: TensorLike) -> int:
    return np.ndim(plain(a))


# Reductions


@_implements(np.sum)
def sum(a: Tensor, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Tensor:
    """Return the sum of the elements, as `numpy.sum`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to sum over; all if None.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.
    """
    return apply(SUM, _in(a, dtype), axis=axis, keepdims=keepdims)


@_implements(np.mean)
def mean(a: Tensor, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Tensor:
    """Return the mean of the elements, as `numpy.mean`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to average over; all if None.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.
    """
    return apply(MEAN, _in(a, dtype), axis=axis, keepdims=keepdims)


@_implements(np.max, np.amax)
def max(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Return the largest element, as `numpy.max`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to search; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.

    Notes
    -----
    Only the largest element gets the gradient; ties split it evenly.
    """
    return apply(MAX, a, axis=axis, keepdims=keepdims)


@_implements(np.min, np.amin)
def min(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Return the smallest element, as `numpy.min`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to search; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.

    Notes
    -----
    Only the smallest element gets the gradient; ties split it evenly.
    """
    return apply(MIN, a, axis=axis, keepdims=keepdims)


@_implements(np.prod)
def prod(a: Tensor, axis: Axis = None, dtype: DTypeLike | None = None, *, keepdims: bool = False) -> Tensor:
    """Return the product of the elements, as `numpy.prod`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to multiply over; all if None.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.

    Notes
    -----
    Each round multiplies one half of the elements by the other. So no gradient divides by an element, and it is right
    at zeros, too.
    """
    a, axes = _in(a, dtype), _axes(a, axis)
    kept = tuple(1 if i in axes else size for i, size in enumerate(a.shape))
    rest = [i for i in range(a.ndim) if i not in axes]
    count = math.prod(a.shape[i] for i in axes)
    a = a.transpose(*axes, *rest).reshape(count, *(a.shape[i] for i in rest))
    if not count:  # the product of no elements is 1
        a = a.sum(axis=0, keepdims=True) + 1.0
    while len(a) > 1:
        half, odd = len(a) // 2, a[len(a) // 2 * 2 :]
        product = a[:half] * a[half : 2 * half]
        a = product if not len(odd) else concatenate([product, odd])
    return a.reshape(kept) if keepdims else a[0]


def _axes(a: Tensor, axis: Axis) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(a.ndim))
    return normalize_axis_tuple(axis, a.ndim)


@_implements(np.var)
def var(
    a: Tensor, axis: Axis = None, dtype: DTypeLike | None = None, *, ddof: float = 0, keepdims: bool = False
) -> Tensor:
    """Return the variance of the elements, as `numpy.var`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to compute it over; all if None.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.
    ddof : float, default 0
        Subtracted from the number of elements, which is the divisor.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.
    """
    a = _in(a, dtype)
    total = (a - a.mean(axis, keepdims=True)).square().sum(axis, keepdims=keepdims)
    count = a.size // np.maximum(total.size, 1)
    return total / float(count - ddof)


@_implements(np.std)
def std(
    a: Tensor, axis: Axis = None, dtype: DTypeLike | None = None, *, ddof: float = 0, keepdims: bool = False
) -> Tensor:
    """Return the standard deviation of the elements, as `numpy.std`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to compute it over; all if None.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.
    ddof : float, default 0
        Subtracted from the number of elements, which is the divisor.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.

    Notes
    -----
    If all elements are equal, the gradient is 0.
    """
    a = _in(a, dtype)
    distance = norm(a - a.mean(axis, keepdims=True), axis=axis, keepdims=keepdims)
    count = a.size // np.maximum(distance.size, 1)
    return distance / float(np.sqrt(count - ddof))


@_implements(np.average)
def average(a: TensorLike, axis: Axis = None, weights: TensorLike | None = None) -> Tensor:
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
    return sum(apply(GATES["mul"], a, weights), axis) / np.sum(weights, axis)


@_implements(np.linalg.norm)
def norm(x: Tensor, ord: float | Literal["fro"] | None = None, axis: Axis = None, keepdims: bool = False) -> Tensor:
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
        return (sum if ord == 1 else max)(abs(x), axis, keepdims=keepdims)
    raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.linalg.norm(..., ord={ord!r})"))


@_implements(np.cumsum)
def cumsum(a: Tensor, axis: int | None = None, dtype: DTypeLike | None = None) -> Tensor:
    """Return the cumulative sum, as `numpy.cumsum`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int, optional
        The axis to sum along; if None, `a` is flattened first.
    dtype : dtype, optional
        The dtype to compute in; that of `a` if None.

    Returns
    -------
    Tensor
        Of the shape of `a`; one-dimensional if `axis` is None.
    """
    a = _in(a, dtype)
    return apply(CUMSUM, a.ravel() if axis is None else a, axis=axis or 0)


@_implements(np.trace)
def trace(a: Tensor, offset: int = 0) -> Tensor:
    """Return the sum along a diagonal of the first two axes, as `numpy.trace`.

    Parameters
    ----------
    a : Tensor, shape (n, m, ...)
        The input.
    offset : int, default 0
        Which diagonal: positive ones are above the main diagonal, negative ones below it.

    Returns
    -------
    Tensor, shape (...)
        One sum for each element of the other axes.
    """
    return diagonal(a, offset).sum(-1)


def logsumexp(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Return log Σ exp(a), without overflow.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, optional
        The axes to sum over; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    Tensor
        Of the shape of `a` without the reduced axes.
    """
    return apply(LOGSUMEXP, a, axis=axis, keepdims=keepdims)


def softmax(a: Tensor, axis: Axis = -1) -> Tensor:
    """Return exp(a) / Σ exp(a), without overflow.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, default -1
        The axes to sum over; all if None.

    Returns
    -------
    Tensor
        Of the shape of `a`; its sum over `axis` is 1.
    """
    return apply(SOFTMAX, a, axis=axis)


def log_softmax(a: Tensor, axis: Axis = -1) -> Tensor:
    """Return the logarithm of the softmax, a − log Σ exp(a), without overflow.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    axis : int or tuple of int, default -1
        The axes to sum over; all if None.

    Returns
    -------
    Tensor
        Of the shape of `a`.
    """
    return a - logsumexp(a, axis, keepdims=True)


# Products


@_implements(np.dot)
def dot(a: TensorLike, b: TensorLike) -> Tensor:
    """Return the dot product, as `numpy.dot`.

    Parameters
    ----------
    a : Tensor or array_like
        The left factor.
    b : Tensor or array_like
        The right factor. Its last axis but one, or its only axis, is as long as the last axis of `a`.

    Returns
    -------
    Tensor
        Of the shape of `a` without its last axis, followed by that of `b` without the summed axis; the product if one
        factor is a scalar.
    """
    if _ndim(a) == 0 or _ndim(b) == 0:
        return apply(GATES["mul"], a, b)
    return tensordot(a, b, (-1, -2 if _ndim(b) > 1 else 0)) if _ndim(b) > 2 else apply(MATMUL, a, b)


@_implements(np.inner)
def inner(a: TensorLike, b: TensorLike) -> Tensor:
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
    return dot(a, b) if _ndim(a) == 0 or _ndim(b) == 0 else tensordot(a, b, (-1, -1))


@_implements(np.vdot)
def vdot(a: TensorLike, b: TensorLike) -> Tensor:
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


@_implements(np.outer)
def outer(a: TensorLike, b: TensorLike) -> Tensor:
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


@_implements(np.tensordot)
def tensordot(a: TensorLike, b: TensorLike, axes: int | tuple[Shape, Shape] = 2) -> Tensor:
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


@_implements(np.einsum)
def einsum(subscripts: str, *operands: TensorLike, optimize: object = False) -> Tensor:
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


@_implements(np.reshape)
def reshape(a: Tensor, shape: Shape) -> Tensor:
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
    return apply(RESHAPE, a, shape=_sizes(shape))


def _sizes(shape: Shape) -> tuple[int, ...]:
    return tuple(shape) if np.iterable(shape) else (shape,)


@_implements(np.ravel)
def ravel(a: Tensor) -> Tensor:
    """Return the elements along one axis, as `numpy.ravel`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.

    Returns
    -------
    Tensor, shape (a.size,)
        The elements in row-major order.
    """
    return reshape(a, (-1,))


@_implements(np.transpose)
def transpose(a: Tensor, axes: Sequence[int] | None = None) -> Tensor:
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


@_implements(np.swapaxes)
def swapaxes(a: Tensor, axis1: int, axis2: int) -> Tensor:
    """Exchange two axes, as `numpy.swapaxes`.

    Parameters
    ----------
    a : Tensor
        The input.
    axis1, axis2 : int
        The axes.

    Returns
    -------
    Tensor
        The same elements.
    """
    axes = list(range(a.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose(a, axes)


@_implements(np.moveaxis)
def moveaxis(a: Tensor, source: Shape, destination: Shape) -> Tensor:
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


@_implements(np.squeeze)
def squeeze(a: Tensor, axis: Axis = None) -> Tensor:
    """Remove axes of length 1, as `numpy.squeeze`.

    Parameters
    ----------
    a : Tensor
        The input.
    axis : int or tuple of int, optional
        The axes to remove; all that have length 1 if None.

    Returns
    -------
    Tensor
        The same elements.
    """
    return reshape(a, np.squeeze(a.data, axis).shape)


@_implements(np.expand_dims)
def expand_dims(a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
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
    return reshape(a, np.expand_dims(a.data, axis).shape)


@_implements(np.atleast_1d)
def atleast_1d(a: Tensor) -> Tensor:
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


@_implements(np.atleast_2d)
def atleast_2d(a: Tensor) -> Tensor:
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


@_implements(np.broadcast_to)
def broadcast_to(array: Tensor, shape: Shape) -> Tensor:
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
    return apply(BROADCAST_TO, array, shape=_sizes(shape))


@_implements(np.flip)
def flip(m: Tensor, axis: Axis = None) -> Tensor:
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
    axes = _axes(m, axis)
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


@_implements(np.roll)
def roll(a: Tensor, shift: Shape, axis: Axis = None) -> Tensor:
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
    return _rearranged(a, lambda positions: np.roll(positions, shift, axis))


@_implements(np.repeat)
def repeat(a: Tensor, repeats: Shape, axis: int | None = None) -> Tensor:
    """Repeat each element, as `numpy.repeat`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    repeats : int or sequence of int
        How many times; one number for all, or one for each.
    axis : int, optional
        The axis along which slices are repeated; if None, `a` is flattened first.

    Returns
    -------
    Tensor
        Of the shape of `a`, except along `axis`.
    """
    return _rearranged(a, lambda positions: np.repeat(positions, repeats, axis))


@_implements(np.tile)
def tile(A: Tensor, reps: Shape) -> Tensor:
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
    return _rearranged(A, lambda positions: np.tile(positions, reps))


def _rearranged(a: Tensor, arrange: Callable[[Array], Array]) -> Tensor:
    """The elements of `a` in the arrangement that `arrange` gives to their positions in the flat array."""
    return apply(INDEX, ravel(a), index=arrange(np.arange(a.size).reshape(a.shape)))


# Joining and selecting


@_implements(np.concatenate)
def concatenate(arrays: Sequence[TensorLike], axis: int | None = 0, dtype: DTypeLike | None = None) -> Tensor:
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
    return _in(apply(CONCATENATE, *joined, axis=axis or 0), dtype)


@_implements(np.stack)
def stack(arrays: Sequence[TensorLike], axis: int = 0, dtype: DTypeLike | None = None) -> Tensor:
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
    return _in(apply(STACK, *arrays, axis=axis), dtype)


@_implements(np.vstack)
def vstack(tup: Sequence[TensorLike]) -> Tensor:
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


@_implements(np.hstack)
def hstack(tup: Sequence[TensorLike]) -> Tensor:
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


@_implements(np.column_stack)
def column_stack(tup: Sequence[TensorLike]) -> Tensor:
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


@_implements(np.array_split)
def array_split(ary: Tensor, indices_or_sections: Shape, axis: int = 0) -> list[Tensor]:
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


@_implements(np.split)
def split(ary: Tensor, indices_or_sections: Shape, axis: int = 0) -> list[Tensor]:
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


@_implements(np.where)
def where(condition: TensorLike, x: TensorLike, y: TensorLike) -> Tensor:
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


@_implements(np.clip)
def clip(
    a: TensorLike,
    a_min: TensorLike | None = None,
    a_max: TensorLike | None = None,
    *,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
) -> Tensor:
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


@_implements(np.round, np.around)
def round(a: Tensor, decimals: int = 0) -> Tensor:
    """Round, as `numpy.round`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    decimals : int, default 0
        The number of decimals; negative ones round to tens, hundreds and so on.

    Returns
    -------
    Tensor
        Of the shape of `a`.

    Notes
    -----
    The gradient is 0.
    """
    return a.rint() if decimals == 0 else (a * 10.0**decimals).rint() / 10.0**decimals


@_implements(np.fix)
def fix(x: Tensor) -> Tensor:
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


@_implements(np.take)
def take(a: Tensor, indices: TensorLike, axis: int | None = None) -> Tensor:
    """Select elements or slices by index, as `numpy.take`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.
    indices : array_like of int
        Which ones; an index may be repeated, and its gradients are then added.
    axis : int, optional
        The axis to select along; if None, `a` is flattened first.

    Returns
    -------
    Tensor
        Of the shape of `a`, with that of `indices` in place of `axis`.
    """
    chosen = indices if isinstance(indices, Node) else np.asarray(indices)
    if axis is None:
        return ravel(a)[chosen]
    return a[(*(slice(None),) * normalize_axis_index(axis, a.ndim), chosen)]


@_implements(np.take_along_axis)
def take_along_axis(arr: Tensor, indices: TensorLike, axis: int) -> Tensor:
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
    return _rearranged(arr, lambda positions: np.take_along_axis(positions, plain(indices), axis))


@_implements(np.sort)
def sort(a: Tensor, axis: int | None = -1) -> Tensor:
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
    return take_along_axis(a, np.argsort(a.data, axis), axis)


@_implements(np.diagonal)
def diagonal(a: Tensor, offset: int = 0) -> Tensor:
    """Return a diagonal of the first two axes, as `numpy.diagonal`.

    Parameters
    ----------
    a : Tensor, shape (n, m, ...)
        The input.
    offset : int, default 0
        Which diagonal: positive ones are above the main diagonal, negative ones below it.

    Returns
    -------
    Tensor, shape (..., k)
        The diagonal is the last axis.
    """
    return _rearranged(a, lambda positions: np.diagonal(positions, offset))


@_implements(np.diag)
def diag(v: Tensor, k: int = 0) -> Tensor:
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
        return diagonal(v, k)
    positions = np.arange(len(v)) + (k if k > 0 else 0)
    return apply(SCATTER, v, index=(positions - k, positions), shape=(len(v) + abs(k),) * 2)


@_implements(np.tril)
def tril(m: Tensor, k: int = 0) -> Tensor:
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


@_implements(np.triu)
def triu(m: Tensor, k: int = 0) -> Tensor:
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


@_implements(np.pad)
def pad(
    array: Tensor, pad_width: Shape | Sequence[Sequence[int]], mode: str = "constant", *, constant_values: ArrayLike = 0
) -> Tensor:
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


@_implements(np.diff)
def diff(a: Tensor, n: int = 1, axis: int = -1) -> Tensor:
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


@_implements(np.copy)
def copy(a: Tensor) -> Tensor:
    """Return the same numbers as a new node, to which the gradient flows, as `numpy.copy`.

    Parameters
    ----------
    a : Tensor
        The input, of any shape.

    Returns
    -------
    Tensor
        Equal to `a`.
    """
    return a.positive()


# Questions about data, answered with plain numbers and arrays, through which no gradient flows
PLAIN = {
    np.shape, np.ndim, np.size, np.argmax, np.argmin, np.argsort, np.argwhere, np.nonzero, np.flatnonzero,
    np.count_nonzero, np.any, np.all, np.allclose, np.isclose, np.array_equal, np.array_equiv, np.zeros_like,
    np.ones_like, np.full_like, np.empty_like, np.searchsorted, np.digitize, np.bincount, np.histogram, np.unique,
    np.isin, np.result_type, np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory, np.array2string,
    np.array_repr, np.array_str,
}  # fmt: skip

# Those of them whose result contains what they were given.
CARRYING = {np.unique, np.bincount, np.histogram, np.full_like}

# A ufunc's `reduce` that is a function above.
REDUCE: dict[np.ufunc, Function] = {np.add: sum, np.multiply: prod, np.maximum: max, np.minimum: min}


def call_ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return the result of a method of a ufunc, such as `np.add.reduce(t)` or `np.multiply.outer(t, u)`.

    Parameters
    ----------
    ufunc : numpy.ufunc
        The ufunc.
    method : str
        The method: "reduce", "accumulate", "outer" and so on.
    inputs : tuple
        Its positional arguments.
    options : dict
        Its keyword arguments.

    Returns
    -------
    Tensor or NotImplemented
        NotImplemented if there is no gate for it.
    """
    if method == "outer" and not options:
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * _ndim(b)), b)
    if method == "accumulate" and ufunc is np.add and len(inputs) == 1 and options.keys() <= {"axis", "dtype"}:
        return cumsum(inputs[0], **{"axis": 0, **options})
    if method == "reduce" and ufunc in REDUCE and len(inputs) == 1 and options.keys() <= {"axis", "keepdims"}:
        return REDUCE[ufunc](inputs[0], **{"axis": 0, **options})
    return NotImplemented
