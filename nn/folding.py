"""Folding of the affine layers of a trained model, such as batch norm, into its Linear layers."""

from __future__ import annotations

from copy import deepcopy
from functools import reduce

import numpy as np

from autograd import Tensor
from autograd.extend import describe
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.normalization import BatchNorm1d, Standardize
from nn.layers.sequential import Sequential
from nn.module import Module

Affine = tuple[np.ndarray, np.ndarray]  # weight and bias of x -> weight x + bias; a 1-D weight is a diagonal matrix


def fold(model: Sequential) -> Sequential:
    """Fold each chain of affine layers into a single Linear, for faster evaluation.

    Parameters
    ----------
    model : Sequential
        A trained model, which is left unchanged.

    Returns
    -------
    Sequential
        A new model in evaluation mode, which computes the same outputs up to rounding.

    Raises
    ------
    TypeError
        If `model` is not a Sequential.

    Notes
    -----
    In evaluation mode Linear, Standardize and BatchNorm1d are affine maps x → A x + b, and the composition of affine
    maps is affine. A chain without a Linear is left as it is. Dropout is removed.

    Examples
    --------
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
        raise TypeError(f"fold expected a Sequential, got {describe(model)}; pass the layers as Sequential(...)")
    folded = Sequential()
    chain: list[tuple[Module, Affine]] = []
    for layer in _flatten(deepcopy(model)):
        affine = _affine(layer)
        if affine is not None:
            chain.append((layer, affine))
            continue
        _append_folded(folded, chain)
        chain = []
        folded.append(layer)
    _append_folded(folded, chain)
    return folded.eval()


def _flatten(model: Sequential) -> list[Module]:
    """The layers, including those of inner Sequentials, without Dropout."""
    nested = ((_flatten(layer) if type(layer) is Sequential else [layer]) for layer in model)
    return [layer for layers in nested for layer in layers if type(layer) is not Dropout]


def _append_folded(folded: Sequential, chain: list[tuple[Module, Affine]]) -> None:
    """Append the layers of a chain, as one Linear if there is a Linear among them."""
    dtypes = [layer.weight.dtype for layer, _ in chain if type(layer) is Linear]
    if not dtypes:
        for layer, _ in chain:
            folded.append(layer)
        return
    weight, bias = reduce(_compose, (affine for _, affine in chain))
    linear = Linear(weight.shape[1], weight.shape[0], init="zeros", dtype=dtypes[0])
    linear.weight.data = weight.astype(dtypes[0])
    linear.bias = Tensor(bias, dtype=dtypes[0], requires_grad=True, label="b")
    folded.append(linear)


def _affine(layer: Module) -> Affine | None:
    """The affine map of a layer, in float64; None for other layers, and for subclasses, which may do more."""
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


def _compose(first: Affine, second: Affine) -> Affine:
    """The map that applies `first`, then `second`."""
    (inner, shift), (weight, bias) = first, second
    if weight.ndim == 1:
        return (weight[:, None] if inner.ndim == 2 else weight) * inner, weight * shift + bias
    return (weight @ inner if inner.ndim == 2 else weight * inner), weight @ shift + bias
