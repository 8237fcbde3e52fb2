"""Normalisation of features to mean 0 and variance 1: over the batch, within a sample, or with fixed numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import Tensor
from autograd.extend import STANDARDIZE, apply, average, total
from nn import errors
from nn.module import Module
from nn.validation import check_number

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike, DTypeLike


class _Features(Module):
    """A layer with a fixed number of features, which are the last axis of its input."""

    def __init__(self, num_features: int) -> None:
        self.num_features = check_number(int, "num_features", num_features, at_least=1)

    def _check(self, x: Tensor, *, fits: bool = True) -> None:
        """Raise a ValueError if the input has another number of features, or does not fit for another reason."""
        if x.ndim == 0 or x.shape[-1] != self.num_features or not fits:
            text = errors.FEATURES.format(layer=self, expected=self.num_features, argument="num_features", got=x.shape)
            raise ValueError(text)


class _Normalization(_Features):
    """Normalisation followed by a learned scale and shift of each feature."""

    def __init__(self, num_features: int, *, eps: float, dtype: DTypeLike) -> None:
        super().__init__(num_features)
        self.eps = check_number(float, "eps", eps, above=0)
        self.weight = Tensor(np.ones(self.num_features), dtype=dtype, requires_grad=True, label="γ")
        self.bias = Tensor(np.zeros(self.num_features), dtype=dtype, requires_grad=True, label="β")

    def _normalize(self, x: Tensor, axis: int) -> Tensor:
        """(x − μ) / √(σ² + eps) · weight + bias, with the mean μ and variance σ² along an axis."""
        return apply(STANDARDIZE, x, axis=axis, eps=self.eps) * self.weight + self.bias


class BatchNorm1d(_Normalization):
    """Batch normalisation of inputs of shape (n, num_features).

    In training mode each feature is normalised to mean 0 and variance 1 over the batch, which needs at least two
    samples. In evaluation mode the running mean and variance are used instead, so that the output for a sample does
    not depend on the other samples.

    Parameters
    ----------
    num_features : int
        The number of features.
    eps : float, default 1e-5
        A number added to the variance, above 0.
    momentum : float, default 0.1
        The weight of a new batch in the running mean and variance, from 0 to 1.
    dtype : dtype_like, default numpy.float32
        The dtype of the parameters, and of the buffers unless it is float16: these are float32 then.

    Attributes
    ----------
    weight : Tensor, shape (num_features,)
        The learned scale γ, initially ones.
    bias : Tensor, shape (num_features,)
        The learned shift β, initially zeros.
    running_mean : Tensor, shape (num_features,)
        A buffer, initially zeros.
    running_var : Tensor, shape (num_features,)
        A buffer, initially ones.
    num_features : int
        The number of features.
    eps, momentum : float
        The settings.

    Notes
    -----
    The output is γ (x − μ) / √(σ² + eps) + β. In training mode each batch updates
    running ← (1 − momentum) · running + momentum · batch, with the unbiased variance, as PyTorch does. Source: Ioffe
    and Szegedy, "Batch Normalization", 2015.

    Examples
    --------
    >>> BatchNorm1d(2, eps=1e-9)(np.array([[0.0, 1.0], [2.0, 5.0]])).data.round(3)
    array([[-1., -1.],
           [ 1.,  1.]])
    """

    def __init__(
        self, num_features: int, *, eps: float = 1e-5, momentum: float = 0.1, dtype: DTypeLike = np.float32
    ) -> None:
        super().__init__(num_features, eps=eps, dtype=dtype)
        self.momentum = check_number(float, "momentum", momentum, at_least=0, at_most=1)
        dtype = np.promote_types(dtype, np.float32)  # the variance of half precision may be beyond its range
        self.running_mean = Tensor(np.zeros(self.num_features), dtype=dtype, label="running_mean")
        self.running_var = Tensor(np.ones(self.num_features), dtype=dtype, label="running_var")

    def forward(self, x: Tensor) -> Tensor:
        self._check(x, fits=x.ndim == 2)
        if self.training:
            if len(x) < 2:
                raise ValueError(
                    f"{self} in training mode expected a batch of at least two samples, since one has no variance, got "
                    f"{len(x)}; leave out a last batch of one, or call eval() to use the running mean and variance"
                )
            data = x.data.astype(np.promote_types(x.dtype, np.float32), copy=False)
            mean = average(data, 0)
            self._update(self.running_mean, mean)
            with np.errstate(over="ignore"):
                var = total(np.square(data - mean), 0) / (len(data) - 1)
            self._update(self.running_var, np.where(np.isinf(var), np.nan, var))  # by infinity, eval() would give 0
            return self._normalize(x, axis=0)
        scale = self.weight / (self.running_var + self.eps).sqrt()
        shift, dtype = self.bias - self.running_mean * scale, self.weight.dtype
        return x * _in_dtype(scale, dtype) + _in_dtype(shift, dtype)  # two passes over x instead of four

    def _update(self, running: Tensor, batch: np.ndarray) -> None:
        """Move a running mean or variance towards that of a batch."""
        running.data = running.data + self.momentum * (batch.astype(running.dtype) - running.data)


class LayerNorm(_Normalization):
    """Layer normalisation of inputs of shape (..., num_features).

    The features of each sample are normalised to mean 0 and variance 1. The output for a sample does not depend on the
    batch or on the mode.

    Parameters
    ----------
    num_features : int
        The number of features.
    eps : float, default 1e-5
        A number added to the variance, above 0.
    dtype : dtype_like, default numpy.float32
        The dtype of the parameters.

    Attributes
    ----------
    weight : Tensor, shape (num_features,)
        The learned scale γ, initially ones.
    bias : Tensor, shape (num_features,)
        The learned shift β, initially zeros.
    num_features : int
        The number of features.
    eps : float
        The number added to the variance.

    Notes
    -----
    The output is γ (x − μ) / √(σ² + eps) + β. Source: Ba, Kiros and Hinton, "Layer Normalization", 2016.

    Examples
    --------
    >>> LayerNorm(2, eps=1e-9)(np.array([[0.0, 1.0], [2.0, 5.0]])).data.round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    def __init__(self, num_features: int, *, eps: float = 1e-5, dtype: DTypeLike = np.float32) -> None:
        super().__init__(num_features, eps=eps, dtype=dtype)

    def forward(self, x: Tensor) -> Tensor:
        self._check(x)
        return self._normalize(x, axis=-1)


class Standardize(_Features):
    """Preprocessing (x − mean) / scale with a fixed mean and scale of each feature, saved with the model.

    Inputs have shape (..., num_features) and any numeric dtype, such as raw pixels in uint8. `Standardize.of(mean,
    scale)` constructs the layer from its numbers.

    Parameters
    ----------
    num_features : int
        The number of features.
    dtype : dtype_like, default numpy.float32
        The dtype of the buffers, and of the output unless the input is of a wider floating-point dtype.

    Attributes
    ----------
    mean : Tensor, shape (num_features,)
        A buffer, initially zeros.
    scale : Tensor, shape (num_features,)
        A buffer, initially ones.
    num_features : int
        The number of features.

    Examples
    --------
    >>> pixels = np.array([[0, 200], [100, 200]], np.uint8)
    >>> Standardize.of(mean=[50.0, 0.0], scale=[50.0, 100.0])(pixels)
    Tensor([[-1.,  2.],
            [ 1.,  2.]], dtype=float32)
    """

    def __init__(self, num_features: int, *, dtype: DTypeLike = np.float32) -> None:
        super().__init__(num_features)
        self.mean = Tensor(np.zeros(self.num_features), dtype=dtype)
        self.scale = Tensor(np.ones(self.num_features), dtype=dtype)

    @classmethod
    def of(cls, mean: ArrayLike, scale: ArrayLike, *, dtype: DTypeLike = np.float32) -> Self:
        """Construct the layer from its mean and scale.

        Parameters
        ----------
        mean : array_like, shape (num_features,)
            The mean of each feature.
        scale : array_like, shape (num_features,)
            The number by which each feature is divided, not 0; usually its standard deviation.
        dtype : dtype_like, default numpy.float32
            The dtype of the buffers.

        Returns
        -------
        Standardize
            The layer.

        Raises
        ------
        ValueError
            If the shapes differ or are not one-dimensional, a number is not finite, or a scale is 0.
        """
        mean, scale = np.asarray(mean), np.asarray(scale)
        if mean.ndim != 1 or mean.shape != scale.shape:
            raise ValueError(
                f"Standardize expected mean and scale both of shape (features,), got shapes {mean.shape} and "
                f"{scale.shape}; flatten the samples first, or repeat a shared number for each feature"
            )
        layer = cls(len(mean), dtype=dtype)
        layer.mean.data, layer.scale.data = mean.astype(layer.mean.dtype), scale.astype(layer.scale.dtype)
        if (wrong := ~(np.isfinite(layer.mean.data) & np.isfinite(layer.scale.data) & (layer.scale.data != 0))).any():
            first = int(wrong.argmax())
            raise ValueError(
                f"Standardize expected finite means and finite scales other than 0, got others in {wrong.sum()} "
                f"features, first in feature {first}: mean {float(mean[first])}, scale {float(scale[first])}; leave "
                "out constant features, or give them scale 1"
            )
        return layer

    def forward(self, x: Tensor) -> Tensor:
        self._check(x)
        if x.requires_grad:
            return (x - self.mean) / self.scale
        dtype = np.result_type(self.mean.dtype, x.dtype if x.dtype.kind == "f" else self.mean.dtype)
        out = np.subtract(x.data, self.mean.data, dtype=dtype)  # converts in the same pass
        out /= self.scale.data
        return Tensor(out, copy=False)


def _in_dtype(x: Tensor, dtype: np.dtype) -> Tensor:
    return x if x.dtype == dtype else x.astype(dtype)
