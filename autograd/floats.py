"""`xp` for Python floats: IEEE results as NumPy gives them, never an exception, never a complex number.

Python raises on `1 / 0.0` and `math.exp(1000)` and answers `(-8.0) ** (1/3)` with a complex number. Each function
here takes Python's fast path and, only where Python would raise, asks NumPy (inf, nan).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np


def _ieee(fast: Callable[..., float], exact: np.ufunc) -> Callable[..., float]:
    def function(*x: float) -> float:
        try:
            return fast(*x)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(exact(*x))

    return function


exp = _ieee(math.exp, np.exp)
log = _ieee(math.log, np.log)
sqrt = _ieee(math.sqrt, np.sqrt)
sin = _ieee(math.sin, np.sin)
cos = _ieee(math.cos, np.cos)
power = _ieee(math.pow, np.power)
divide = _ieee(operator.truediv, np.divide)
tanh = math.tanh
abs = math.fabs


def maximum(x: float, y: float) -> float:
    """The larger of the two; NaN where either is (Python's `max` depends on their order)."""
    return x if x >= y or x != x else y


def minimum(x: float, y: float) -> float:
    """The smaller of the two; NaN where either is."""
    return x if x <= y or x != x else y


def where(condition: bool, x: float, y: float) -> float:
    """`x` where the condition holds, else `y`."""
    return x if condition else y


def step(x: float, y: float, tie: float) -> float:
    """1 where x > y, `tie` where they are equal, else 0: the weight of x in a choice between x and y."""
    return 1.0 if x > y else tie if x == y else 0.0
