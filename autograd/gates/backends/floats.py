"""`xp` for Python floats: IEEE results as NumPy gives them.

The promise: infinity and NaN, never an exception or a complex number. Python raises an exception for `1 / 0.0` and
`math.exp(1000)`, and returns a complex number for `(-8.0) ** (1/3)`. Each function here calls Python's, which is
faster, and only if that raises, NumPy's.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np


def _ieee(fast: Callable[..., float], exact: np.ufunc) -> Callable[..., float]:
    """Python's function, with NumPy's result where Python's raises."""

    def function(*x: float) -> float:
        try:
            return fast(*x)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(exact(*x))

    return function


exp, exp2, expm1 = _ieee(math.exp, np.exp), _ieee(math.exp2, np.exp2), _ieee(math.expm1, np.expm1)
log, log2, log10 = _ieee(math.log, np.log), _ieee(math.log2, np.log2), _ieee(math.log10, np.log10)
log1p, sqrt, cbrt = _ieee(math.log1p, np.log1p), _ieee(math.sqrt, np.sqrt), math.cbrt
sin, cos, tan = _ieee(math.sin, np.sin), _ieee(math.cos, np.cos), _ieee(math.tan, np.tan)
arcsin, arccos, arctan = _ieee(math.asin, np.arcsin), _ieee(math.acos, np.arccos), math.atan
sinh, cosh, tanh = _ieee(math.sinh, np.sinh), _ieee(math.cosh, np.cosh), math.tanh
arcsinh, arccosh, arctanh = math.asinh, _ieee(math.acosh, np.arccosh), _ieee(math.atanh, np.arctanh)
power = _ieee(math.pow, np.power)
divide = _ieee(operator.truediv, np.divide)
remainder, floor_divide = _ieee(operator.mod, np.remainder), _ieee(operator.floordiv, np.floor_divide)
arctan2, hypot, abs, equal = math.atan2, math.hypot, math.fabs, operator.eq
radians, degrees = math.radians, math.degrees


def maximum(x: float, y: float) -> float:
    """Return the larger of the two, or NaN if either is NaN (with Python's `max` that depends on their order)."""
    return x if x >= y or x != x else y


def minimum(x: float, y: float) -> float:
    """Return the smaller of the two, or NaN if either is NaN."""
    return x if x <= y or x != x else y


def where(condition: bool, x: float, y: float) -> float:
    """Return `x` if the condition holds, else `y`."""
    return x if condition else y


def holds(condition: float) -> float:
    """Return 1 if the condition holds, else 0."""
    return 1.0 if condition else 0.0


def step(x: float, y: float, tie: float) -> float:
    """Return 1 if x > y, `tie` if x = y, else 0; NaN if x is NaN."""
    return 1.0 if x > y else tie if x == y else 0.0 if x == x else x


def flat(x: float) -> float:
    """Return 0, the slope of what is piecewise constant; NaN if x is NaN."""
    return 0.0 if x == x else x


def ratio(x: float, y: float) -> float:
    """Return x / y, but 0 if y is 0."""
    return x / y if y != 0.0 else 0.0


def logaddexp(x: float, y: float) -> float:
    """Return log(exp(x) + exp(y)), without overflow."""
    return maximum(x, y) + log1p(exp(-(0.0 if x == y else abs(x - y))))


def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(−x))."""
    return divide(1.0, 1.0 + exp(-x))


def sign(x: float) -> float:
    """Return −1, 0 or 1; NaN for NaN."""
    return x if x != x else float((x > 0.0) - (x < 0.0))


def _rounding(fast: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding to a whole number as NumPy does: infinity and NaN stay as they are, −0.4 becomes −0.0."""
    return lambda x: math.copysign(float(fast(x)), x) if math.isfinite(x) else x


rint, floor, ceil, trunc = _rounding(round), _rounding(math.floor), _rounding(math.ceil), _rounding(math.trunc)
