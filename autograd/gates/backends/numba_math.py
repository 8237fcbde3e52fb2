"""`xp` for numba: each function in machine code, with the results that `floats` has, to the last bit.

But for `hypot`, which the gradient of `arcsinh` has in it, too.

Loading it loads numba, so `compile` does, and nothing before.
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
divide, remainder, equal = operator.truediv, operator.mod, operator.eq

# Of what is Python there, the same code
maximum, minimum, where = compiled(floats.maximum), compiled(floats.minimum), compiled(floats.where)
holds, step, sign = compiled(floats.holds), compiled(floats.step), compiled(floats.sign)


@compiled
def power(x: float, y: float) -> float:
    """x to the power y; a whole y too as a float, which numba would otherwise multiply out, and raise at 0."""
    return math.pow(float(x), float(y))


@compiled
def sigmoid(x: float) -> float:
    """1 / (1 + exp(−x))."""
    return 1.0 / (1.0 + math.exp(-x))
