"""Normalisation: features of mean 0 and variance 1, over a batch, within a sample, or by numbers known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from autograd.extend import STANDARDIZE, apply
from nn import errors
from nn.module import Module
from nn.validation import check_number

if TYPE_CHECKING:
    from typing import Self


class _Features(Module):
    """What the layers of this file have in common: the number of features, which are the input's last axis."""

    def __init__(self, num_features: int) -> None:
        self.num_features = check_number(int, "num_features", num_features, at_least=1)

    def check(self, x: Tensor, *, fits: bool = True) -> None:
        """Raise where the input has another number of features, or does not fit for another reason."""
        if x.ndim == 0 or x.shape[-1] != self.num_features or not fits:
            text = errors.FEATURES.format(layer=self, expected=self.num_features, argument="num_features", got=x.shape)
            raise ValueError(text)


class _Normalization(_Features):
    """Standardises its input and lets each feature learn a scale and a shift of its own, for what that took away."""

    def __init__(self, num_features: int, *, eps: float, dtype: Any) -> None:
        super().__init__(num_features)
        self.eps = check_number(float, "eps", eps, above=0)
        self.weight = Tensor(np.ones(self.num_features), dtype=dtype, requires_grad=True, label="γ")
        self.bias = Tensor(np.zeros(self.num_features), dtype=dtype, requires_grad=True, label="β")

    def standardized(self, x: Tensor, axis: int) -> Tensor:
        """(x − μ) / √(σ² + eps) · weight + bias, with the mean and variance along an axis."""
        return apply(STANDARDIZE, x, axis=axis, eps=self.eps) * self.weight + self.bias


class BatchNorm1d(_Normalization):
    """Batch normalisation (Ioffe and Szegedy 2015): inputs (n, num_features) to outputs of the same shape.

    In training each feature gets mean 0 and variance 1 over the batch, of two samples or more; in evaluation the
    running mean and variance stand in for the batch's, so that a sample's output does not depend on the others.

    weight, bias  (num_features,): the learned scale and shift, ones and zeros at first
    running_mean, running_var  (num_features,): buffers, zeros and ones at first; each batch in training moves them by
                  the share `momentum` towards its own mean and (unbiased) variance, as in PyTorch
    eps           added to the variance
    dtype         of the parameters and buffers
    """

    def __init__(self, num_features: int, *, eps: float = 1e-5, momentum: float = 0.1, dtype: Any = np.float32) -> None:
        super().__init__(num_features, eps=eps, dtype=dtype)
        self.momentum = check_number(float, "momentum", momentum, at_least=0, at_most=1)
        self.running_mean = Tensor(np.zeros(self.num_features), dtype=dtype, label="running_mean")
        self.running_var = Tensor(np.ones(self.num_features), dtype=dtype, label="running_var")

    def forward(self, x: Tensor) -> Tensor:
        self.check(x, fits=x.ndim == 2)
        if self.training:
            if len(x) < 2:
                raise ValueError(errors.BATCH_OF_ONE.format(layer=self, got=len(x)))
            mean = x.data.mean(axis=0, keepdims=True)
            self._move(self.running_mean, mean[0])
            self._move(self.running_var, x.data.var(axis=0, ddof=1, mean=mean))
            return self.standardized(x, axis=0)
        scale = self.weight / (self.running_var + self.eps).sqrt()
        return x * scale + (self.bias - self.running_mean * scale)  # two passes over x instead of four

    def _move(self, running: Tensor, batch: np.ndarray) -> None:
        running.data = running.data + self.momentum * (batch.astype(running.dtype) - running.data)


class LayerNorm(_Normalization):
    """Layer normalisation (Ba and others 2016): inputs (..., num_features) to outputs of the same shape.

    Each sample's features get mean 0 and variance 1 by themselves: the same in training and evaluation, for any batch.

    weight, bias  (num_features,): the learned scale and shift, ones and zeros at first
    eps           added to the variance
    dtype         of the parameters
    """

    def __init__(self, num_features: int, *, eps: float = 1e-5, dtype: Any = np.float32) -> None:
        super().__init__(num_features, eps=eps, dtype=dtype)

    def forward(self, x: Tensor) -> Tensor:
        self.check(x)
        return self.standardized(x, axis=-1)


class Standardize(_Features):
    """(x − mean) / scale with fixed numbers for each feature: preprocessing that is saved with the model.

    Inputs (..., num_features) of any dtype, such as raw pixels in uint8; outputs are of `dtype`, or float64 of float64.
    The buffers `mean` and `scale`, (num_features,), start as zeros and ones; `Standardize.of(mean, scale)` fills them.

    >>> pixels = np.array([[0, 200], [100, 200]], np.uint8)
    >>> Standardize.of(mean=[50.0, 0.0], scale=[50.0, 100.0])(pixels)
    Tensor([[-1.,  2.],
            [ 1.,  2.]], dtype=float32)
    """

    def __init__(self, num_features: int, *, dtype: Any = np.float32) -> None:
        super().__init__(num_features)
        self.mean = Tensor(np.zeros(self.num_features), dtype=dtype)
        self.scale = Tensor(np.ones(self.num_features), dtype=dtype)

    @classmethod
    def of(cls, mean: Any, scale: Any, *, dtype: Any = np.float32) -> Self:
        """The layer with these numbers, both of shape (num_features,); no scale may be 0."""
        mean, scale = np.asarray(mean), np.asarray(scale)
        if mean.ndim != 1 or mean.shape != scale.shape:
            raise ValueError(errors.STANDARDIZE_SHAPES.format(mean=mean.shape, scale=scale.shape))
        layer = cls(len(mean), dtype=dtype)
        layer.mean.data, layer.scale.data = mean.astype(layer.mean.dtype), scale.astype(layer.scale.dtype)
        if (wrong := ~(np.isfinite(layer.mean.data) & np.isfinite(layer.scale.data) & (layer.scale.data != 0))).any():
            which = int(wrong.argmax())
            text = errors.STANDARDIZE_NUMBERS.format(
                count=wrong.sum(), feature=which, mean=float(mean[which]), scale=float(scale[which])
            )
            raise ValueError(text)
        return layer

    def forward(self, x: Tensor) -> Tensor:
        self.check(x)
        if x.requires_grad:
            return (x - self.mean) / self.scale
        dtype = np.result_type(self.mean.dtype, x.dtype if x.dtype.kind == "f" else self.mean.dtype)
        out = np.subtract(x.data, self.mean.data, dtype=dtype)  # converts in the same pass
        out /= self.scale.data
        return Tensor(out, copy=False)
