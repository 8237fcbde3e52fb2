"""Dropout, inverted: in training a random share of the inputs is set to 0 and the rest scaled up."""

from __future__ import annotations

import numpy as np

from autograd import Tensor
from nn.module import Module
from nn.validation import check_number


class Dropout(Module):
    """Sets each input to 0 with probability p, in training; lets everything pass after `eval()`.

    What is kept is divided by 1 − p, so that the mean stays and nothing need be scaled in evaluation (Srivastava and
    others 2014, in the inverted form of CS231n). `rng` is a numpy Generator, a seed, or None for fresh randomness.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | int | None = None) -> None:
        self.p, self.rng = check_number(float, "dropout's p", p, at_least=0, below=1), np.random.default_rng(rng)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        return x * (kept.astype(x.dtype) / (1 - self.p))
