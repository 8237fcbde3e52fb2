"""Inverted dropout: in training, random inputs are set to 0 and the others scaled up."""

from __future__ import annotations

import numpy as np

from autograd import Tensor
from nn.module import Module
from nn.validation import check_number


class Dropout(Module):
    """Set each input to 0 with probability p in training mode; return the input unchanged in evaluation mode.

    Parameters
    ----------
    p : float, default 0.5
        The probability that an input is set to 0, at least 0 and below 1.
    rng : numpy.random.Generator or int, optional
        The random generator, or a seed for one; None for different numbers each time.

    Attributes
    ----------
    p : float
        The probability that an input is set to 0.
    rng : numpy.random.Generator
        The random generator.

    Notes
    -----
    The other inputs are divided by 1 − p, so that their mean is the same in both modes. Source: Srivastava and others,
    "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014, in the inverted form of CS231n.

    Examples
    --------
    >>> Dropout(0.5).eval()([1.0, 2.0])
    Tensor([1., 2.], dtype=float64)
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | int | None = None) -> None:
        self.p, self.rng = check_number(float, "dropout's p", p, at_least=0, below=1), np.random.default_rng(rng)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        return x * (kept.astype(x.dtype) / (1 - self.p))
