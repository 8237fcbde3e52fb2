"""The layer that reshapes each sample to one row of numbers."""

from __future__ import annotations

import math

from autograd import Tensor
from nn.module import Module


class Flatten(Module):
    """Reshape inputs of shape (n, ...) to (n, features), as `Linear` expects them.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 3, 32, 32))).shape
    (5, 3072)
    """

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim == 0:
            raise ValueError(
                "Flatten expected a batch of shape (n, ...), got a single number; pass an array with one row per sample"
            )
        return x.reshape(len(x), math.prod(x.shape[1:]))
