"""The learning-rate range test: train copies while the learning rate grows; see where the loss falls and blows up."""

from __future__ import annotations

from copy import deepcopy
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from nn import Module, errors
from nn.optim import Optimizer
from nn.training.batches import Augment
from nn.training.evaluation import Samples
from nn.validation import check_number

SMOOTHING = 0.9  # the share of the running mean that stays at each step
BLOWN_UP = 4.0  # times its best: a smoothed loss above that ends the test


class RateRange(NamedTuple):
    """What a range test came to, step by step: arrays (steps taken,)."""

    rates: np.ndarray  # learning rates, growing exponentially
    losses: np.ndarray  # of each step's batch, before the step
    smoothed: np.ndarray  # losses, as a running mean that begins at the first

    @property
    def suggested(self) -> float | None:
        """The rate at which the smoothed loss falls fastest, per factor of the rate; None where it never falls."""
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
    """Train copies of the model and its optimiser for a few steps, at learning rates from `lowest` to `highest`.

    Smith 2017, "Cyclical learning rates for training neural networks", with rates that grow exponentially. Stops early
    once the smoothed loss is above four times its best, or a loss is not finite (which is left out). All that is given
    stays as it is, its randomness too: the same call with the same seed gives the same result.

    optimizer  of this model's parameters; its learning rate, `lr`, is what is changed in the copy
    samples    X (n, features) in any dtype and labels (n,); each step takes another random `batch_size` of them
    augment    as in `Training`
    rng        chooses the samples, and is what `augment` draws from

    Raises ValueError for settings out of their range, and where the loss is not finite in the first two steps.
    """
    check_number(float, "lowest", lowest, above=0)
    check_number(float, "highest", highest, above=lowest, below=inf)
    check_number(int, "steps", steps, at_least=2)
    check_number(int, "batch_size", batch_size, at_least=1)
    if not set(model.parameters()).issuperset(optimizer.parameters):
        raise ValueError(errors.OF_ANOTHER.format(what="optimizer", other="model"))
    model, loss, optimizer, rng = deepcopy((model, loss, optimizer, np.random.default_rng(rng)))  # at once: they share
    model.train()
    X, labels = samples
    rates = np.geomspace(lowest, highest, steps)
    losses: list[float] = []
    smoothed: list[float] = []
    with np.errstate(all="ignore"):  # in the end it blows up, as it should
        for rate in rates:
            batch = rng.choice(len(X), min(batch_size, len(X)), replace=False)
            inputs = augment(X[batch], rng) if augment else X[batch]
            batch_loss = loss(model(inputs), labels[batch])
            value = batch_loss.item()
            if not isfinite(value):
                break
            losses.append(value)
            smoothed.append(SMOOTHING * smoothed[-1] + (1 - SMOOTHING) * value if smoothed else value)
            if smoothed[-1] > BLOWN_UP * min(smoothed):
                break
            optimizer.lr = float(rate)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
    if len(losses) < 2:
        raise ValueError(errors.RANGE_DIVERGED.format(steps=len(losses), rate=lowest))
    return RateRange(rates[: len(losses)], np.array(losses), np.array(smoothed))
