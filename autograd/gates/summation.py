"""Sums and means that stay accurate: over many rows of float32, and in half precision.

NumPy adds the rows of an array one after the other: over a million rows of float32 the sum of a column is off by up to
one per cent. `total` adds blocks of rows by a matrix product, which is also faster, and the sums of the blocks in
float64. Half precision is added up in float32, as in PyTorch. Everything else, and every short sum, is NumPy's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray
Axis: TypeAlias = int | tuple[int, ...] | None
Rule: TypeAlias = Callable[..., Array]

HALF = np.dtype(np.float16)
LONG = 1024  # numbers that are added up for one result: from here on the blocks are faster than NumPy, too
BLOCK = 128  # rows added up in float32


def total(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Return the sum of an array, as `numpy.sum`, in its dtype.

    Parameters
    ----------
    x : ndarray or Tensor
        The array; of a Tensor the sum is recorded.
    axis : int or tuple of int, optional
        The axes to add over; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    ndarray or Tensor
        The sum. Of float32 numbers it is within 1e-6 of the sum of their magnitudes, however many there are.
    """
    if x.size < LONG or x.dtype.char not in "ef" or not isinstance(x, np.ndarray):
        return np.sum(x, axis=axis, keepdims=keepdims)
    if x.dtype == HALF:
        return total(x.astype(np.float32), axis, keepdims).astype(HALF)
    axes = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    reduced = sorted(each % x.ndim for each in axes)
    kept = [each for each in range(x.ndim) if each not in reduced]
    pairwise = x.flags.c_contiguous and reduced == list(range(len(kept), x.ndim))  # by NumPy, along what is contiguous
    if pairwise or math.prod(x.shape[each] for each in reduced) < LONG:
        return np.sum(x, axis=axis, keepdims=keepdims)
    rows = x.transpose(*reduced, *kept).reshape(-1, math.prod(x.shape[each] for each in kept))
    shape = [1 if each in reduced else size for each, size in enumerate(x.shape)] if keepdims else x.shape
    return _of_rows(rows).reshape([shape[each] for each in (range(x.ndim) if keepdims else kept)])


def _of_rows(rows: Array) -> Array:
    """The sums of the columns of a float32 matrix."""
    even = len(rows) - len(rows) % BLOCK
    blocks = rows[:even].reshape(-1, BLOCK, rows.shape[1])
    sums = np.matmul(np.ones((1, BLOCK), rows.dtype), blocks)[:, 0]
    return (sums.sum(axis=0, dtype=np.float64) + rows[even:].sum(axis=0, dtype=np.float64)).astype(rows.dtype)


def average(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Return the mean of an array, as `numpy.mean`, in the dtype that NumPy's mean has.

    Parameters
    ----------
    x : ndarray or Tensor
        The array; of a Tensor the mean is recorded.
    axis : int or tuple of int, optional
        The axes to average over; all if None.
    keepdims : bool, default False
        Whether to keep the reduced axes, with length 1.

    Returns
    -------
    ndarray or Tensor
        The mean.
    """
    if x.size < LONG or x.dtype.char not in "ef" or not isinstance(x, np.ndarray):
        return np.mean(x, axis=axis, keepdims=keepdims)
    sums = total(x.astype(np.float32, copy=False), axis, keepdims)
    return np.divide(sums, x.size // max(sums.size, 1)).astype(x.dtype, copy=False)


def in_single(rule: Rule) -> Rule:
    """Return a rule that computes in float32 where all its floating-point inputs are half precision.

    Parameters
    ----------
    rule : callable
        A rule of arrays or Tensors that adds up or squares: `forward` or `vjp` of a gate over arrays.

    Returns
    -------
    callable
        The same rule; of float16 arrays it gives the float32 result, rounded to float16. A plain number stays one.
    """

    def computed(*inputs: Array, **attributes: object) -> Array:
        dtypes = [getattr(x, "dtype", None) for x in inputs]
        if HALF not in dtypes:
            return rule(*inputs, **attributes)
        single = (x.astype(np.float32) if dtype == HALF else x for x, dtype in zip(inputs, dtypes, strict=True))
        out = rule(*single, **attributes)
        wider = any(dtype is not None and dtype.kind == "f" and dtype != HALF for dtype in dtypes)
        return out if wider or not hasattr(out, "dtype") else out.astype(HALF)

    return computed
