"""Schedules: how the learning rate changes over the steps of a training."""

from __future__ import annotations

import math
from math import inf

from nn import errors
from nn.hyperparameters import checked
from nn.optim import Optimizer


class OneCycle:
    """Up from max_lr / 25 to max_lr over the first 30 % of the steps, then down to almost 0, both along a cosine.

    Smith and Topin 2018, "Super-convergence"; the shape is that of PyTorch's OneCycleLR. Sets `optimizer.lr` at once
    for the first step; call `step()` after each `optimizer.step()`.

    total_steps  epochs × batches of an epoch
    warm_up      the share of the steps on the way up
    """

    START, END = 1 / 25, 1e-5  # of max_lr, at the first and after the last step

    def __init__(self, optimizer: Optimizer, *, max_lr: float, total_steps: int, warm_up: float = 0.3) -> None:
        checked(int, "total_steps", total_steps, at_least=1)
        self.max_lr = checked(float, "max_lr", max_lr, above=0, below=inf)
        self.warm_up = checked(float, "warm_up", warm_up, at_least=0, at_most=1)
        self.optimizer, self.total_steps, self.steps = optimizer, total_steps, 0
        optimizer.lr = self.rate(0)

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        done = step / self.total_steps
        if done < self.warm_up:
            return self.max_lr * _cosine(self.START, 1.0, done / self.warm_up)
        return self.max_lr * _cosine(1.0, self.END, (done - self.warm_up) / max(1 - self.warm_up, 1e-12))

    def step(self) -> None:
        """Go on to the next step's rate."""
        if self.steps >= self.total_steps:
            raise ValueError(errors.TOTAL_STEPS.format(total=self.total_steps))
        self.steps += 1
        self.optimizer.lr = self.rate(self.steps)


def _cosine(start: float, end: float, share: float) -> float:
    """From start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
