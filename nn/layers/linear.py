"""The fully connected layer, x Wᵀ + b."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import Tensor
from autograd.extend import LINEAR, apply
from nn import errors
from nn.init import Init, choose
from nn.module import Module
from nn.validation import check_number

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


class Linear(Module):
    """Fully connected layer, x Wᵀ + b.

    Inputs have shape (..., in_features), outputs (..., out_features).

    Parameters
    ----------
    in_features : int
        The number of input features.
    out_features : int
        The number of output features.
    bias : bool, default True
        Whether to add a bias.
    init : str, callable, Module or type, optional
        The initialisation of the weight: a name in `nn.init` such as "he"; a function of (shape, rng); or the
        activation that follows the layer, as in `init=ReLU` or `init=LeakyReLU(0.2)`. None means "uniform".
    rng : numpy.random.Generator or int, optional
        The random generator, or a seed for one; None for different numbers each time.
    dtype : dtype_like, default numpy.float32
        The dtype of the parameters.

    Attributes
    ----------
    weight : Tensor, shape (out_features, in_features)
        The weight W.
    bias : Tensor, shape (out_features,), or None
        The bias b, initially zeros; None with `bias=False`.
    in_features, out_features : int
        The numbers of features.

    Raises
    ------
    ValueError
        If a number of features is not a positive integer, or the initialisation is unknown or returns another shape.

    Examples
    --------
    >>> layer = Linear(3, 2, rng=0)
    >>> layer(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        init: str | Init | Module | type[Module] | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.in_features = check_number(int, "in_features", in_features, at_least=1)
        self.out_features = check_number(int, "out_features", out_features, at_least=1)
        shape = (self.out_features, self.in_features)
        weight = choose(init)(shape, np.random.default_rng(rng))
        if np.shape(weight) != shape:
            raise ValueError(
                f"Linear expected init to return a weight of shape {shape}, which is (out_features, in_features), "
                f"got shape {np.shape(weight)}; change the function {init}"
            )
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

    def arguments(self) -> dict[str, object]:
        return {"in_features": self.in_features, "out_features": self.out_features, "bias": self.bias is not None}
