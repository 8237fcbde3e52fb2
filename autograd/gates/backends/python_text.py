"""`xp` for programs: a rule run on names gives its own text in Python, of which value.py and kernels.py make code.

>>> from autograd.gates import GATES
>>> GATES["tanh"].sources.forward("x"), GATES["tanh"].sources.local_gradients[0]("out", "x")
('xp.tanh(x)', '(1.0 - (out * out))')
"""

from __future__ import annotations

from collections.abc import Callable

from autograd import errors
from autograd.gates.backends import arrays


class Source(str):
    """The text of an expression; + − × and comparisons of two are the text of that, in brackets."""

    __slots__ = ()

    def __neg__(self) -> Source:
        return Source(f"(-{self})")

    def __pos__(self) -> Source:
        return self

    def __bool__(self) -> bool:
        raise TypeError(errors.RULE_BRANCHES.format(condition=self))


def _infix(name: str, symbol: str) -> None:
    setattr(Source, f"__{name}__", lambda x, y: Source(f"({x} {symbol} {y})"))
    setattr(Source, f"__r{name}__", lambda y, x: Source(f"({x} {symbol} {y})"))


for _name, _symbol in {"add": "+", "sub": "-", "mul": "*", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
    _infix(_name, _symbol)


def _function(name: str) -> Callable[..., Source]:
    return lambda *inputs: Source(f"xp.{name}({', '.join(map(str, inputs))})")


globals().update({name: _function(name) for name in arrays.__all__})


def passed(local: str) -> str:
    """What a gate passes down to an input, local gradient × upstream: just `upstream` where the local gradient is 1."""
    return "upstream" if local in {"1", "1.0"} else f"{local} * upstream"
