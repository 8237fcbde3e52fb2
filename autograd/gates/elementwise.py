"""The table of elementwise gates: each states its value and, for each input, its local gradient.

One entry serves `Value` and `Tensor`, second derivatives, compiled programs, pictures, the formulas in docs/gates.md
and the numerical check:

    gate(name, symbol, forward, one local gradient for each input, samples=...)

`autograd/gates/gate.py` has the contract. In short: `forward(*inputs)` is the value, `local_i(out, *inputs)` its
derivative with respect to input i; rules use + − ×, comparisons and `xp.functions` only.

The local gradients are those of CS231n, "Backpropagation, Intuitions"; ties of `maximum` are split evenly and the
gradient of `relu` at 0 is 0, as in PyTorch and JAX.
"""

from typing import Any

from autograd.gates.gate import GATES, close_table, gate
from autograd.gates.trial import try_out

__all__ = ["GATES"]
xp: Any = None  # the name in the rules below, which is bound to each back end; never called here

# fmt: off
# The inputs at which the entries below are checked numerically: away from kinks, inside the domain.
ANYWHERE = [(-2.0,), (-0.6,), (0.3,), (1.7,)]
POSITIVE = [(0.2,), (1.0,), (3.5,)]
WITHIN_ONE = [(-0.8,), (-0.1,), (0.6,)]
PAIRS = [(-2.0, 5.0), (3.0, -4.0), (0.7, 0.4), (-1.5, -0.3)]
QUOTIENTS = [(5.5, 2.0), (-4.5, 2.0), (3.2, -1.5), (-1.5, -0.4)]
INFINITY = float("inf")

# Arithmetic

gate(
    "add", "+", lambda x, y: x + y,
    lambda out, x, y: 1.0,
    lambda out, x, y: 1.0,
    samples=PAIRS, operator="add",
)
gate(
    "sub", "−", lambda x, y: x - y,
    lambda out, x, y: 1.0,
    lambda out, x, y: -1.0,
    samples=PAIRS, operator="sub", ufunc="subtract",
)
gate(
    "mul", "×", lambda x, y: x * y,
    lambda out, x, y: y,
    lambda out, x, y: x,
    samples=PAIRS, operator="mul", ufunc="multiply",
)
gate(
    "div", "÷", lambda x, y: xp.divide(x, y),
    lambda out, x, y: xp.divide(1.0, y),
    lambda out, x, y: xp.divide(-out, y),
    samples=PAIRS, operator="truediv", ufunc="divide",
)
gate(
    "neg", "×−1", lambda x: -x,
    lambda out, x: -1.0,
    samples=ANYWHERE, operator="neg", ufunc="negative",
)
# The identity: a node of its own with the same number. (`+x` is x itself.)
gate(
    "positive", "=", lambda x: +x,
    lambda out, x: 1.0,
    samples=ANYWHERE,
)
gate(
    "reciprocal", "1/x", lambda x: xp.divide(1.0, x),
    lambda out, x: -out * out,
    samples=ANYWHERE,
)
# If y is 0, the value does not depend on x; if x is 0 and y ≥ 0, it does not depend on y: gradient 0, not 0 · inf.
# There is no derivative with respect to the exponent if the base is negative: NaN.
gate(
    "pow", "^", lambda x, y: xp.power(x, y),
    lambda out, x, y: y * xp.power(x, y - 1.0 + xp.holds(xp.equal(y, 0.0))),
    lambda out, x, y: out * xp.log(xp.where(xp.equal(x, 0.0), xp.where(y < 0.0, x, 1.0), x)),
    samples=[(0.5, 2.0), (2.0, -1.5), (1.3, 0.4), (3.0, 3.0)], operator="pow", ufunc="power",
)
gate(
    "square", "x²", lambda x: x * x,
    lambda out, x: 2.0 * x,
    samples=ANYWHERE,
)
gate(
    "sqrt", "√", lambda x: xp.sqrt(x),
    lambda out, x: xp.divide(0.5, out),
    samples=POSITIVE,
)
gate(
    "cbrt", "∛", lambda x: xp.cbrt(x),
    lambda out, x: xp.divide(0.3333333333333333, out * out),
    samples=ANYWHERE,
)
# At the origin, where it has no derivative, all derivatives are 0, as those of abs, norm and arctan2 are there.
gate(
    "hypot", "hypot", lambda x, y: xp.hypot(x, y),
    lambda out, x, y: xp.ratio(x, out),
    lambda out, x, y: xp.ratio(y, out),
    samples=PAIRS, kink=lambda x, y: xp.hypot(x, y),
)
gate(
    "mod", "mod", lambda x, y: xp.remainder(x, y),
    lambda out, x, y: 1.0,
    lambda out, x, y: xp.rint(xp.divide(out - x, y)),
    samples=QUOTIENTS, operator="mod", ufunc="remainder",
    kink=lambda x, y: xp.divide(x, y) - xp.rint(xp.divide(x, y)),
)

# Exponentials and logarithms

gate(
    "exp", "exp", lambda x: xp.exp(x),
    lambda out, x: out,
    samples=ANYWHERE,
)
gate(
    "exp2", "2^x", lambda x: xp.exp2(x),
    lambda out, x: 0.6931471805599453 * out,
    samples=ANYWHERE,
)
gate(
    "expm1", "exp−1", lambda x: xp.expm1(x),
    lambda out, x: out + 1.0,
    samples=ANYWHERE,
)
gate(
    "log", "log", lambda x: xp.log(x),
    lambda out, x: xp.divide(1.0, x),
    samples=POSITIVE,
)
gate(
    "log2", "log₂", lambda x: xp.log2(x),
    lambda out, x: xp.divide(1.4426950408889634, x),
    samples=POSITIVE,
)
gate(
    "log10", "log₁₀", lambda x: xp.log10(x),
    lambda out, x: xp.divide(0.4342944819032518, x),
    samples=POSITIVE,
)
gate(
    "log1p", "log(1+x)", lambda x: xp.log1p(x),
    lambda out, x: xp.divide(1.0, 1.0 + x),
    samples=[(-0.5,), *POSITIVE],
)
gate(
    "logaddexp", "logaddexp",
    lambda x, y: xp.logaddexp(x, y),
    lambda out, x, y: xp.where(xp.equal(out, -1e999), 0.0, xp.sigmoid(xp.where(xp.equal(out, -1e999), 0.0, x - y))),
    lambda out, x, y: xp.where(xp.equal(out, -1e999), 0.0, xp.sigmoid(xp.where(xp.equal(out, -1e999), 0.0, y - x))),
    samples=PAIRS,
)

# Trigonometry

gate(
    "sin", "sin", lambda x: xp.sin(x),
    lambda out, x: xp.cos(x),
    samples=ANYWHERE,
)
gate(
    "cos", "cos", lambda x: xp.cos(x),
    lambda out, x: -xp.sin(x),
    samples=ANYWHERE,
)
gate(
    "tan", "tan", lambda x: xp.tan(x),
    lambda out, x: 1.0 + out * out,
    samples=WITHIN_ONE,
)
gate(
    "arcsin", "arcsin", lambda x: xp.arcsin(x),
    lambda out, x: xp.divide(1.0, xp.sqrt(1.0 - x * x)),
    samples=WITHIN_ONE,
)
gate(
    "arccos", "arccos", lambda x: xp.arccos(x),
    lambda out, x: xp.divide(-1.0, xp.sqrt(1.0 - x * x)),
    samples=WITHIN_ONE,
)
gate(
    "arctan", "arctan", lambda x: xp.arctan(x),
    lambda out, x: xp.divide(1.0, 1.0 + x * x),
    samples=ANYWHERE,
)
gate(
    "arctan2", "arctan2", lambda y, x: xp.arctan2(y, x),
    lambda out, y, x: xp.ratio(xp.ratio(x, xp.hypot(y, x)), xp.hypot(y, x)),
    lambda out, y, x: xp.ratio(xp.ratio(-y, xp.hypot(y, x)), xp.hypot(y, x)),
    samples=PAIRS, kink=lambda y, x: xp.where(x < 0.0, y, xp.hypot(y, x)),  # it jumps across the negative axis
)
gate(
    "sinh", "sinh", lambda x: xp.sinh(x),
    lambda out, x: xp.cosh(x),
    samples=ANYWHERE,
)
gate(
    "cosh", "cosh", lambda x: xp.cosh(x),
    lambda out, x: xp.sinh(x),
    samples=ANYWHERE,
)
gate(
    "tanh", "tanh", lambda x: xp.tanh(x),
    lambda out, x: 1.0 - out * out,
    samples=ANYWHERE,
)
gate(
    "arcsinh", "arcsinh", lambda x: xp.arcsinh(x),
    lambda out, x: xp.divide(1.0, xp.hypot(x, 1.0)),
    samples=ANYWHERE,
)
gate(
    "arccosh", "arccosh", lambda x: xp.arccosh(x),
    lambda out, x: xp.divide(1.0, xp.sqrt(x - 1.0) * xp.sqrt(x + 1.0)),
    samples=[(1.5,), (3.0,)],
)
gate(
    "arctanh", "arctanh", lambda x: xp.arctanh(x),
    lambda out, x: xp.divide(1.0, 1.0 - x * x),
    samples=WITHIN_ONE,
)
gate(
    "radians", "°→rad", lambda x: xp.radians(x),
    lambda out, x: 0.017453292519943295,
    samples=ANYWHERE, ufunc=("radians", "deg2rad"),
)
gate(
    "degrees", "rad→°", lambda x: xp.degrees(x),
    lambda out, x: 57.29577951308232,
    samples=ANYWHERE, ufunc=("degrees", "rad2deg"),
)

# Activations

gate(
    "sigmoid", "σ", lambda x: xp.divide(1.0, 1.0 + xp.exp(-x)),
    lambda out, x: (1.0 - out) * out,
    samples=ANYWHERE,
)
gate(
    "softplus", "softplus", lambda x: xp.maximum(x, 0.0) + xp.log1p(xp.exp(-xp.abs(x))),
    lambda out, x: xp.sigmoid(x),
    samples=ANYWHERE,
)
gate(
    "relu", "relu", lambda x: xp.maximum(x, 0.0),
    lambda out, x: xp.step(x, 0.0, 0.0),
    samples=ANYWHERE, kink=lambda x: x, selects=True,
)
gate(
    "leaky_relu", "leaky relu", lambda x, slope=0.01: xp.where(x > 0.0, x, slope * x),
    lambda out, x, slope: slope + (1.0 - slope) * xp.step(x, 0.0, 0.0),
    lambda out, x, slope: xp.minimum(x, 0.0),
    samples=[(-2.0, 0.01), (1.5, 0.2), (-0.4, 0.3)], kink=lambda x, slope: x,
)

# Choices: piecewise, with a kink between the pieces. A NaN counts as chosen: it gets NaN, the other inputs 0.

gate(
    "abs", "|x|", lambda x: xp.abs(x),
    lambda out, x: 2.0 * xp.step(x, 0.0, 0.5) - 1.0,
    samples=ANYWHERE, operator="abs", ufunc=("absolute", "fabs"), kink=lambda x: x,
)
gate(
    "maximum", "max", lambda x, y: xp.maximum(x, y),
    lambda out, x, y: xp.step(x, y, 0.5),
    lambda out, x, y: xp.step(y, x, 0.5),
    samples=PAIRS, kink=lambda x, y: x - y, selects=True,
)
gate(
    "minimum", "min", lambda x, y: xp.minimum(x, y),
    lambda out, x, y: xp.step(-x, -y, 0.5),
    lambda out, x, y: xp.step(-y, -x, 0.5),
    samples=PAIRS, kink=lambda x, y: x - y, selects=True,
)
# At the bounds the gradient goes to x, as in PyTorch; if low > high, high wins, as in NumPy.
gate(
    "clip", "clip", lambda x, low=-INFINITY, high=INFINITY: xp.minimum(xp.maximum(x, low), high),
    lambda out, x, low, high: xp.step(x, low, 1.0) * xp.step(high, x, 1.0),
    lambda out, x, low, high: xp.step(low, x, 0.0) * xp.step(high, low, 1.0),
    lambda out, x, low, high: xp.step(-high, -xp.maximum(x, low), 0.0),
    samples=[(0.3, -1.0, 1.0), (-2.0, -1.0, 1.0), (1.7, -1.0, 1.0), (0.3, 2.0, 1.0)],
    kink=lambda x, low, high: (x - low) * (high - x), selects=True,
)
gate(
    "where", "where", lambda condition, x, y: xp.where(condition, x, y),
    lambda out, condition, x, y: 0.0,
    lambda out, condition, x, y: xp.holds(condition),
    lambda out, condition, x, y: 1.0 - xp.holds(condition),
    samples=[(True, 2.0, -3.0), (False, 2.0, -3.0)], method=False, selects=True,
)

# Piecewise constant: the gradient is 0, or NaN at NaN

gate(
    "sign", "sign", lambda x: xp.sign(x),
    lambda out, x: xp.flat(x),
    samples=ANYWHERE, kink=lambda x: x,
)
# As the condition of `where`, this comparison is recorded; `x > y` is a plain bool.
gate(
    "heaviside", "[x>0]", lambda x, y: xp.where(xp.equal(x, 0.0), y, xp.step(x, 0.0, 0.0)),
    lambda out, x, y: xp.flat(x),
    lambda out, x, y: xp.holds(xp.equal(x, 0.0)),
    samples=PAIRS, kink=lambda x, y: x,
)
gate(
    "floor", "⌊x⌋", lambda x: xp.floor(x),
    lambda out, x: xp.flat(x),
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "floor_divide", "⌊÷⌋", lambda x, y: xp.floor_divide(x, y),
    lambda out, x, y: xp.flat(x),
    lambda out, x, y: xp.flat(y),
    samples=QUOTIENTS, operator="floordiv", kink=lambda x, y: xp.divide(x, y) - xp.rint(xp.divide(x, y)),
)
gate(
    "ceil", "⌈x⌉", lambda x: xp.ceil(x),
    lambda out, x: xp.flat(x),
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "trunc", "trunc", lambda x: xp.trunc(x),
    lambda out, x: xp.flat(x),
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "rint", "round", lambda x: xp.rint(x),
    lambda out, x: xp.flat(x),
    samples=ANYWHERE, kink=lambda x: x - xp.floor(x) - 0.5,
)
# fmt: on

close_table(try_out)
