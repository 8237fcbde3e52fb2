"""`xp` for numba: each function in machine code, with the results that `floats` has, to the last bit.

But for `hypot`, which the gradient of `arcsinh` has in it, too.

Loading it loads numba, so `compile` does, and nothing before.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numba import cfunc, njit

from autograd.gates.backends import floats


def compiled(function: Callable[..., Any], signature: Any = None, **options: Any) -> Any:
    """The function in machine code, which is kept for the next process where there is a place to write it to.

    It lets other threads run. With a signature, it has an `address`, at which it can be called as C is.
    """
    make: Any = njit if signature is None else partial(cfunc, signature)
    given = {"error_model": "numpy", **options}  # 1 / 0 is infinity, not an exception
    if signature is None:
        given["nogil"] = True
    try:
        return make(cache=True, **given)(function)
    except RuntimeError:  # numba found no place to write to
        return make(**given)(function)


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
