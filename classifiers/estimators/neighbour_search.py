"""The search for the nearest neighbours: exact, in blocks of queries and samples, compiled by numba.

Distances come from the two vectors alone, so that neither blocks nor threads nor the order of the samples change a bit:

- uint8 (and bool) is measured in integers, 32 or 64 bytes at a time: LLVM makes psadbw and pmaddwd (or vpdpwssd) of the
  loops below, as long as all of their numbers are int32. Nothing is taken in uint8, which would wrap.
- other numbers are measured in float64. For L2 a matrix product, faster but differently rounded, first shows which of
  the samples are too far away to be measured.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import joblib
import numpy as np
from sklearn.utils import gen_batches

from autograd.jit import compiled

ROWS = 256  # queries, and samples, of a block
BYTES = 1 << 23  # of a block, at most: samples of very many features make smaller ones
CHUNK = 1 << 15  # features whose products of bytes, 255² at most, add up to an int32
TILE = 4  # queries, and samples, of which all products are added up side by side, so that each is read once for four


_compiled = partial(compiled, fastmath={"reassoc"})  # a kernel that may add several numbers at a time


def nearest(
    X: np.ndarray, labels: np.ndarray, queries: np.ndarray, k: int, *, metric: str, n_jobs: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of the samples X (n, features) to each query (m, features), by (distance, label, index).

    labels  (n,): of samples at the same distance, that with the smaller label comes first, then the earlier one
    metric  "l1": Σ|q − x|, or "l2": √Σ(q − x)²
    n_jobs  threads, as joblib counts them; all cores where None. L2 of other than bytes has those of BLAS instead

    Returns distances (m, k), float64, and indices (m, k) into X.
    """
    order = np.argsort(labels, kind="stable")
    ranks = np.empty(len(X), np.intp)  # each sample's place in (label, index): the smaller one comes first
    ranks[order] = np.arange(len(X))
    distances, found = np.full((len(queries), k), np.inf), np.full((len(queries), k), len(X))  # none: after all others

    dtype = _dtype(X.dtype, queries.dtype)
    rows = max(1, min(ROWS, BYTES // (X.shape[1] * dtype.itemsize)))
    threads = joblib.cpu_count() if n_jobs is None else joblib.effective_n_jobs(n_jobs)

    def search(block: slice) -> None:
        _search(X, ranks, _block(queries[block], dtype), distances[block], found[block], rows=rows, metric=metric)

    if metric == "l2" and dtype != np.uint8:
        threads = 1  # the matrix product has threads of its own, which would fight with ours for the cores
    with ThreadPoolExecutor(threads) as pool:
        blocks = gen_batches(len(queries), min(rows, -(-len(queries) // threads)))
        for _ in pool.map(search, blocks):  # which raises what one of them raised
            pass
    return distances, order[found]


def _dtype(*got: np.dtype) -> np.dtype:
    """What to measure in: uint8 where all is bytes, float32 where that holds all numbers exactly, else float64."""
    if all(dtype in (np.uint8, np.bool_) for dtype in got):
        return np.dtype(np.uint8)
    return np.dtype(np.float32 if np.result_type(*got, np.float32) == np.float32 else np.float64)


def _block(samples: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Some samples as the kernels take them; X itself is kept as it came."""
    block = np.asarray(samples, dtype, order="C").view()
    block.flags.writeable = False  # always, as numba compiles for one or the other
    return block


def _search(
    X: np.ndarray,
    ranks: np.ndarray,
    queries: np.ndarray,
    distances: np.ndarray,
    found: np.ndarray,
    *,
    rows: int,
    metric: str,
) -> None:
    """Fill in the distances and ranks of the k nearest to a block of queries, the nearest first."""
    dtype, l2 = queries.dtype, metric == "l2"
    for block in gen_batches(len(X), rows):
        samples = _block(X[block], dtype)
        if dtype == np.uint8:
            measured = _squares_of_bytes(queries, samples) if l2 else _differences_of_bytes(queries, samples)
        else:
            measured = _lower_bounds(queries, samples) if l2 else np.full((len(queries), len(samples)), np.nan)
            _measure_floats(queries, samples, l2, distances[:, 0].copy(), measured)
        if l2:
            np.sqrt(measured, out=measured)
        _collect(measured, ranks[block], distances, found)
    order = np.lexsort((found, distances))
    distances[:] = np.take_along_axis(distances, order, axis=1)
    found[:] = np.take_along_axis(found, order, axis=1)


def _lower_bounds(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """What each L2 distance (queries, samples) is at least, by |q|² + |x|² − 2qx; NaN or infinite where that overflows.

    A sum of n products in any order is off by at most n·eps times the sum of their magnitudes (Higham, Accuracy and
    Stability of Numerical Algorithms, 2002, section 3.1), here at most |q|² + |x|² for each of the three terms, plus
    the smallest normal number for each product that underflows. Eight times that covers all roundings.
    """
    limits, terms = np.finfo(queries.dtype), 8.0 * (queries.shape[1] + 8)
    slack = terms * float(limits.eps)
    with np.errstate(all="ignore"):
        squares = np.add.outer(*(np.einsum("if,if->i", rows, rows).astype(np.float64) for rows in (queries, samples)))
        squares *= 1 - slack if slack < 1 else -np.inf
        squares -= 2 * (queries @ samples.T)
        return np.sqrt(squares - terms * float(limits.tiny))


def _squares_of_bytes(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Σ(q − x)² as |q|² + |x|² − 2qx: (queries, samples), whole numbers that float64 holds."""
    squares = np.add.outer(_squared_norms(queries), _squared_norms(samples))
    products = np.empty(squares.shape, np.int32)
    for start in range(0, queries.shape[1], CHUNK):
        _multiply(queries, samples, start, products)
        squares -= 2.0 * products
    return squares


@_compiled
def _squared_norms(rows):  # type: ignore[no-untyped-def]
    """Σx² of each row of bytes, as float64."""
    norms = np.zeros(len(rows))
    for i in range(len(rows)):
        for start in range(0, rows.shape[1], CHUNK):
            row = rows[i, start : start + CHUNK]
            part = np.int32(0)
            for f in range(len(row)):
                part = _plus(part, row[f], row[f])
            norms[i] += part
    return norms


@_compiled
def _multiply(queries, samples, start, products):  # type: ignore[no-untyped-def]
    """qx, in integers, over a chunk of the features.

    A tile at the edge has the last query, or sample, several times over, and its products too.
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
                s00, s01, s02, s03 = _plus(s00, a0, b0), _plus(s01, a0, b1), _plus(s02, a0, b2), _plus(s03, a0, b3)
                s10, s11, s12, s13 = _plus(s10, a1, b0), _plus(s11, a1, b1), _plus(s12, a1, b2), _plus(s13, a1, b3)
                s20, s21, s22, s23 = _plus(s20, a2, b0), _plus(s21, a2, b1), _plus(s22, a2, b2), _plus(s23, a2, b3)
                s30, s31, s32, s33 = _plus(s30, a3, b0), _plus(s31, a3, b1), _plus(s32, a3, b2), _plus(s33, a3, b3)
            products[i0, j0], products[i0, j1], products[i0, j2], products[i0, j3] = s00, s01, s02, s03
            products[i1, j0], products[i1, j1], products[i1, j2], products[i1, j3] = s10, s11, s12, s13
            products[i2, j0], products[i2, j1], products[i2, j2], products[i2, j3] = s20, s21, s22, s23
            products[i3, j0], products[i3, j1], products[i3, j2], products[i3, j3] = s30, s31, s32, s33


@_compiled
def _plus(total, x, y):  # type: ignore[no-untyped-def]
    """total + xy, of bytes, in int32."""
    return np.int32(total + np.int32(np.int32(x) * np.int32(y)))


def _differences_of_bytes(queries: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Σ|q − x|: (queries, samples)."""
    sums = np.zeros((len(queries), len(samples)))
    _subtract(queries, samples, sums)
    return sums


@_compiled
def _subtract(queries, samples, sums):  # type: ignore[no-untyped-def]
    """Add up |q − x| in integers."""
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
    """Put Σ|q − x|, or Σ(q − x)², in the place of each lower bound; NaN where the bound says that it is too far."""
    for i in range(len(queries)):
        for j in range(len(samples)):
            if furthest[i] < sums[i, j] < np.inf:
                sums[i, j] = np.nan
                continue
            total = 0.0
            for f in range(queries.shape[1]):
                difference = np.float64(queries[i, f]) - np.float64(samples[j, f])
                total += difference * difference if l2 else abs(difference)
            sums[i, j] = total


@_compiled
def _collect(measured, ranks, distances, found):  # type: ignore[no-untyped-def]
    """Keep the k nearest of each query in a heap, the furthest of them on top; NaN is never one of them."""
    for i in range(len(measured)):
        for j in range(len(ranks)):
            if _before(measured[i, j], ranks[j], distances[i, 0], found[i, 0]):
                _sink(distances[i], found[i], measured[i, j], ranks[j])


@_compiled
def _sink(distances, ranks, distance, rank):  # type: ignore[no-untyped-def]
    """Put an entry in the place of the top of a heap, in which none comes after the one above it."""
    place, child = 0, 1
    while child < len(distances):
        right = child + 1
        if right < len(distances) and _before(distances[child], ranks[child], distances[right], ranks[right]):
            child = right
        if not _before(distance, rank, distances[child], ranks[child]):
            break
        distances[place], ranks[place] = distances[child], ranks[child]
        place, child = child, 2 * child + 1
    distances[place], ranks[place] = distance, rank


@_compiled
def _before(distance, rank, other_distance, other_rank):  # type: ignore[no-untyped-def]
    return distance < other_distance or (distance == other_distance and rank < other_rank)
