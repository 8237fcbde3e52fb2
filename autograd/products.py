"""Matrix products: small ones in pieces, each of which BLAS computes on one thread."""

from __future__ import annotations

import numpy as np

ALONE = 1 << 18  # multiplications up to which OpenBLAS keeps to the thread that calls it
PIECES = 16  # in a product of more than these, a second thread brings more than it may cost
WIDTH = 4  # rows or columns in a piece, at least: with fewer, too much is read for too little work


def product(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x @ y, for x (n, k) and y (k, m).

    At best, a second thread saves a small product some microseconds. Where other programs are running it waits for its
    turn on a core, for milliseconds, and the first thread waits for it.
    """
    (n, k), m = x.shape, y.shape[-1]
    work = n * k * m
    width = max(n, m) * ALONE // max(work, 1)  # of a piece of the longer side
    if not ALONE < work <= PIECES * ALONE or width < WIDTH:
        return x @ y
    out = np.empty((n, m), np.result_type(x, y))
    if n >= m:
        even = n - n % width
        np.matmul(x[:even].reshape(-1, width, k), y, out=out[:even].reshape(-1, width, m))
        np.matmul(x[even:], y, out=out[even:])
    else:
        even = m - m % width
        np.matmul(x, _columns(y[:, :even], width), out=_columns(out[:, :even], width))
        np.matmul(x, y[:, even:], out=out[:, even:])
    return out


def _columns(matrix: np.ndarray, width: int) -> np.ndarray:
    """Pieces of so many columns, as a view."""
    return matrix.reshape(len(matrix), -1, width).swapaxes(0, 1)
