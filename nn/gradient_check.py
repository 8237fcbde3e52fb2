"""check_gradients: the gradient of a loss by every parameter of a model and by its input, checked numerically."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from autograd import Tensor, gradcheck
from autograd.checking import GradientCheck
from autograd.extend import plain
from nn.module import Module


def check_gradients(
    model: Module, loss: Callable[[Tensor, Any], Tensor], X: Any, targets: Any, *, tolerance: float = 1e-6
) -> GradientCheck:
    """Check by `autograd.gradcheck` what backpropagation says of `loss(model(X), targets)`, in float64.

    model      left as it is: each evaluation runs on a copy, with the same random draws and running means. It computes
               the loss twice or more for each element of X and of the parameters, so it is best a small one
    loss       a loss of nn, or a function of (output, targets)
    X          a batch of inputs, taken as float64
    targets    what the loss takes
    tolerance  on the relative error, as gradcheck has it

    The report is true where all agree, and has a line for each parameter, by its name.

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
        standing_in = {id(old): new for old, new in zip(names, parameters, strict=True)}
        return loss(deepcopy(model, standing_in)(x), targets)  # a copy that has them wherever the old ones stood

    return gradcheck(evaluate, Tensor(plain(X), dtype=float, label="X"), *names, tolerance=tolerance)
