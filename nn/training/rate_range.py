"""The learning-rate range test: train a copy while the rate grows, to find where the loss falls and diverges."""

from __future__ import annotations

from copy import deepcopy
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from nn import errors
from nn.module import Module
from nn.optim import Optimizer
from nn.training.batches import Augment
from nn.training.evaluation import Samples
from nn.validation import check_number

SMOOTHING = 0.9  # the decay rate of the running mean of the loss
DIVERGED = 4.0  # a smoothed loss of more than this many times its minimum ends the test


class RateRange(NamedTuple):
    """The result of a range test, step by step.

    Attributes
    ----------
    rates : ndarray, shape (steps,)
        The learning rates, which grow exponentially.
    losses : ndarray, shape (steps,)
        The loss of each step's batch, before the step.
    smoothed : ndarray, shape (steps,)
        The losses as a running mean that starts at the first.
    suggested : float or None
        The rate at which the smoothed loss falls fastest.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray

    @property
    def suggested(self) -> float | None:
        """The rate at which the smoothed loss falls fastest, per factor of the rate; None if it never falls."""
        if len(self.smoothed) < 2:
            return None
        slopes = np.gradient(self.smoothed)
        return float(self.rates[slopes.argmin()]) if slopes.min() < 0 else None


def rate_range_test(
    model: Module,
    loss: Module,
    optimizer: Optimizer,
    samples: Samples,
    *,
    augment: Augment | None = None,
    batch_size: int = 256,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    rng: np.random.Generator | int | None = None,
) -> RateRange:
    """Train a copy of a model for a few steps, at learning rates that grow from `lowest` to `highest`.

    The test stops early when the smoothed loss exceeds four times its minimum, or a loss is not finite, which is left
    out. The arguments, including random generators, are unchanged, so the same call gives the same result.

    Parameters
    ----------
    model : Module
        The model.
    loss : Module
        A module of (scores, labels) that returns one number.
    optimizer : Optimizer
        An optimiser of the model's parameters. The test changes the learning rate of a copy.
    samples : tuple of (array, array)
        X of shape (n, ...) in any dtype, and labels of shape (n,).
    augment : callable or None, default None
        A function ``(X, rng)`` that returns a changed copy of a batch, as in `Training`.
    batch_size : int, default 256
        The number of samples in a step, drawn at random.
    lowest, highest : float, default 1e-6 and 10.0
        The first and the last learning rate.
    steps : int, default 100
        The largest number of steps.
    rng : Generator, int or None, default None
        A NumPy Generator or a seed, for drawing and augmenting samples.

    Returns
    -------
    RateRange
        Rates and losses of each step, and a suggested rate.

    Raises
    ------
    ValueError
        If a setting is out of range, the optimiser belongs to another model, or the loss is not finite in the first two
        steps.

    Notes
    -----
    Smith 2017, "Cyclical learning rates for training neural networks", with rates that grow exponentially.

    Examples
    --------
    >>> import numpy as np
    >>> from nn import CrossEntropyLoss, Linear, optim
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> model = Linear(2, 2, rng=0)
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> result = rate_range_test(model, CrossEntropyLoss(), optimizer, (X, (X[:, 0] > 0).astype(int)), rng=0)
    >>> 0.01 < result.suggested < 10
    True
    """
    check_number(float, "lowest", lowest, above=0)
    check_number(float, "highest", highest, above=lowest, below=inf)
    check_number(int, "steps", steps, at_least=2)
    check_number(int, "batch_size", batch_size, at_least=1)
    if not set(model.parameters()).issuperset(optimizer.parameters):
        raise ValueError(errors.OF_ANOTHER.format(part="optimizer", other="model"))
    # copied together, as the optimiser shares the model's parameters and all may share a generator
    model, loss, optimizer, rng = deepcopy((model, loss, optimizer, np.random.default_rng(rng)))
    model.train()
    X, labels = samples
    rates = np.geomspace(lowest, highest, steps)
    losses: list[float] = []
    smoothed: list[float] = []
    with np.errstate(all="ignore"):  # the loss is meant to diverge at the end
        for rate in rates:
            batch = rng.choice(len(X), min(batch_size, len(X)), replace=False)
            inputs = augment(X[batch], rng) if augment else X[batch]
            batch_loss = loss(model(inputs), labels[batch])
            value = batch_loss.item()
            if not isfinite(value):
                break
            losses.append(value)
            smoothed.append(SMOOTHING * smoothed[-1] + (1 - SMOOTHING) * value if smoothed else value)
            if smoothed[-1] > DIVERGED * min(smoothed):
                break
            optimizer.lr = float(rate)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
    if len(losses) < 2:
        raise ValueError(
            f"rate_range_test expected a finite loss in the first two steps, but the loss was not finite after "
            f"{len(losses)} steps, at a learning rate of about {lowest:g}; "
            f"pass a lower lowest=, or standardise the inputs"
        )
    return RateRange(rates[: len(losses)], np.array(losses), np.array(smoothed))
