"""Clipping of gradients, between `backward` and the step of an optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import inf

import numpy as np

from autograd import Tensor
from autograd.extend import plain
from nn.optim.base import parameter_list
from nn.validation import check_number


def clip_grad_norm(parameters: Iterable[Tensor], max_norm: float) -> float:
    """Scale the gradients so that their total norm is at most `max_norm`.

    Parameters
    ----------
    parameters : iterable of Tensor
        The parameters. Those without a gradient are skipped.
    max_norm : float
        The largest norm to allow, above 0; `inf` only computes the norm.

    Returns
    -------
    float
        The norm before scaling.

    Raises
    ------
    TypeError
        If `parameters` is not an iterable of parameters.
    ValueError
        If `max_norm` is not above 0.

    Notes
    -----
    The norm is √(Σ g²) over the elements of all gradients, computed in float64. If it is larger than `max_norm`, all
    gradients are multiplied by max_norm / norm; PyTorch multiplies by max_norm / (norm + 1e-6), which is slightly less.
    If the norm is infinite or NaN, the gradients are unchanged.

    Arrays are scaled in place; a read-only one is replaced by a copy. A gradient with a graph of its own, from
    `backward(create_graph=True)`, is replaced by a new node. Source: Pascanu, Mikolov and Bengio, "On the difficulty of
    training recurrent neural networks", 2013.

    Examples
    --------
    >>> w = Tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = np.array([3.0, 4.0])
    >>> clip_grad_norm([w], max_norm=1.0), w.grad
    (5.0, array([0.6, 0.8]))
    """
    max_norm = check_number(float, "max_norm", max_norm, above=0)
    with_grad = _with_grad("clip_grad_norm", parameters)
    with np.errstate(over="ignore"):
        norm = math.sqrt(sum(np.square(plain(p.grad), dtype=np.float64).sum() for p in with_grad))
    if max_norm < norm < inf:
        for parameter in with_grad:
            if isinstance(parameter.grad, Tensor):
                parameter.grad = parameter.grad * (max_norm / norm)
            else:  # in float64, as the factor may be too small for float32
                grad = _writable_grad(parameter)
                np.multiply(grad, max_norm / norm, out=grad, dtype=np.float64, casting="same_kind")
    return norm


def clip_grad_value(parameters: Iterable[Tensor], max_value: float) -> None:
    """Clip each element of each gradient to the range from −max_value to max_value.

    Parameters
    ----------
    parameters : iterable of Tensor
        The parameters. Those without a gradient are skipped.
    max_value : float
        The largest absolute value to allow, above 0.

    Raises
    ------
    TypeError
        If `parameters` is not an iterable of parameters.
    ValueError
        If `max_value` is not above 0.

    Notes
    -----
    Arrays are clipped in place; a read-only one is replaced by a copy, and a gradient with a graph of its own by a new
    node.

    Examples
    --------
    >>> w = Tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = np.array([3.0, -0.5])
    >>> clip_grad_value([w], max_value=1.0)
    >>> w.grad
    array([ 1. , -0.5])
    """
    max_value = check_number(float, "max_value", max_value, above=0)
    for parameter in _with_grad("clip_grad_value", parameters):
        if isinstance(parameter.grad, Tensor):
            parameter.grad = np.clip(parameter.grad, -max_value, max_value)
        else:
            grad = _writable_grad(parameter)
            np.clip(grad, -max_value, max_value, out=grad)


def _writable_grad(parameter: Tensor) -> np.ndarray:
    """The gradient's array; a read-only one that a user set, such as a memory map, is replaced by a copy."""
    grad: np.ndarray = parameter.grad
    if not grad.flags.writeable:
        grad = parameter.grad = np.array(grad)
    return grad


def _with_grad(caller: str, parameters: Iterable[Tensor]) -> list[Tensor]:
    """The parameters that have a gradient."""
    return [parameter for parameter in parameter_list(caller, parameters) if parameter.grad is not None]
