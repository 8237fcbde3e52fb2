"""Linear: x Wᵀ + b."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.extend import LINEAR, apply
from nn import errors
from nn.init import Init, choose
from nn.module import Module
from nn.validation import check_number


class Linear(Module):
    """A fully connected layer: inputs (n, in_features) to outputs (n, out_features).

    weight  (out_features, in_features), drawn by `init`: a name of nn.init such as "he"; what follows the layer, as in
            init=ReLU or init=LeakyReLU(0.2); a function of (shape, rng); or None for "uniform"
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
        init: str | Init | Module | type[Module] | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = np.float32,
    ) -> None:
        self.in_features = check_number(int, "in_features", in_features, at_least=1)
        self.out_features = check_number(int, "out_features", out_features, at_least=1)
        shape = (self.out_features, self.in_features)
        weight = choose(init)(shape, np.random.default_rng(rng))
        if np.shape(weight) != shape:
            raise ValueError(errors.INIT_SHAPE.format(init=init, got=np.shape(weight), expected=shape))
        self.weight = Tensor(weight, dtype=dtype, requires_grad=True, label="W")
        self.bias = Tensor(np.zeros(self.out_features), dtype=dtype, requires_grad=True, label="b") if bias else None

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim == 0 or x.shape[-1] != self.in_features:
            text = errors.FEATURES.format(layer=self, expected=self.in_features, argument="in_features", got=x.shape)
            raise ValueError(text)
        if self.bias is None:
            return x @ self.weight.T
        if x.ndim == 2:
            return apply(LINEAR, x, self.weight, self.bias)
        return LINEAR.expand(x, self.weight, self.bias)

    def arguments(self) -> dict[str, Any]:
        return {"in_features": self.in_features, "out_features": self.out_features, "bias": self.bias is not None}
