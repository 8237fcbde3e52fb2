"""Clipping: gradients that are too large are made smaller, between backward and an optimiser's step."""

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
    """Scale all gradients by one factor so that their norm is at most max_norm; return the norm that they had.

    The norm is √(Σ g²) over all elements of all gradients together, computed in float64 (Pascanu and others 2013).
    Where it is larger, the factor is max_norm / norm: PyTorch's max_norm / (norm + 1e-6) ends that little below.
    A norm that is infinite or NaN leaves the gradients as they are, for the caller to see. Parameters without a
    gradient are skipped; max_norm=inf measures alone. Arrays are scaled in place, a gradient that was recorded (by
    backward(create_graph=True)) becomes a new, scaled node.
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
                np.multiply(parameter.grad, max_norm / norm, out=parameter.grad, dtype=np.float64, casting="same_kind")
    return norm


def clip_grad_value(parameters: Iterable[Tensor], max_value: float) -> None:
    """Bring every element of every gradient between −max_value and max_value; in place as in clip_grad_norm."""
    max_value = check_number(float, "max_value", max_value, above=0)
    for parameter in _with_grad("clip_grad_value", parameters):
        if isinstance(parameter.grad, Tensor):
            parameter.grad = np.clip(parameter.grad, -max_value, max_value)
        else:
            np.clip(parameter.grad, -max_value, max_value, out=parameter.grad)


def _with_grad(user: str, parameters: Iterable[Tensor]) -> list[Tensor]:
    return [parameter for parameter in parameter_list(user, parameters) if parameter.grad is not None]
