"""Exact search for the nearest neighbours, in blocks of queries and samples, compiled by numba.

Each distance is computed from its two vectors alone, so that blocks, threads and the order of the samples do not change
a bit of it:

- uint8 (and bool) is compared in integers, 32 or 64 bytes at a time: LLVM compiles the loops below to psadbw and
  pmaddwd (or vpdpwssd), provided that all of their numbers are int32. Nothing is computed in uint8, which would wrap.
- Other numbers are compared in float64. For L2, a matrix product, which is faster but rounds differently, first shows
  which samples are too far away to be compared.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import joblib
import numpy as np
from sklearn.utils import gen_batches

from autograd.jit import compiled

BLOCK_ROWS = 256  # queries, and samples, in a block
BLOCK_BYTES = 1 << 23  # at most, in a block: samples with very many features make smaller blocks
CHUNK = 1 << 15  # features whose products of bytes, at most 255² each, sum to an int32
SMALLEST_SQUARES = float(np.finfo(float).tiny / np.finfo(float).eps)  # a sum below this may have lost squares
TILE = 4  # queries, and samples, whose products are summed together, so that each is read once for four


_compiled = partial(compiled, fastmath={"reassoc"})  # lets a kernel add several numbers at a time


def nearest_neighbours(
    X: np.ndarray, labels: np.ndarray, queries: np.ndarray, k: int, *, metric: str, n_jobs: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find the k nearest samples to each query, ordered by (distance, label, index).

    Parameters
    ----------
    X : ndarray, shape (n, features)
        The samples.
    labels : ndarray, shape (n,)
        Their labels. Of samples at the same distance, the one with the smaller label comes first, then the one with
        the smaller index.
    queries : ndarray, shape (m, features)
        The queries.
    k : int
        The number of neighbours, at most n.
    metric : {"l1", "l2"}
        The distance: Σ|q − x| or √Σ(q − x)².
    n_jobs : int or None, default None
        The number of threads, as joblib counts them; None means all cores. L2 of types other than uint8 and bool uses
        the threads of BLAS instead.

    Returns
    -------
    distances : ndarray of float64, shape (m, k)
        The distances, nearest first.
    indices : ndarray of int, shape (m, k)
        The neighbours' indices in X.

    Examples
    --------
    >>> X, labels = np.array([[0.0], [2.0], [3.0]]), np.array([1, 0, 0])
    >>> nearest_neighbours(X, labels, np.array([[1.0]]), 2, metric="l1")
    (array([[1., 1.]]), array([[1, 0]]))
    """
    order = np.argsort(labels, kind="stable")
    ranks = np.empty(len(X), np.intp)  # each sample's place in the order of (label, index)
    ranks[order] = np.arange(len(X))
    distances, found = (
        np.full((len(queries), k), np.inf),
        np.full((len(queries), k), len(X)),
    )  # rank n: no neighbour yet

    dtype = _common_dtype(X.dtype, queries.dtype)
    rows = max(1, min(BLOCK_ROWS, BLOCK_BYTES // (X.shape[1] * dtype.itemsize)))
    threads = joblib.cpu_count() if n_jobs is None else joblib.effective_n_jobs(n_jobs)

    def search(block: slice) -> None:
        _search_block(
            X, ranks, _as_block(queries[block], dtype), distances[block], found[block], rows=rows, metric=metric
        )

    if metric == "l2" and dtype != np.uint8:
        threads = 1  # BLAS runs threads of its own, which would compete with ours for the cores
    with ThreadPoolExecutor(threads) as pool:
        blocks = gen_batches(len(queries), min(rows, -(-len(queries) // threads)))
        for _ in pool.map(search, blocks):  # raises the exceptions of the threads
            pass
    return distances, order[found]


def _common_dtype(*got: np.dtype) -> np.dtype:
    """The dtype to compare in: uint8 for uint8 and bool, float32 if it represents all numbers exactly, else float64."""
    if all(dtype in (np.uint8, np.bool_) for dtype in got):
        return np.dtype(np.uint8)
    return np.dtype(np.float32 if np.result_type(*got, np.float32) == np.float32 else np.float64)


def _as_block(samples: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """A block of samples as the kernels expect it; X itself is not converted."""
    block = np.asarray(samples, dtype, order="C").view()
    block.flags.writeable = False  # numba would compile writeable and read-only arrays separately
    return block


def _search_block(
    X: np.ndarray,
    ranks: np.ndarray,
    queries: np.ndarray,
    distances: np.ndarray,
    found: np.ndarray,
    *,
    rows: int,
    metric: str,
) -> None:
    """Fill in the distances and ranks of the k nearest to a block of queries, nearest first."""
    dtype, l2 = queries.dtype, metric == "l2"
    for block in gen_batches(len(X), rows):
        samples = _as_block(X[block], dtype)
        if dtype == np.uint8:
            measured = _l2_distances_uint8(queries, samples) if l2 else _l1_distances_uint8(queries, samples)
        else:
            measured = _lower_bounds(queries, samples) if l2 else np.full((len(queries), len(samples)), np.nan)
            _measure_floats(queries, samples, l2, distances[:, 0].copy(), measured)
        _update_heaps(measured, ranks[block], distances, found)
    order = np.lexsort((found, distances))
    distances[:] = np.take_along_axis(distances, order, axis=1)
    found[:] = np.take_along_axis(found, order, axis=1)


def _lower_bounds(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """A lower bound of each L2 distance (queries, samples), from |q|² + |x|² − 2qx; NaN or infinite if that overflows.

    The error of a sum of n products, in any order, is at most n·eps times the sum of their magnitudes (Higham, Accuracy
    and Stability of Numerical Algorithms, 2002, section 3.1), here at most |q|² + |x|² for each of the three terms,
    plus the smallest normal number for each product that underflows. Eight times that covers all roundings.
    """
    limits, terms = np.finfo(queries.dtype), 8.0 * (queries.shape[1] + 8)
    slack = terms * float(limits.eps)
    with np.errstate(all="ignore"):
        squares = np.add.outer(*(np.einsum("if,if->i", rows, rows).astype(np.float64) for rows in (queries, samples)))
        squares *= 1 - slack if slack < 1 else -np.inf
        squares -= 2 * (queries @ samples.T)
        return np.sqrt(squares - terms * float(limits.tiny))


def _l2_distances_uint8(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """√Σ(q − x)² (queries, samples), from |q|² + |x|² − 2qx: integers that float64 represents exactly."""
    squares = np.add.outer(_squared_norms(queries), _squared_norms(samples))
    products = np.empty(squares.shape, np.int32)
    for start in range(0, queries.shape[1], CHUNK):
        _multiply_chunk(queries, samples, start, products)
        squares -= 2.0 * products
    return np.sqrt(squares)


@_compiled
def _squared_norms(rows):  # type: ignore[no-untyped-def]
    """Σx² of each row of uint8, as float64."""
    norms = np.zeros(len(rows))
    for i in range(len(rows)):
        for start in range(0, rows.shape[1], CHUNK):
            row = rows[i, start : start + CHUNK]
            part = np.int32(0)
            for f in range(len(row)):
                part = _madd(part, row[f], row[f])
            norms[i] += part
    return norms


@_compiled
def _multiply_chunk(queries, samples, start, products):  # type: ignore[no-untyped-def]
    """qx (queries, samples) in int32, over one chunk of the features.

    A tile at the edge repeats the last query, or sample, and writes the same products several times.
    """
    last_query, last_sample, stop = len(queries) - 1, len(samples) - 1, start + CHUNK
    for i in range(0, len(queries), TILE):
        i0, i1, i2, i3 = i, min(i + 1, last_query), min(i + 2, last_query), min(i + 3, last_query)
        q0, q1, q2, q3 = (queries[i0, start:stop], queries[i1, start:stop],
                          queries[i2, start:stop], queries[i3, start:stop])  # fmt: skip
        for j in range(0, len(samples), TILE):
            j0, j1, j2, j3 = j, min(j + 1, last_sample), min(j + 2, last_sample), min(j + 3, last_sample)
            x0, x1, x2, x3 = (samples[j0, start:stop], samples[j1, start:stop],
                              samples[j2, start:stop], samples[j3, start:stop])  # fmt: skip
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = np.int32(0)
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = np.int32(0)
            for f in range(len(q0)):
                a0, a1, a2, a3, b0, b1, b2, b3 = q0[f], q1[f], q2[f], q3[f], x0[f], x1[f], x2[f], x3[f]
                s00, s01, s02, s03 = _madd(s00, a0, b0), _madd(s01, a0, b1), _madd(s02, a0, b2), _madd(s03, a0, b3)
                s10, s11, s12, s13 = _madd(s10, a1, b0), _madd(s11, a1, b1), _madd(s12, a1, b2), _madd(s13, a1, b3)
                s20, s21, s22, s23 = _madd(s20, a2, b0), _madd(s21, a2, b1), _madd(s22, a2, b2), _madd(s23, a2, b3)
                s30, s31, s32, s33 = _madd(s30, a3, b0), _madd(s31, a3, b1), _madd(s32, a3, b2), _madd(s33, a3, b3)
            products[i0, j0], products[i0, j1], products[i0, j2], products[i0, j3] = s00, s01, s02, s03
            products[i1, j0], products[i1, j1], products[i1, j2], products[i1, j3] = s10, s11, s12, s13
            products[i2, j0], products[i2, j1], products[i2, j2], products[i2, j3] = s20, s21, s22, s23
            products[i3, j0], products[i3, j1], products[i3, j2], products[i3, j3] = s30, s31, s32, s33


@_compiled
def _madd(total, x, y):  # type: ignore[no-untyped-def]
    """total + xy of two uint8, in int32."""
    return np.int32(total + np.int32(np.int32(x) * np.int32(y)))


def _l1_distances_uint8(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Σ|q − x| (queries, samples) of uint8, as float64."""
    sums = np.zeros((len(queries), len(samples)))
    _add_differences(queries, samples, sums)
    return sums


@_compiled
def _add_differences(queries, samples, sums):  # type: ignore[no-untyped-def]
    """Add |q − x| to the sums (queries, samples), computed in int32."""
    for start in range(0, queries.shape[1], CHUNK):
        for i in range(len(queries)):
            query = queries[i, start : start + CHUNK]
            for j in range(len(samples)):
                sample = samples[j, start : start + CHUNK]
                part = np.int32(0)
                for f in range(len(query)):
                    part = np.int32(part + np.int32(abs(np.int32(np.int32(query[f]) - np.int32(sample[f])))))
                sums[i, j] += part


@_compiled
def _measure_floats(queries, samples, l2, furthest, sums):  # type: ignore[no-untyped-def]
    """Replace each lower bound by Σ|q − x| or √Σ(q − x)², or by NaN if it shows that the sample is too far away."""
    for i in range(len(queries)):
        for j in range(len(samples)):
            if furthest[i] < sums[i, j] < np.inf:
                sums[i, j] = np.nan
                continue
            total = 0.0
            for f in range(queries.shape[1]):
                difference = np.float64(queries[i, f]) - np.float64(samples[j, f])
                total += difference * difference if l2 else abs(difference)
            if l2:
                safe = SMALLEST_SQUARES < total < np.inf
                total = math.sqrt(total) if safe else _scaled_distance(queries[i], samples[j])
            sums[i, j] = total


@_compiled
def _scaled_distance(query, sample):  # type: ignore[no-untyped-def]
    """√Σ(q − x)² by way of Σ((q − x) / s)², for differences whose squares overflow or vanish."""
    largest = 0.0
    for f in range(len(query)):
        largest = max(largest, abs(np.float64(query[f]) - np.float64(sample[f])))
    if not 0.0 < largest < np.inf:
        return largest
    total = 0.0
    for f in range(len(query)):
        difference = (np.float64(query[f]) - np.float64(sample[f])) / largest
        total += difference * difference
    return largest * math.sqrt(total)


@_compiled
def _update_heaps(measured, ranks, distances, found):  # type: ignore[no-untyped-def]
    """Update each query's heap of the k nearest, which has the furthest of them on top; ignores NaN."""
    for i in range(len(measured)):
        for j in range(len(ranks)):
            if _precedes(measured[i, j], ranks[j], distances[i, 0], found[i, 0]):
                _replace_top(distances[i], found[i], measured[i, j], ranks[j])


@_compiled
def _replace_top(distances, ranks, distance, rank):  # type: ignore[no-untyped-def]
    """Replace the top of a heap, in which no entry precedes its children, by a new entry, and restore the order."""
    place, child = 0, 1
    while child < len(distances):
        right = child + 1
        if right < len(distances) and _precedes(distances[child], ranks[child], distances[right], ranks[right]):
            child = right
        if not _precedes(distance, rank, distances[child], ranks[child]):
            break
        distances[place], ranks[place] = distances[child], ranks[child]
        place, child = child, 2 * child + 1
    distances[place], ranks[place] = distance, rank


@_compiled
def _precedes(distance, rank, other_distance, other_rank):  # type: ignore[no-untyped-def]
    return distance < other_distance or (distance == other_distance and rank < other_rank)
