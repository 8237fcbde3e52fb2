"""Two measures that keep NumPy fast: small matrix products stay on one thread, and freed memory is kept."""

from __future__ import annotations

import numpy as np

LARGEST_KEPT = (32 << 20) - (64 << 10)  # bytes: glibc never keeps blocks of more than 32 MiB, header included
ONE_THREAD = 1 << 18  # OpenBLAS computes a product of up to this many multiplications on the calling thread
MAX_PIECES = 32  # a product of more pieces gains more from a second thread than it may lose


def product(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Multiply two matrices, and keep a small product on one thread.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        The left matrix.
    y : ndarray, shape (k, m)
        The right matrix.

    Returns
    -------
    ndarray, shape (n, m)
        `x @ y`, of NumPy's result dtype.

    Raises
    ------
    ValueError
        If the inner dimensions differ.

    Notes
    -----
    OpenBLAS uses a second thread for more than `ONE_THREAD` multiplications. On an idle machine that saves a small
    product a few microseconds. On a busy machine the second thread waits milliseconds for a core, and the first thread
    waits for the second. Products of up to `MAX_PIECES` times that size are therefore cut along their longest side into
    pieces that BLAS computes on one thread.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.ones((64, 256)), np.ones((256, 64))  # computed in four pieces
    >>> bool((product(x, y) == x @ y).all())
    True
    """
    (n, k), m = x.shape, y.shape[-1]
    longest, work = max(n, k, m), n * k * m
    if not ONE_THREAD < work <= MAX_PIECES * ONE_THREAD or k != len(y):
        return x @ y
    width = longest * ONE_THREAD // work
    even, dtype = longest - longest % width, np.result_type(x, y)
    if longest == k:
        parts = np.matmul(_column_blocks(x[:, :even], width), y[:even].reshape(-1, width, m))
        return np.sum(parts, axis=0, dtype=dtype) + np.matmul(x[:, even:], y[even:])
    out = np.empty((n, m), dtype)
    if longest == n:
        np.matmul(x[:even].reshape(-1, width, k), y, out=out[:even].reshape(-1, width, m))
        np.matmul(x[even:], y, out=out[even:])
    else:
        np.matmul(x, _column_blocks(y[:, :even], width), out=_column_blocks(out[:, :even], width))
        np.matmul(x, y[:, even:], out=out[:, even:])
    return out


def _column_blocks(matrix: np.ndarray, width: int) -> np.ndarray:
    """Return a view of shape (blocks, rows, width) of a matrix (rows, blocks · width)."""
    return matrix.reshape(len(matrix), -1, width).swapaxes(0, 1)


def keep_freed() -> None:
    """Make glibc keep the memory of freed arrays for the next ones.

    Notes
    -----
    glibc asks the kernel for every block of more than 128 KiB and returns it when it is freed. Each page of a new block
    then costs a page fault on first use: 256 for an array of a megabyte, which takes longer than most gates. A training
    step needs the same sizes again and again. After the largest block has been allocated and freed once, glibc keeps
    all blocks up to that size (mallopt(3), M_MMAP_THRESHOLD). The array is never touched, so it uses no memory. With
    another allocator this has no effect.
    """
    np.empty(LARGEST_KEPT, np.uint8)
