"""Penalties: R(W), how large the weights of a model are, to be added to its loss: `data_loss + 0.001 * l2(model)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add

from autograd import Tensor
from nn import errors
from nn.module import Module


def l2(model: Module | Iterable[Tensor]) -> Tensor:
    """Σ W² over all weights: pulls each towards 0 in proportion to its size (CS231n, "Linear classification").

    model  a Module, or its parameters; of these, those with two or more dimensions are weights: the biases and the
           scales of normalisation are left alone

    On a model whose parameters are all weights, SGD's weight_decay=d does the same as d / 2 · l2.

    >>> l2([Tensor([[1.0, -2.0], [0.0, 3.0]])]).item()
    14.0
    """
    return _penalty(model, lambda weight: weight.square())


def l1(model: Module | Iterable[Tensor]) -> Tensor:
    """Σ |W| over all weights, as l2 has them: pulls each towards 0 by the same amount, which makes many of them 0."""
    return _penalty(model, abs)


def _penalty(model: Module | Iterable[Tensor], of: Callable[[Tensor], Tensor]) -> Tensor:
    parameters = model.parameters() if isinstance(model, Module) else [model] if isinstance(model, Tensor) else model
    terms = [of(parameter).sum() for parameter in parameters if parameter.ndim >= 2]
    if not terms:
        raise ValueError(errors.NO_WEIGHTS)
    return reduce(add, terms)
