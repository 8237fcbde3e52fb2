"""NumPy's functions on Tensors: each records a gate or is composed of gates; the methods of Tensor are the same ones.

They take NumPy's arguments by NumPy's names, as far as they are listed here; with any other (`out=`, `where=`) and for
any function that is not here, NumPy's call raises a TypeError that names it. What only asks about data (`np.argmax`,
`np.shape`, `np.isclose`) answers in plain numbers and arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from inspect import Signature, signature
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

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
)
from autograd.gates.blocks import LOGSUMEXP, SOFTMAX
from autograd.gates.einsum import EINSUM, explicit
from autograd.gates.gate import GATES
from autograd.graph.node import Node, apply, plain

if TYPE_CHECKING:
    from autograd.graph.tensor import Tensor

Axis = int | tuple[int, ...] | None
FUNCTIONS: dict[Any, Callable[..., Any]] = {}  # by NumPy's function


def _implements(*numpys: Any) -> Callable[[Callable[..., Any]], Any]:
    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(numpys, function))
        return function

    return enter


def call(function: Any, args: Any, options: Any) -> Any:
    """What NumPy's function makes of arguments with Tensors among them."""
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


def _carries_gradients(function: Any, args: Any, options: Any) -> bool:
    """Whether what the function answers would depend on a tracked Tensor: weights, what to fill with, unique values."""
    if function not in CARRYING:
        return False
    carried = args if function is np.unique else [*args[1:], *options.values()]
    return any(isinstance(thing, Node) and thing.requires_grad for thing in carried)


@cache
def _signature(function: Callable[..., Any]) -> Signature:
    return signature(function)


def plain_all(thing: Any) -> Any:
    """The same with the data of its nodes in their place, also inside tuples, lists and dicts."""
    if isinstance(thing, (tuple, list)):
        return type(thing)(map(plain_all, thing))
    return {key: plain_all(value) for key, value in thing.items()} if isinstance(thing, dict) else plain(thing)


def _in(a: Tensor, dtype: Any) -> Tensor:
    return a if dtype is None else a.astype(dtype)


def _ndim(a: Any) -> int:
    return np.ndim(plain(a))


# Reductions


@_implements(np.sum)
def sum(a: Tensor, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Tensor:
    """The sum over `axis` (all of them where None)."""
    return apply(SUM, _in(a, dtype), axis=axis, keepdims=keepdims)


@_implements(np.mean)
def mean(a: Tensor, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Tensor:
    """The mean over `axis` (all of them where None)."""
    return apply(MEAN, _in(a, dtype), axis=axis, keepdims=keepdims)


@_implements(np.max, np.amax)
def max(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """The largest over `axis` (all of them where None); ties split the gradient evenly."""
    return apply(MAX, a, axis=axis, keepdims=keepdims)


@_implements(np.min, np.amin)
def min(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """The smallest over `axis` (all of them where None); ties split the gradient evenly."""
    return apply(MIN, a, axis=axis, keepdims=keepdims)


@_implements(np.prod)
def prod(a: Tensor, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False) -> Tensor:
    """The product over `axis` (all of them where None), in rounds that multiply one half with the other: its
    gradient is right where there are zeros, too.
    """
    a, axes = _in(a, dtype), _axes(a, axis)
    kept = tuple(1 if i in axes else size for i, size in enumerate(a.shape))
    rest = [i for i in range(a.ndim) if i not in axes]
    count = math.prod(a.shape[i] for i in axes)
    a = a.transpose(*axes, *rest).reshape(count, *(a.shape[i] for i in rest))
    if not count:  # the product of nothing
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
def var(a: Tensor, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Tensor:
    """The mean square distance from the mean; the divisor is the number of elements less `ddof`."""
    a = _in(a, dtype)
    total = (a - a.mean(axis, keepdims=True)).square().sum(axis, keepdims=keepdims)
    count = a.size // np.maximum(total.size, 1)
    return total / float(count - ddof)


@_implements(np.std)
def std(a: Tensor, axis: Axis = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Tensor:
    """The square root of the variance; of elements that are all the same its gradient is 0."""
    a = _in(a, dtype)
    distance = norm(a - a.mean(axis, keepdims=True), axis=axis, keepdims=keepdims)
    count = a.size // np.maximum(distance.size, 1)
    return distance / float(np.sqrt(count - ddof))


@_implements(np.average)
def average(a: Any, axis: Axis = None, weights: Any = None) -> Tensor:
    """The mean, weighted where weights are given: of the shape of `a`, or of the axes that are averaged."""
    if weights is None:
        return np.mean(a, axis)
    shape = np.shape(a)
    if np.shape(weights) != shape:
        axes = [int(i) % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,)) if i is not None]
        if np.shape(weights) != tuple(shape[i] for i in axes):
            shapes = f"{shape} and {np.shape(weights)}"
            raise ValueError(errors.CANNOT_COMPUTE.format(gate="average", shapes=shapes, why="weights do not fit"))
        weights = np.transpose(weights, np.argsort(axes))
        weights = np.reshape(weights, tuple(size if i in axes else 1 for i, size in enumerate(shape)))
    return np.sum(a * weights, axis) / np.sum(weights, axis)


@_implements(np.linalg.norm)
def norm(x: Tensor, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """The Euclidean norm over `axis` (or the Frobenius norm); for vectors also ord=1, np.inf. Its gradient at 0: 0."""
    vectors = isinstance(axis, int) or (axis is None and x.ndim == 1)
    if ord is None or (ord == 2 and vectors) or (ord == "fro" and not vectors):
        return apply(NORM, x, axis=axis, keepdims=keepdims)
    if ord in (1, np.inf) and vectors:
        return (sum if ord == 1 else max)(abs(x), axis, keepdims=keepdims)
    raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.linalg.norm(..., ord={ord!r})"))


@_implements(np.cumsum)
def cumsum(a: Tensor, axis: int | None = None, dtype: Any = None) -> Tensor:
    """The sums of the elements up to each, along `axis` (of the flat array where None)."""
    a = _in(a, dtype)
    return apply(CUMSUM, a.ravel() if axis is None else a, axis=axis or 0)


@_implements(np.trace)
def trace(a: Tensor, offset: int = 0) -> Tensor:
    """The sum of the diagonal of the first two axes."""
    return diagonal(a, offset).sum(-1)


def logsumexp(a: Tensor, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """log Σ exp over `axis` (all of them where None), stable for numbers of any size."""
    return apply(LOGSUMEXP, a, axis=axis, keepdims=keepdims)


def softmax(a: Tensor, axis: Axis = -1) -> Tensor:
    """exp / Σ exp over `axis` (all of them where None), stable for numbers of any size."""
    return apply(SOFTMAX, a, axis=axis)


def log_softmax(a: Tensor, axis: Axis = -1) -> Tensor:
    """The logarithm of softmax, stable for numbers of any size."""
    return a - logsumexp(a, axis, keepdims=True)


# Products


@_implements(np.dot)
def dot(a: Any, b: Any) -> Tensor:
    """The sum of products over the last axis of a and the last but one of b (or its only one)."""
    if _ndim(a) == 0 or _ndim(b) == 0:
        return apply(GATES["mul"], a, b)
    return tensordot(a, b, (-1, -2 if _ndim(b) > 1 else 0)) if _ndim(b) > 2 else apply(MATMUL, a, b)


@_implements(np.inner)
def inner(a: Any, b: Any) -> Tensor:
    """The sum of products over the last axes."""
    return dot(a, b) if _ndim(a) == 0 or _ndim(b) == 0 else tensordot(a, b, (-1, -1))


@_implements(np.vdot)
def vdot(a: Any, b: Any) -> Tensor:
    """The sum of the products of all elements."""
    return apply(MATMUL, np.ravel(a), np.ravel(b))


@_implements(np.outer)
def outer(a: Any, b: Any) -> Tensor:
    """Each element of a times each of b."""
    return apply(GATES["mul"], np.reshape(a, (-1, 1)), np.reshape(b, (1, -1)))


@_implements(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Tensor:
    """The sum of products over the axes named of a and of b, or over the last `axes` of a and the first of b."""
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
def einsum(subscripts: str, *operands: Any, optimize: Any = False) -> Tensor:
    """Einstein's sum of products, in NumPy's notation: `np.einsum("ij,jk->ik", a, b)`; `optimize` changes nothing."""
    if not isinstance(subscripts, str):
        raise TypeError(errors.NOT_SUPPORTED.format(function="np.einsum without a string of subscripts"))
    return apply(EINSUM, *operands, subscripts=explicit(subscripts, *(np.shape(x) for x in operands)))


# Shapes


@_implements(np.reshape)
def reshape(a: Tensor, shape: Any) -> Tensor:
    """The same elements in another shape; one size may be −1."""
    return apply(RESHAPE, a, shape=tuple(shape) if np.iterable(shape) else (shape,))


@_implements(np.ravel)
def ravel(a: Tensor) -> Tensor:
    """The elements in one row."""
    return reshape(a, (-1,))


@_implements(np.transpose)
def transpose(a: Tensor, axes: Sequence[int] | None = None) -> Tensor:
    """The axes in another order, reversed where none is given."""
    return apply(TRANSPOSE, a, axes=None if axes is None else tuple(axes))


@_implements(np.swapaxes)
def swapaxes(a: Tensor, axis1: int, axis2: int) -> Tensor:
    """Two axes in each other's place."""
    axes = list(range(a.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose(a, axes)


@_implements(np.moveaxis)
def moveaxis(a: Tensor, source: Any, destination: Any) -> Tensor:
    """Axes moved to other positions, the rest in their order."""
    shape = tuple(range(2, a.ndim + 2))  # sizes by which each axis is known
    moved = np.moveaxis(np.broadcast_to(0, shape), source, destination).shape
    return transpose(a, [size - 2 for size in moved])


@_implements(np.squeeze)
def squeeze(a: Tensor, axis: Axis = None) -> Tensor:
    """Without the axes of length 1."""
    return reshape(a, np.squeeze(a.data, axis).shape)


@_implements(np.expand_dims)
def expand_dims(a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
    """With axes of length 1 at the positions named."""
    return reshape(a, np.expand_dims(a.data, axis).shape)


@_implements(np.atleast_1d)
def atleast_1d(a: Tensor) -> Tensor:
    """A Tensor of one axis or more."""
    return a if a.ndim else reshape(a, (1,))


@_implements(np.atleast_2d)
def atleast_2d(a: Tensor) -> Tensor:
    """A Tensor of two axes or more."""
    return a if a.ndim > 1 else reshape(a, (1, -1))


@_implements(np.broadcast_to)
def broadcast_to(array: Tensor, shape: Any) -> Tensor:
    """Stretched to a shape along axes of length 1."""
    return apply(BROADCAST_TO, array, shape=tuple(shape) if np.iterable(shape) else (shape,))


@_implements(np.flip)
def flip(m: Tensor, axis: Axis = None) -> Tensor:
    """In reversed order along `axis` (all of them where None)."""
    axes = _axes(m, axis)
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


@_implements(np.roll)
def roll(a: Tensor, shift: Any, axis: Axis = None) -> Tensor:
    """Shifted along `axis`; what falls off at the end comes in at the beginning."""
    return _picked(a, lambda places: np.roll(places, shift, axis))


@_implements(np.repeat)
def repeat(a: Tensor, repeats: Any, axis: int | None = None) -> Tensor:
    """Each element (or each slice along `axis`) several times."""
    return _picked(a, lambda places: np.repeat(places, repeats, axis))


@_implements(np.tile)
def tile(A: Tensor, reps: Any) -> Tensor:
    """The whole several times, along each axis."""
    return _picked(A, lambda places: np.tile(places, reps))


def _picked(a: Tensor, arrange: Callable[[Array], Array]) -> Tensor:
    """The elements of `a` as `arrange` puts their places in the flat array."""
    return apply(INDEX, ravel(a), index=arrange(np.arange(a.size).reshape(a.shape)))


# Joining and selecting


@_implements(np.concatenate)
def concatenate(arrays: Sequence[Any], axis: int | None = 0, dtype: Any = None) -> Tensor:
    """One after the other along `axis` (flat where None)."""
    joined = [np.ravel(a) for a in arrays] if axis is None else arrays
    return _in(apply(CONCATENATE, *joined, axis=axis or 0), dtype)


@_implements(np.stack)
def stack(arrays: Sequence[Any], axis: int = 0, dtype: Any = None) -> Tensor:
    """Beside each other along a new axis."""
    return _in(apply(STACK, *arrays, axis=axis), dtype)


@_implements(np.vstack)
def vstack(tup: Sequence[Any]) -> Tensor:
    """One below the other."""
    return concatenate([np.atleast_2d(a) for a in tup])


@_implements(np.hstack)
def hstack(tup: Sequence[Any]) -> Tensor:
    """One to the right of the other."""
    columns = [np.atleast_1d(a) for a in tup]
    return concatenate(columns, 0 if columns[0].ndim == 1 else 1)


@_implements(np.column_stack)
def column_stack(tup: Sequence[Any]) -> Tensor:
    """One-dimensional arrays as the columns of a matrix."""
    return concatenate([a if _ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in tup], 1)


@_implements(np.array_split)
def array_split(ary: Tensor, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """In parts along `axis`, of as equal length as can be, or at the indices named."""
    size = ary.shape[axis]
    if np.iterable(indices_or_sections):
        bounds = [0, *map(int, indices_or_sections), size]
    else:
        parts = np.array_split(np.arange(size), indices_or_sections)
        bounds = [0, *np.cumsum([len(part) for part in parts]).tolist()]
    before = (slice(None),) * normalize_axis_index(axis, ary.ndim)
    return [ary[(*before, slice(i, j))] for i, j in pairwise(bounds)]


@_implements(np.split)
def split(ary: Tensor, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """In parts of equal length along `axis`, or at the indices named."""
    size = ary.shape[axis]
    if not np.iterable(indices_or_sections) and size % indices_or_sections:
        why = f"{size} elements do not split into {indices_or_sections} equal parts"
        raise ValueError(errors.CANNOT_COMPUTE.format(gate="split", shapes=ary.shape, why=why))
    return array_split(ary, indices_or_sections, axis)


@_implements(np.where)
def where(condition: Any, x: Any, y: Any) -> Tensor:
    """`x` where the condition holds, else `y`; each gets its gradient where it was chosen."""
    return apply(GATES["where"], condition, x, y)


@_implements(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Tensor:
    """Within bounds, of which either may be None; at a bound the gradient is that of `a`."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    dtype = np.result_type(*(plain(x) for x in (a, low, high) if x is not None))
    ends: Any = (-float("inf"), float("inf")) if dtype.kind == "f" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    return apply(GATES["clip"], a, ends[0] if low is None else low, ends[1] if high is None else high)


@_implements(np.round, np.around)
def round(a: Tensor, decimals: int = 0) -> Tensor:
    """Rounded; the gradient is 0."""
    return a.rint() if decimals == 0 else (a * 10.0**decimals).rint() / 10.0**decimals


@_implements(np.fix)
def fix(x: Tensor) -> Tensor:
    """Rounded towards 0; the gradient is 0."""
    return x.trunc()


@_implements(np.take)
def take(a: Tensor, indices: Any, axis: int | None = None) -> Tensor:
    """The elements, or the slices along `axis`, that the indices name."""
    indices = indices if isinstance(indices, Node) else np.asarray(indices)
    if axis is None:
        return ravel(a)[indices]
    return a[(*(slice(None),) * normalize_axis_index(axis, a.ndim), indices)]


@_implements(np.take_along_axis)
def take_along_axis(arr: Tensor, indices: Any, axis: int) -> Tensor:
    """Along `axis`, at each place the element that the index there names: what `np.argsort` answers."""
    return _picked(arr, lambda places: np.take_along_axis(places, plain(indices), axis))


@_implements(np.sort)
def sort(a: Tensor, axis: int = -1) -> Tensor:
    """In ascending order along `axis`; each gradient goes back to where its element came from."""
    return take_along_axis(a, np.argsort(a.data, axis), axis)


@_implements(np.diagonal)
def diagonal(a: Tensor, offset: int = 0) -> Tensor:
    """The diagonal of the first two axes."""
    return _picked(a, lambda places: np.diagonal(places, offset))


@_implements(np.diag)
def diag(v: Tensor, k: int = 0) -> Tensor:
    """The diagonal of a matrix, or a matrix with this diagonal."""
    if v.ndim == 2:
        return diagonal(v, k)
    places = np.arange(len(v)) + (k if k > 0 else 0)
    return apply(SCATTER, v, index=(places - k, places), shape=(len(v) + abs(k),) * 2)


@_implements(np.tril)
def tril(m: Tensor, k: int = 0) -> Tensor:
    """The lower triangle, zeros above it."""
    return apply(GATES["where"], np.tril(np.ones(m.shape[-2:], bool), k), m, 0)


@_implements(np.triu)
def triu(m: Tensor, k: int = 0) -> Tensor:
    """The upper triangle, zeros below it."""
    return apply(GATES["where"], np.tril(np.ones(m.shape[-2:], bool), k - 1), 0, m)


@_implements(np.pad)
def pad(array: Tensor, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Tensor:
    """With a border of so many elements before and after each axis, of one constant."""
    if mode != "constant":
        raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.pad(..., mode={mode!r})"))
    border = np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values)
    before = np.broadcast_to(pad_width, (array.ndim, 2))[:, 0]
    inside = tuple(slice(int(i), int(i) + size) for i, size in zip(before, array.shape, strict=True))
    return apply(SCATTER, array, index=inside, shape=border.shape) + border


@_implements(np.diff)
def diff(a: Tensor, n: int = 1, axis: int = -1) -> Tensor:
    """Each element less the one before it along `axis`, n times."""
    before = (slice(None),) * normalize_axis_index(axis, a.ndim)
    for _ in range(n):
        a = a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]
    return a


@_implements(np.copy)
def copy(a: Tensor) -> Tensor:
    """The same numbers as a node of their own; the gradient flows through."""
    return a.positive()


# Questions about data: answered in plain numbers and arrays, through which no gradient flows
PLAIN = {
    np.shape, np.ndim, np.size, np.argmax, np.argmin, np.argsort, np.argwhere, np.nonzero, np.flatnonzero,
    np.count_nonzero, np.any, np.all, np.allclose, np.isclose, np.array_equal, np.array_equiv, np.zeros_like,
    np.ones_like, np.full_like, np.empty_like, np.searchsorted, np.digitize, np.bincount, np.histogram, np.unique,
    np.isin, np.result_type, np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory, np.array2string,
    np.array_repr, np.array_str,
}  # fmt: skip

# Those of them whose answer is made of one of their arguments.
CARRYING = {np.unique, np.bincount, np.histogram, np.full_like}

# A ufunc's `reduce` and `accumulate` that are functions above.
REDUCE: dict[np.ufunc, Callable[..., Any]] = {np.add: sum, np.multiply: prod, np.maximum: max, np.minimum: min}


def call_ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """`np.add.reduce(t)`, `np.add.accumulate(t)`, `np.multiply.outer(t, u)`; NotImplemented where there is no gate."""
    if method == "outer" and not options:
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * _ndim(b)), b)
    if method == "accumulate" and ufunc is np.add and len(inputs) == 1 and options.keys() <= {"axis", "dtype"}:
        return cumsum(inputs[0], **{"axis": 0, **options})
    if method == "reduce" and ufunc in REDUCE and len(inputs) == 1 and options.keys() <= {"axis", "keepdims"}:
        return REDUCE[ufunc](inputs[0], **{"axis": 0, **options})
    return NotImplemented
