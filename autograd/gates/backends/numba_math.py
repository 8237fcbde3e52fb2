"""`xp` for numba: the rules of gates, compiled to machine code.

The promise: each function gives the result of `floats`, bit for bit. There is one exception, `hypot`, whose last bit
may differ: Python rounds it correctly, the C library only nearly so. The gradients of `arcsinh` and `arctan2` use it.

Importing this module imports numba, so only `compile` does it, on first use.
"""

from __future__ import annotations

import math
import operator

import numpy as np

from autograd.gates.backends import floats
from autograd.jit import compiled

exp, exp2, expm1 = math.exp, np.exp2, math.expm1
log, log2, log10, log1p = math.log, np.log2, math.log10, math.log1p
sqrt, cbrt = math.sqrt, np.cbrt
sin, cos, tan, arcsin, arccos, arctan = math.sin, math.cos, math.tan, math.asin, math.acos, math.atan
sinh, cosh, tanh, arcsinh, arccosh, arctanh = math.sinh, math.cosh, math.tanh, math.asinh, math.acosh, math.atanh
rint, floor, ceil, trunc = np.rint, np.floor, np.ceil, np.trunc
arctan2, hypot, abs = math.atan2, math.hypot, math.fabs
divide, remainder, floor_divide, equal = operator.truediv, operator.mod, operator.floordiv, operator.eq

# What `floats` writes in Python, from the same code
maximum, minimum, where = compiled(floats.maximum), compiled(floats.minimum), compiled(floats.where)
holds, step, sign = compiled(floats.holds), compiled(floats.step), compiled(floats.sign)
flat, ratio = compiled(floats.flat), compiled(floats.ratio)
radians, degrees = math.radians, math.degrees


@compiled
def power(x: float, y: float) -> float:
    """Return x to the power y, with y a float: numba multiplies an integer power out, and raises an exception at 0."""
    return math.pow(float(x), float(y))


@compiled
def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(−x))."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def logaddexp(x: float, y: float) -> float:
    """Return log(exp(x) + exp(y)), without overflow."""
    return maximum(x, y) + math.log1p(math.exp(-(0.0 if x == y else abs(x - y))))
