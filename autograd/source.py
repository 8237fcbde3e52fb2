"""`xp` for Python's own text: a rule run on names gives the expression that computes it, for code that is written out.

>>> x, out = Source("x"), Source("out")
>>> text(divide(1.0, x) * (1.0 - out))
'(divide(1.0, x) * (1.0 - out))'
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import arrays


def text(thing: Any) -> str:
    """The text of an expression or of a plain number."""
    return thing.text if isinstance(thing, Source) else repr(thing)


def _infix(symbol: str) -> Callable[[Any, Any], Source]:
    return lambda x, y: Source(f"({text(x)} {symbol} {text(y)})")


def _reflected(symbol: str) -> Callable[[Any, Any], Source]:
    return lambda x, y: Source(f"({text(y)} {symbol} {text(x)})")


class Source:
    """An expression; + − × and comparisons of expressions are expressions."""

    def __init__(self, text: str) -> None:
        self.text = text

    __add__, __radd__ = _infix("+"), _reflected("+")
    __sub__, __rsub__ = _infix("-"), _reflected("-")
    __mul__, __rmul__ = _infix("*"), _reflected("*")
    __lt__, __le__, __gt__, __ge__ = _infix("<"), _infix("<="), _infix(">"), _infix(">=")

    def __neg__(self) -> Source:
        return Source(f"(-{self.text})")

    def __pos__(self) -> Source:
        return Source(f"(+{self.text})")

    def __bool__(self) -> bool:
        raise TypeError  # which branch is taken depends on a number that is not known yet


def _function(name: str) -> Callable[..., Source]:
    return lambda *inputs: Source(f"{name}({', '.join(map(text, inputs))})")


globals().update({name: _function(name) for name in arrays.__all__})
