"""Matrix products: small ones in pieces, each of which BLAS computes on one thread."""

from __future__ import annotations

import numpy as np

ALONE = 1 << 18  # multiplications up to which OpenBLAS keeps to the thread that calls it
PIECES = 32  # in a product of more than these, a second thread brings more than it may cost


def product(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x @ y, for x (n, k) and y (k, m).

    At best, a second thread saves a small product some microseconds. Where other programs are running it waits for its
    turn on a core, for milliseconds, and the first thread waits for it. So the longest of the three sides is cut.
    """
    (n, k), m = x.shape, y.shape[-1]
    longest, work = max(n, k, m), n * k * m
    if not ALONE < work <= PIECES * ALONE or k != len(y):
        return x @ y
    width = longest * ALONE // work
    even, dtype = longest - longest % width, np.result_type(x, y)
    if longest == k:
        parts = np.matmul(_columns(x[:, :even], width), y[:even].reshape(-1, width, m))
        return np.sum(parts, axis=0, dtype=dtype) + np.matmul(x[:, even:], y[even:])
    out = np.empty((n, m), dtype)
    if longest == n:
        np.matmul(x[:even].reshape(-1, width, k), y, out=out[:even].reshape(-1, width, m))
        np.matmul(x[even:], y, out=out[even:])
    else:
        np.matmul(x, _columns(y[:, :even], width), out=_columns(out[:, :even], width))
        np.matmul(x, y[:, even:], out=out[:, even:])
    return out


def _columns(matrix: np.ndarray, width: int) -> np.ndarray:
    """Pieces of so many columns, as a view."""
    return matrix.reshape(len(matrix), -1, width).swapaxes(0, 1)
