"""`xp` for formulas: a rule run on names gives its own text, so that a gate's mathematics is written down once.

>>> from autograd.gates import GATES
>>> GATES["pow"].formulas.forward("x", "y"), GATES["tanh"].formulas.local_gradients[0]("out", "x")
('x^y', '1 − out · out')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.gates.backends import arrays

CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)  # how tightly the outermost operation of a formula binds
HALF = "½"


class Formula:
    """The text of a formula; + − × and comparisons of formulas are formulas."""

    def __init__(self, text: str, binds: int = ATOM) -> None:
        self.text, self.binds = text, binds

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Any) -> Formula:
        return _infix(self, "+", other, SUM)

    def __radd__(self, other: Any) -> Formula:
        return _infix(other, "+", self, SUM)

    def __sub__(self, other: Any) -> Formula:
        return _infix(self, "−", other, SUM, PRODUCT)

    def __rsub__(self, other: Any) -> Formula:
        return _infix(other, "−", self, SUM, PRODUCT)

    def __mul__(self, other: Any) -> Formula:
        return _infix(self, "·", other, PRODUCT)

    def __rmul__(self, other: Any) -> Formula:
        return _infix(other, "·", self, PRODUCT)

    def __neg__(self) -> Formula:
        return Formula(f"−{_within(self, SIGN)}", SIGN)

    def __pos__(self) -> Formula:
        return self

    def __gt__(self, other: Any) -> Formula:
        return _infix(self, ">", other, COMPARISON)

    def __lt__(self, other: Any) -> Formula:
        return _infix(self, "<", other, COMPARISON)


def formula(thing: Any) -> Formula:
    """A formula of a name, a plain number, or what is one already."""
    if isinstance(thing, Formula):
        return thing
    if isinstance(thing, str):
        return Formula(thing)
    text = f"{thing:.4g}".replace("-", "−")
    return Formula(text, SIGN if text.startswith("−") else ATOM)


def _within(thing: Any, binds: int) -> str:
    """The text as part of an operation that binds so tightly: in brackets where it binds less."""
    part = formula(thing)
    return part.text if part.binds >= binds else f"({part.text})"


def _infix(x: Any, operator: str, y: Any, binds: int, right: int | None = None) -> Formula:
    return Formula(f"{_within(x, binds)} {operator} {_within(y, binds if right is None else right)}", binds)


def _function(name: str) -> Callable[..., Formula]:
    return lambda *inputs: Formula(f"{name}({', '.join(formula(thing).text for thing in inputs)})")


globals().update({name: _function(name) for name in arrays.__all__})


def divide(x: Any, y: Any) -> Formula:
    """x / y."""
    return _infix(x, "/", y, PRODUCT, SIGN)


def power(x: Any, y: Any) -> Formula:
    """x^y."""
    return Formula(f"{_within(x, ATOM)}^{_within(y, ATOM)}", POWER)


def abs(x: Any) -> Formula:
    """|x|."""
    return Formula(f"|{formula(x)}|")


def equal(x: Any, y: Any) -> Formula:
    """x = y."""
    return _infix(x, "=", y, COMPARISON)


def where(condition: Any, x: Any, y: Any) -> Formula:
    """`x` where the condition holds, else `y`."""
    return Formula(f"{_within(x, SUM)} where {formula(condition)}, else {_within(y, SUM)}", CHOICE)


def holds(condition: Any) -> Formula:
    """Iverson's bracket: 1 where what stands in it holds, else 0."""
    return Formula(f"[{formula(condition)}]")


def step(x: Any, y: Any, tie: float) -> Formula:
    """Iverson's bracket of x > y, with its weight where they are equal."""
    x, y = formula(x), formula(y)
    if tie == 1.0:
        return Formula(f"[{x} ≥ {y}]")
    above = Formula(f"[{x} > {y}]")
    return above if tie == 0.0 else above + Formula(f"{HALF if tie == 0.5 else tie}[{x} = {y}]")
