"""fold: a trained model with every run of affine layers as the one Linear that it amounts to."""

from __future__ import annotations

from copy import deepcopy
from functools import reduce

import numpy as np

from autograd import Tensor
from autograd.extend import describe
from nn import errors
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.normalization import BatchNorm1d, Standardize
from nn.layers.sequential import Sequential
from nn.module import Module

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
        raise TypeError(errors.FOLD.format(got=describe(model)))
    folded = Sequential()
    run: list[tuple[Module, Affine]] = []
    for layer in _flat(deepcopy(model)):
        affine = _affine(layer)
        if affine is not None:
            run.append((layer, affine))
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


def _append(folded: Sequential, run: list[tuple[Module, Affine]]) -> None:
    """The layers of a run, as one Linear where there is one among them."""
    dtypes = [layer.weight.dtype for layer, _ in run if type(layer) is Linear]
    if not dtypes:
        for layer, _ in run:
            folded.append(layer)
        return
    weight, bias = reduce(_then, (affine for _, affine in run))
    linear = Linear(weight.shape[1], weight.shape[0], init="zeros", dtype=dtypes[0])
    linear.weight.data = weight.astype(dtypes[0])
    linear.bias = Tensor(bias, dtype=dtypes[0], requires_grad=True, label="b")
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


def _then(first: Affine, second: Affine) -> Affine:
    """The map that does the first, then the second."""
    (earlier, shift), (weight, bias) = first, second
    if weight.ndim == 1:
        return (weight[:, None] if earlier.ndim == 2 else weight) * earlier, weight * shift + bias
    both = weight @ earlier if earlier.ndim == 2 else weight * earlier
    return both, weight @ shift + bias
