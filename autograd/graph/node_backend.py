"""`xp` for Nodes: each function records its gate, so that a local gradient can be differentiated itself.

Where a rule asks for a function of plain numbers or arrays alone (the logarithm of a constant base), it gets just that.
What is piecewise constant (`step`, `equal`, `holds`) gives plain data, through which no gradient flows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.gates.backends import arrays, floats
from autograd.gates.elementwise import BY_UFUNC, GATES
from autograd.graph.node import Node, apply, plain

PLAIN = ("equal", "holds", "step")


def _plain(name: str, inputs: tuple[Any, ...]) -> Any:
    """The function of plain things: on floats where all are Python's numbers, else on arrays."""
    backend = floats if all(isinstance(thing, (bool, int, float)) for thing in inputs) else arrays
    return getattr(backend, name)(*inputs)


def _recording(name: str) -> Callable[..., Any]:
    def function(*inputs: Any) -> Any:
        if name in PLAIN:
            return _plain(name, tuple(map(plain, inputs)))
        if any(isinstance(thing, Node) for thing in inputs):
            return apply(GATES.get(name) or BY_UFUNC[name], *inputs)
        return _plain(name, inputs)

    return function


globals().update({name: _recording(name) for name in arrays.__all__})


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`; with a condition that is one plain boolean, no gate."""
    if isinstance(condition, bool):
        return x if condition else y
    if not any(isinstance(thing, Node) for thing in (x, y)):
        return _plain("where", (plain(condition), x, y))
    return apply(GATES["where"], plain(condition), x, y)
