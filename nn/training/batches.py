"""The batches of an epoch: where each begins and ends, and what changes its samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]  # (X, rng) -> X, for a batch of raw samples


def batches(n: int, size: int) -> list[slice]:
    """The places of each batch among n samples; a lone one at the end, which batch norm refuses, joins the last.

    >>> batches(7, 3)
    [slice(0, 3, None), slice(3, 7, None)]
    """
    starts = list(range(0, n, size))
    if len(starts) > 1 and size > 1 and n - starts[-1] == 1:
        starts.pop()
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], n], strict=True)]
