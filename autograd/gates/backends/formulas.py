"""`xp` for formulas: a rule called with names returns its own text, so a gate's mathematics is written only once.

>>> from autograd.gates import GATES
>>> GATES["pow"].formulas.forward("x", "y"), GATES["tanh"].formulas.local_gradients[0]("out", "x")
('x^y', '1 − out · out')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.gates.backends import arrays
from autograd.gates.backends.symbolic import Symbol

CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)  # how tightly the outermost operation of a formula binds
INFIX = {  # the sign of an operator, how tightly it binds, and how tightly its right side has to
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

    def infix(self, operator: str, left: Any, right: Any) -> Formula:
        text, binds, binds_right = INFIX[operator]
        return _infix(left, text, right, binds, binds_right)

    def negative(self) -> Formula:
        return Formula(f"−{_within(self, SIGN)}", SIGN)


def symbol(thing: Any) -> Formula:
    """Return the formula of a name or a number, or of what is a formula already."""
    if isinstance(thing, Formula):
        return thing
    if isinstance(thing, str):
        return Formula(thing)
    text = f"{thing:.4g}".replace("-", "−")
    return Formula(text, SIGN if text.startswith("−") else ATOM)


def _within(thing: Any, binds: int) -> str:
    """The text as part of an operation that binds this tightly: in brackets if it binds less."""
    part = symbol(thing)
    return part.text if part.binds >= binds else f"({part.text})"


def _infix(x: Any, operator: str, y: Any, binds: int, binds_right: int) -> Formula:
    return Formula(f"{_within(x, binds)} {operator} {_within(y, binds_right)}", binds)


def _function(name: str) -> Callable[..., Formula]:
    return lambda *inputs: Formula(f"{name}({', '.join(symbol(thing).text for thing in inputs)})")


globals().update({name: _function(name) for name in arrays.__all__})


def divide(x: Any, y: Any) -> Formula:
    """x / y."""
    return _infix(x, "/", y, PRODUCT, SIGN)


def power(x: Any, y: Any) -> Formula:
    """x^y."""
    return Formula(f"{_within(x, ATOM)}^{_within(y, ATOM)}", POWER)


def abs(x: Any) -> Formula:
    """|x|."""
    return Formula(f"|{symbol(x)}|")


def equal(x: Any, y: Any) -> Formula:
    """x = y."""
    return _infix(x, "=", y, COMPARISON, COMPARISON)


def where(condition: Any, x: Any, y: Any) -> Formula:
    """`x` if the condition holds, else `y`."""
    return Formula(f"{_within(x, SUM)} where {symbol(condition)}, else {_within(y, SUM)}", CHOICE)


def holds(condition: Any) -> Formula:
    """Iverson's bracket: 1 if the condition in it holds, else 0."""
    return Formula(f"[{symbol(condition)}]")


def step(x: Any, y: Any, tie: float) -> Formula:
    """Iverson's bracket of x > y, plus `tie` if they are equal."""
    x, y = symbol(x), symbol(y)
    if tie == 1.0:
        return Formula(f"[{x} ≥ {y}]")
    above = Formula(f"[{x} > {y}]")
    return above if tie == 0.0 else above + Formula(f"{HALF if tie == 0.5 else tie}[{x} = {y}]")
