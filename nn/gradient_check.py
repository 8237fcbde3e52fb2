"""Numerical check of the gradients of a whole model."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, TypeVar

from autograd import Tensor, gradcheck
from autograd.checking import GradientCheck
from autograd.extend import plain
from nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Targets = TypeVar("Targets")


def check_gradients(
    model: Module,
    loss: Callable[[Tensor, Targets], Tensor],
    X: ArrayLike | Tensor,
    targets: Targets,
    *,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare the gradients of `loss(model(X), targets)` with finite differences, in float64.

    Parameters
    ----------
    model : Module
        The model, which is left unchanged. The loss is computed at least twice for each element of `X` and of the
        parameters, so choose a small model.
    loss : callable
        A loss of nn, or a function of (output, targets) that returns a Tensor.
    X : array_like, shape (n, ...)
        A batch of inputs, converted to float64.
    targets : object
        The targets that `loss` expects.
    tolerance : float, default 1e-6
        The largest relative error to accept, as in `autograd.gradcheck`.

    Returns
    -------
    GradientCheck
        A report with one line for the input and for each parameter, by name. It is true if all gradients agree.

    Notes
    -----
    Each evaluation runs on a copy of the model, with the same random numbers and the same running means.

    Examples
    --------
    >>> from nn import CrossEntropyLoss, Linear, ReLU, Sequential
    >>> model = Sequential(Linear(2, 3, rng=0), ReLU(), Linear(3, 2, rng=1))
    >>> report = check_gradients(model, CrossEntropyLoss(), [[0.5, -1.0], [2.0, 0.3]], [0, 1])
    >>> bool(report), [check.name for check in report.inputs]
    (True, ['X', '0.weight', '0.bias', '2.weight', '2.bias'])
    """
    model = deepcopy(model).astype(float)
    names = {parameter: name for name, parameter in model.named_parameters()}
    for parameter, name in names.items():
        parameter.label = name

    def evaluate(x: Tensor, *parameters: Tensor) -> Tensor:
        replacements: dict[int, object] = {id(old): new for old, new in zip(names, parameters, strict=True)}
        return loss(deepcopy(model, replacements)(x), targets)  # a copy with the new parameters in place of the old

    return gradcheck(evaluate, Tensor(plain(X), dtype=float, label="X"), *names, tolerance=tolerance)
