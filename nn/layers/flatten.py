"""Flatten: each sample as one row of numbers."""

from __future__ import annotations

import math

from autograd import Tensor
from nn import errors
from nn.module import Module


class Flatten(Module):
    """Inputs (n, ...) to outputs (n, features): each sample's numbers in their order, as a Linear takes them."""

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim == 0:
            raise ValueError(errors.FLATTEN_INPUT)
        return x.reshape(len(x), math.prod(x.shape[1:]))
