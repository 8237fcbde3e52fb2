"""Penalties R(W) on the size of the weights, to add to a loss: `data_loss + 0.001 * l2(model)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add

from autograd import Tensor
from nn.module import Module


def l2(model: Module | Iterable[Tensor]) -> Tensor:
    """Compute the sum of the squares of all weights, Σ W².

    Parameters
    ----------
    model : Module or iterable of Tensor
        A model or its parameters. Parameters with two or more dimensions are weights; the others, biases and the
        scales of normalisation, are not penalised.

    Returns
    -------
    Tensor, shape ()
        The penalty.

    Raises
    ------
    ValueError
        If there are no weights.

    Notes
    -----
    The gradient pulls each weight towards 0 in proportion to its size. For a model whose parameters are all weights,
    d / 2 · l2 has the same effect as `weight_decay=d` of SGD. Source: CS231n, "Linear classification".

    Examples
    --------
    >>> l2([Tensor([[1.0, -2.0], [0.0, 3.0]])]).item()
    14.0
    """
    return _penalty(model, lambda weight: weight.square())


def l1(model: Module | Iterable[Tensor]) -> Tensor:
    """Compute the sum of the absolute values of all weights, Σ |W|.

    Parameters
    ----------
    model : Module or iterable of Tensor
        A model or its parameters, of which those with two or more dimensions are weights.

    Returns
    -------
    Tensor, shape ()
        The penalty.

    Raises
    ------
    ValueError
        If there are no weights.

    Notes
    -----
    The gradient pulls each weight towards 0 by the same amount, so that many weights become 0.

    Examples
    --------
    >>> l1([Tensor([[1.0, -2.0], [0.0, 3.0]])]).item()
    6.0
    """
    return _penalty(model, abs)


def _penalty(model: Module | Iterable[Tensor], of: Callable[[Tensor], Tensor]) -> Tensor:
    """The sum of a function of each weight."""
    parameters = model.parameters() if isinstance(model, Module) else [model] if isinstance(model, Tensor) else model
    terms = [of(parameter).sum() for parameter in parameters if parameter.ndim >= 2]
    if not terms:
        raise ValueError(
            "no weights to penalise: expected a parameter with two or more dimensions, got none; pass a model with a "
            "Linear that is not frozen (requires_grad=True)"
        )
    return reduce(add, terms)
