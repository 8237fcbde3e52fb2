"""`xp` for NumPy arrays: NumPy's own functions, and a few that keep the dtype where NumPy's would not.

The promise: a result has the dtype of the arrays among the inputs, float16 and float32 included; Python numbers do not
widen it. Arrays on a device work too, by NumPy's own dispatch. `__all__` is the vocabulary of all back ends.
"""

from __future__ import annotations

from typing import TypeAlias

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
    degrees,
    divide,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    hypot,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    maximum,
    minimum,
    radians,
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
    "degrees", "divide", "equal", "exp", "exp2", "expm1", "flat", "floor", "floor_divide", "holds", "hypot", "log",
    "log1p", "log2", "log10", "logaddexp", "maximum", "minimum", "power", "radians", "ratio", "remainder", "rint",
    "sigmoid", "sign", "sin", "sinh", "sqrt", "step", "tan", "tanh", "trunc", "where",
]  # fmt: skip


Number: TypeAlias = float | np.ndarray  # one number or many


def power(x: Number, y: Number) -> Number:
    """Return x to the power y; a square, the most common case, is one product."""
    return x * x if isinstance(y, (int, float)) and y == 2 else np.power(x, y)


def sigmoid(x: Number) -> Number:
    """Return 1 / (1 + exp(−x))."""
    return 1.0 / (1.0 + np.exp(-x))


def ratio(x: Number, y: Number) -> Number:
    """Return x / y, but 0 where y is 0."""
    zero = np.equal(y, 0)
    return np.where(zero, 0, np.divide(x, np.where(zero, 1, y))) if zero.any() else np.divide(x, y)


def where(condition: bool | np.ndarray, x: Number, y: Number) -> Number:
    """Return `x` where the condition holds, else `y`, in the dtype of the arrays among them."""
    if isinstance(condition, bool):  # a comparison of two Python numbers
        chosen, other = (x, y) if condition else (y, x)
        if isinstance(other, (int, float)) and (isinstance(chosen, (int, float)) or chosen.dtype.kind == "f"):
            return chosen  # np.where would make two plain numbers a float64, and copy an array
    return np.where(condition, x, y)


def equal(x: Number, y: Number) -> bool | np.ndarray:
    """Return whether x = y: a plain bool for two plain numbers."""
    return x == y if isinstance(x, (int, float)) and isinstance(y, (int, float)) else np.equal(x, y)


def holds(condition: bool | np.ndarray) -> Number:
    """Return 1 where the condition holds, else 0, in float16: a product with any array keeps that array's dtype."""
    if isinstance(condition, bool):
        return float(condition)
    return np.asarray(condition, dtype=bool).astype(np.float16)


def step(x: Number, y: Number, tie: float) -> np.ndarray:
    """Return 1 where x > y, `tie` where x = y, else 0; NaN where x is NaN; in the dtype of x and y."""
    share = np.greater(x, y).astype(np.result_type(x, y))
    if tie:
        share += tie * np.equal(x, y)
    if np.size(x) and np.isnan(np.max(x)):
        share = np.where(np.isnan(x), x, share)
    return share


def flat(x: Number) -> Number:
    """Return 0, the slope of what is piecewise constant; NaN where x is NaN; in float16 or the dtype of x."""
    missing = np.not_equal(x, x)
    zeros = np.zeros(np.shape(x), dtype=np.float16)
    return np.where(missing, x, zeros) if missing.any() else zeros
