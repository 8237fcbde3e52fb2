"""`xp` for NumPy arrays: NumPy's own functions, and those few that keep the dtype where NumPy's would not."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy import abs, cos, divide, exp, log, maximum, minimum, sin, sqrt, tanh

__all__ = ["abs", "cos", "divide", "exp", "log", "maximum", "minimum", "power", "sin", "sqrt", "step", "tanh", "where"]

power = operator.pow  # the operator, not np.power: it squares where the exponent is 2


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`, in the dtype of those that are arrays."""
    if isinstance(condition, bool):  # a comparison of two Python numbers: np.where would return a float64 array
        return x if condition else y
    return np.where(condition, x, y)


def step(x: Any, y: Any, tie: float) -> Any:
    """1 where x > y, `tie` where they are equal, else 0, in the dtype of x and y: the weight of x in a choice."""
    weight = np.greater(x, y).astype(np.result_type(x, y))
    if tie:
        weight += tie * np.equal(x, y)
    return weight
