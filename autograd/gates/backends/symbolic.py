"""The inputs of rules that are written down instead of computed: every operator builds text.

What differs between back ends is refused here, with what to write instead: a Python `if` or `and` on a value, and the
operators whose meaning differs between floats and arrays (`/` by zero, `**` of a negative base, `==` of nodes).
"""

from __future__ import annotations

from typing import NoReturn, Self


class Symbol:
    """An input of a rule; + − × and the comparisons of symbols are symbols.

    A subclass defines `infix` and `negative`: how the text of an operation is written.
    """

    def infix(self, operator: str, left: object, right: object) -> Self:
        """Return the symbol of `left operator right`, where operator is one of + - * < <= > >=."""
        raise NotImplementedError

    def negative(self) -> Self:
        """Return the symbol of minus this one."""
        raise NotImplementedError

    def __add__(self, other: object) -> Self:
        return self.infix("+", self, other)

    def __radd__(self, other: object) -> Self:
        return self.infix("+", other, self)

    def __sub__(self, other: object) -> Self:
        return self.infix("-", self, other)

    def __rsub__(self, other: object) -> Self:
        return self.infix("-", other, self)

    def __mul__(self, other: object) -> Self:
        return self.infix("*", self, other)

    def __rmul__(self, other: object) -> Self:
        return self.infix("*", other, self)

    def __neg__(self) -> Self:
        return self.negative()

    def __pos__(self) -> Self:
        return self

    def __lt__(self, other: object) -> Self:
        return self.infix("<", self, other)

    def __le__(self, other: object) -> Self:
        return self.infix("<=", self, other)

    def __gt__(self, other: object) -> Self:
        return self.infix(">", self, other)

    def __ge__(self, other: object) -> Self:
        return self.infix(">=", self, other)

    def __bool__(self) -> bool:
        raise TypeError(
            f"a rule branches on {self}, but it also runs on arrays and on names, which have no single truth value; "
            "write xp.where instead of Python's if, and, or, not"
        )

    def __hash__(self) -> int:
        return id(self)


REFUSED = {  # operators: the methods for them, and what to write instead
    "/": ("truediv rtruediv", "xp.divide(x, y)"),
    "**": ("pow rpow", "xp.power(x, y)"),
    "%": ("mod rmod", "xp.remainder(x, y)"),
    "//": ("floordiv rfloordiv", "xp.floor_divide(x, y)"),
    "==": ("eq", "xp.equal(x, y)"),
    "!=": ("ne", "1.0 - xp.holds(xp.equal(x, y))"),
    "abs": ("abs", "xp.abs(x)"),
    "&, | and ~": ("and rand or ror invert", "xp.where"),
    "float and int": ("float int index", "the rule without them, as an input need not be one number"),
}


def _refuse(operator: str, methods: str, instead: str) -> None:
    def refused(self: Symbol, *others: object) -> NoReturn:
        raise TypeError(
            f"a rule uses {operator}, which means different things for floats, arrays and nodes; write {instead}"
        )

    for method in methods.split():
        setattr(Symbol, f"__{method}__", refused)


for _operator, (_methods, _instead) in REFUSED.items():
    _refuse(_operator, _methods, _instead)
