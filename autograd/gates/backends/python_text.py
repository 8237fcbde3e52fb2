"""`xp` for Python text: a rule called with names returns its own text, from which code is generated.

The promise: evaluated on floats, the text gives what the rule gives, bit for bit. The generated code is in
`autograd.graph.value_codegen` and `autograd.program.kernels`.

>>> from autograd.gates import GATES
>>> GATES["tanh"].python_text.forward("x"), GATES["tanh"].python_text.local_gradients[0]("out", "x")
('xp.tanh(x)', '(1.0 - (out * out))')
"""

from __future__ import annotations

from collections.abc import Callable

from autograd.gates.backends import arrays
from autograd.gates.backends.symbolic import Symbol


class Expression(Symbol):
    """The text of a Python expression; compound ones are in brackets."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def infix(self, operator: str, left: object, right: object) -> Expression:
        return Expression(f"({left} {operator} {right})")

    def negative(self) -> Expression:
        return Expression(f"(-{self})")


def symbol(thing: object) -> Expression:
    """Return the expression of a name or a number; an expression is returned unchanged."""
    return thing if isinstance(thing, Expression) else Expression(str(thing))


def _function(name: str) -> Callable[..., Expression]:
    return lambda *inputs: Expression(f"xp.{name}({', '.join(map(str, inputs))})")


globals().update({name: _function(name) for name in arrays.__all__})


def equal(x: object, y: object) -> Expression:
    """Return x == y."""
    return Expression(f"({x} == {y})")


def where(condition: object, x: object, y: object) -> Expression:
    """Return `x` if the condition holds, else `y`."""
    return Expression(f"({x} if {condition} else {y})")


def times(local: Expression, upstream: Expression) -> Expression:
    """Local gradient × upstream gradient; just `upstream` if the local gradient is 1."""
    return upstream if local.text in {"1", "1.0"} else Expression(f"{local} * {upstream}")
