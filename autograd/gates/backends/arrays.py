"""`xp` for NumPy arrays: NumPy's own functions, and those few that keep the dtype where NumPy's would not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import (
    abs,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    cbrt,
    ceil,
    cos,
    cosh,
    divide,
    exp,
    exp2,
    expm1,
    floor,
    hypot,
    log,
    log1p,
    log2,
    log10,
    maximum,
    minimum,
    remainder,
    rint,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    trunc,
)  # fmt: skip

__all__ = [
    "abs", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "ceil", "cos", "cosh",
    "divide", "equal", "exp", "exp2", "expm1", "floor", "holds", "hypot", "log", "log1p", "log2", "log10", "maximum",
    "minimum", "power", "remainder", "rint", "sigmoid", "sign", "sin", "sinh", "sqrt", "step", "tan", "tanh", "trunc",
    "where",
]  # fmt: skip


def power(x: Any, y: Any) -> Any:
    """x to the power y; a square, the commonest, costs one product."""
    return x * x if isinstance(y, (int, float)) and y == 2 else np.power(x, y)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(−x))."""
    return 1.0 / (1.0 + np.exp(-x))


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`, in the dtype of those that are arrays."""
    if isinstance(condition, bool):  # a comparison of two Python numbers
        chosen, other = (x, y) if condition else (y, x)
        if isinstance(other, (int, float)) and (isinstance(chosen, (int, float)) or chosen.dtype.kind == "f"):
            return chosen  # no float64 of two plain numbers, no copy of an array
    return np.where(condition, x, y)


def equal(x: Any, y: Any) -> Any:
    """x = y: a plain boolean of plain numbers."""
    return x == y if isinstance(x, (int, float)) and isinstance(y, (int, float)) else np.equal(x, y)


def holds(condition: Any) -> Any:
    """1 where the condition holds, else 0, in a dtype that takes on that of whatever it meets."""
    return np.asarray(condition, dtype=bool).astype(np.float16)


def step(x: Any, y: Any, tie: float) -> Any:
    """1 where x > y, `tie` where they are equal, else 0, in the dtype of x and y: the weight of x in a choice."""
    weight = np.greater(x, y).astype(np.result_type(x, y))
    if tie:
        weight += tie * np.equal(x, y)
    return weight
