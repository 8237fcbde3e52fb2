"""fold: a trained model with every run of affine layers as the one Linear that it amounts to."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from autograd import Tensor
from autograd.errors import describe
from nn import errors
from nn.dropout import Dropout
from nn.linear import Linear
from nn.module import Module
from nn.normalization import BatchNorm1d, Standardize
from nn.sequential import Sequential

Affine = tuple[np.ndarray, np.ndarray]  # x -> weight x + bias; a weight of one dimension is a diagonal


def fold(model: Sequential) -> Sequential:
    """The model as it is in evaluation, in as few layers: a Linear does the work of all affine ones beside it.

    Standardisation, whitening, batch norm with its running mean and variance, and Linear are affine maps, and affine
    maps one after the other are one. Dropout, which lets everything pass in evaluation, goes. What is left computes the
    same numbers but for rounding, in evaluation mode; the model itself stays as it is.

    >>> from nn import ReLU
    >>> model = Sequential(Standardize(3072), Linear(3072, 512, bias=False), BatchNorm1d(512), ReLU(), Linear(512, 10))
    >>> fold(model)
    Sequential(
      0: Linear(3072, 512)
      1: ReLU()
      2: Linear(512, 10)
    )
    """
    if type(model) is not Sequential:
        raise TypeError(errors.FOLD.format(came=describe(model)))
    folded, run = Sequential(), []
    for layer in _flat(deepcopy(model)):
        if _affine(layer) is not None:
            run.append(layer)
            continue
        _append(folded, run)
        run = []
        folded.append(layer)
    _append(folded, run)
    return folded.eval()


def _flat(model: Sequential) -> list[Module]:
    """The layers, those of Sequentials inside too, without what does nothing in evaluation."""
    inside = ((_flat(layer) if type(layer) is Sequential else [layer]) for layer in model)
    return [layer for layers in inside for layer in layers if type(layer) is not Dropout]


def _append(folded: Sequential, run: list[Module]) -> None:
    """The layers of a run, as one Linear where there is one among them."""
    if not any(type(layer) is Linear for layer in run):
        for layer in run:
            folded.append(layer)
        return
    weight: np.ndarray = np.ones(1)
    bias: np.ndarray = np.zeros(1)
    for layer in run:
        affine = _affine(layer)
        assert affine is not None
        weight, bias = _after(affine, (weight, bias))
    dtype = next(layer.weight.dtype for layer in run if type(layer) is Linear)
    linear = Linear(weight.shape[1], weight.shape[0], init="zeros", dtype=dtype)
    linear.weight.data, linear.bias = weight.astype(dtype), Tensor(bias, dtype=dtype, requires_grad=True, label="b")
    folded.append(linear)


def _affine(layer: Module) -> Affine | None:
    """What an affine layer does, in float64; None for any other, also for one derived from these, which may do more."""
    if type(layer) is Linear:
        weight = layer.weight.data.astype(float)
        return weight, np.zeros(len(weight)) if layer.bias is None else layer.bias.data.astype(float)
    if type(layer) is Standardize:
        scale = layer.scale.data.astype(float)
        return 1 / scale, -layer.mean.data / scale
    if type(layer) is BatchNorm1d:
        scale = layer.weight.data / np.sqrt(layer.running_var.data.astype(float) + layer.eps)
        return scale, layer.bias.data - layer.running_mean.data * scale
    return None


def _after(second: Affine, first: Affine) -> Affine:
    """The map that does the first, then the second."""
    (weight, bias), (earlier, shift) = second, first
    if weight.ndim == 1:
        return (weight[:, None] if earlier.ndim == 2 else weight) * earlier, weight * shift + bias
    both = weight @ earlier if earlier.ndim == 2 else weight * earlier
    return both, (weight * shift).sum(axis=1) + bias  # a shift of shape (1,) is the same for all
