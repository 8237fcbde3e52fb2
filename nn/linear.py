"""Linear: x Wᵀ + b."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.blocks import LINEAR
from autograd.node import apply
from nn import errors
from nn.init import Init, choose
from nn.module import Module


class Linear(Module):
    """A fully connected layer: inputs (n, in_features) to outputs (n, out_features).

    weight  (out_features, in_features), drawn by `init`: "uniform" (where None), "he", "xavier", "zeros", or a function
            of (shape, rng)
    bias    (out_features,), zeros at first; None with bias=False
    rng     a numpy Generator, a seed, or None for fresh randomness
    dtype   of the parameters
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        init: str | Init | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = np.float32,
    ) -> None:
        for what, size in (("in_features", in_features), ("out_features", out_features)):
            if not isinstance(size, (int, np.integer)) or size < 1:
                raise ValueError(errors.POSITIVE_SIZE.format(what=what, came=size))
        self.in_features, self.out_features = in_features, out_features
        shape = (int(out_features), int(in_features))
        weight = choose(init)(shape, np.random.default_rng(rng))
        if np.shape(weight) != shape:
            raise ValueError(errors.INIT_SHAPE.format(init=init, came=np.shape(weight), expected=shape))
        self.weight = Tensor(weight, dtype=dtype, requires_grad=True, label="W")
        self.bias = Tensor(np.zeros(out_features), dtype=dtype, requires_grad=True, label="b") if bias else None

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim == 0 or x.shape[-1] != self.in_features:
            raise ValueError(errors.LINEAR_INPUT.format(layer=self, expected=self.in_features, came=x.shape))
        if self.bias is None:
            return x @ self.weight.T
        if x.ndim == 2:
            return apply(LINEAR, x, self.weight, self.bias)
        return LINEAR.expand(x, self.weight, self.bias)

    def arguments(self) -> dict[str, Any]:
        return {"in_features": self.in_features, "out_features": self.out_features, "bias": self.bias is not None}
