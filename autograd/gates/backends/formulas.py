"""`xp` for formulas: a rule called with names returns its own text, as mathematics for people.

The promise: the formula says what the rule computes on floats, with brackets only where they are needed. So a gate's
mathematics is written once, as its rules.

>>> from autograd.gates import GATES
>>> GATES["pow"].formulas.forward("x", "y"), GATES["tanh"].formulas.local_gradients[0]("out", "x")
('x^y', '1 − out · out')
"""

from __future__ import annotations

from collections.abc import Callable

from autograd.gates.backends import arrays
from autograd.gates.backends.symbolic import Symbol

CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)  # how tightly an operation binds
INFIX = {  # the sign of an operator, how tightly it binds, and how tightly its right side must bind
    "+": ("+", SUM, SUM),
    "-": ("−", SUM, PRODUCT),
    "*": ("·", PRODUCT, PRODUCT),
    "<": ("<", COMPARISON, COMPARISON),
    "<=": ("≤", COMPARISON, COMPARISON),
    ">": (">", COMPARISON, COMPARISON),
    ">=": ("≥", COMPARISON, COMPARISON),
}
HALF = "½"


class Formula(Symbol):
    """The text of a formula, and how tightly its outermost operation binds."""

    def __init__(self, text: str, binds: int = ATOM) -> None:
        self.text, self.binds = text, binds

    def __str__(self) -> str:
        return self.text

    def infix(self, operator: str, left: object, right: object) -> Formula:
        text, binds, binds_right = INFIX[operator]
        return _infix(left, text, right, binds, binds_right)

    def negative(self) -> Formula:
        return Formula(f"−{_within(self, SIGN)}", SIGN)


def symbol(thing: object) -> Formula:
    """Return the formula of a name or a number; a formula is returned unchanged."""
    if isinstance(thing, Formula):
        return thing
    if isinstance(thing, str):
        return Formula(thing)
    text = f"{thing:.4g}".replace("-", "−")
    return Formula(text, SIGN if text.startswith("−") else ATOM)


def _within(thing: object, binds: int) -> str:
    """The text inside an operation that binds this tightly: in brackets if it binds less tightly itself."""
    part = symbol(thing)
    return part.text if part.binds >= binds else f"({part.text})"


def _infix(x: object, operator: str, y: object, binds: int, binds_right: int) -> Formula:
    return Formula(f"{_within(x, binds)} {operator} {_within(y, binds_right)}", binds)


def _function(name: str) -> Callable[..., Formula]:
    return lambda *inputs: Formula(f"{name}({', '.join(symbol(thing).text for thing in inputs)})")


globals().update({name: _function(name) for name in arrays.__all__})


def divide(x: object, y: object) -> Formula:
    """Return x / y."""
    return _infix(x, "/", y, PRODUCT, SIGN)


def power(x: object, y: object) -> Formula:
    """Return x^y."""
    return Formula(f"{_within(x, ATOM)}^{_within(y, ATOM)}", POWER)


def abs(x: object) -> Formula:
    """Return |x|."""
    return Formula(f"|{symbol(x)}|")


def ratio(x: object, y: object) -> Formula:
    """Return x / y."""
    return divide(x, y)


def logaddexp(x: object, y: object) -> Formula:
    """Return log(exp(x) + exp(y))."""
    return Formula(f"log(exp({symbol(x)}) + exp({symbol(y)}))")


def equal(x: object, y: object) -> Formula:
    """Return x = y."""
    return _infix(x, "=", y, COMPARISON, COMPARISON)


def where(condition: object, x: object, y: object) -> Formula:
    """Return `x` if the condition holds, else `y`."""
    return Formula(f"{_within(x, SUM)} where {symbol(condition)}, else {_within(y, SUM)}", CHOICE)


def holds(condition: object) -> Formula:
    """Return Iverson's bracket, which is 1 if the condition in it holds, else 0."""
    return Formula(f"[{symbol(condition)}]")


def flat(x: object) -> Formula:
    """Return 0."""
    return Formula("0")


def step(x: object, y: object, tie: float) -> Formula:
    """Return Iverson's bracket of x > y, plus `tie` if x = y."""
    x, y = symbol(x), symbol(y)
    if tie == 1.0:
        return Formula(f"[{x} ≥ {y}]")
    above = Formula(f"[{x} > {y}]")
    return above if tie == 0.0 else above + Formula(f"{HALF if tie == 0.5 else tie}[{x} = {y}]")
