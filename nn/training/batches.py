"""The batches of an epoch: where each begins and ends, and the progress of a run within an epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]  # (X, rng) -> X, for a batch of raw samples


def batches(n: int, size: int) -> list[slice]:
    """Divide n samples into batches.

    A single sample at the end joins the batch before it, since batch normalisation rejects a batch of one.

    Parameters
    ----------
    n : int
        The number of samples.
    size : int
        The number of samples in a batch.

    Returns
    -------
    list of slice
        The indices of each batch.

    Examples
    --------
    >>> batches(7, 3)
    [slice(0, 3, None), slice(3, 7, None)]
    """
    starts = list(range(0, n, size))
    if len(starts) > 1 and size > 1 and n - starts[-1] == 1:
        starts.pop()
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], n], strict=True)]


@dataclass
class EpochPosition:
    """The progress of a run within an epoch, and sums over the samples so far.

    Parameters
    ----------
    order : ndarray of int, shape (n,), or None, default None
        The samples in the order of this epoch; None between epochs.
    batch : int, default 0
        The number of batches done.
    seen : int, default 0
        The number of samples done.
    correct : int or None, default 0
        How many of them were classified correctly; None if the labels are not classes.
    loss_sum : float, default 0.0
        The sum of their losses.

    Attributes
    ----------
    loss : float
        The mean loss so far.
    accuracy : float or None
        The share of correct samples so far.
    """

    order: np.ndarray | None = None
    batch: int = 0
    seen: int = 0
    correct: int | None = 0
    loss_sum: float = 0.0

    def count(self, loss: float, samples: int, hits: np.ndarray | None) -> None:
        """Add a batch to the sums.

        Parameters
        ----------
        loss : float
            The mean loss of the batch.
        samples : int
            The number of its samples.
        hits : ndarray of bool, shape (samples,), or None
            Whether each sample was classified correctly; None if the labels are not classes.
        """
        self.batch += 1
        self.seen += samples
        self.loss_sum += loss * samples
        self.correct = None if hits is None or self.correct is None else self.correct + int(hits.sum())

    @property
    def loss(self) -> float:
        """The mean loss so far."""
        return self.loss_sum / max(self.seen, 1)

    @property
    def accuracy(self) -> float | None:
        """The share of correct samples so far; None if the labels are not classes."""
        return None if self.correct is None else self.correct / max(self.seen, 1)
