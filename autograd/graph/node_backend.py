"""`xp` for nodes: each function records its gate, so that local gradients can be differentiated themselves.

Gates know no nodes: `Gate.on(node_backend)` binds their rules to this module. Functions that a rule calls on plain
numbers or arrays only (the logarithm of a constant base) give plain results. What is piecewise constant (`step`,
`equal`, `holds`, `flat`) gives plain data too, through which no gradient flows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.gates.backends import arrays, floats
from autograd.gates.gate import BY_UFUNC, GATES
from autograd.graph.cofactor import cofactor
from autograd.graph.node import Gradient, Node, apply, plain

PIECEWISE_CONSTANT = ("equal", "flat", "holds", "step")


def _plain(name: str, inputs: tuple[Gradient, ...]) -> Gradient:
    """The function of plain inputs: on floats if all are Python numbers, else on arrays."""
    backend = floats if all(isinstance(thing, (bool, int, float)) for thing in inputs) else arrays
    return getattr(backend, name)(*inputs)


def _recording(name: str) -> Callable[..., Gradient]:
    def function(*inputs: Gradient) -> Gradient:
        if name in PIECEWISE_CONSTANT:
            return _plain(name, tuple(map(plain, inputs)))
        if any(isinstance(thing, Node) for thing in inputs):
            return apply(GATES.get(name) or BY_UFUNC[name], *inputs)
        return _plain(name, inputs)

    return function


globals().update({name: _recording(name) for name in arrays.__all__})


def where(condition: Gradient, x: Gradient, y: Gradient) -> Gradient:
    """`x` if the condition holds, else `y`; no gate if the condition is a single bool, or chooses `y` everywhere."""
    if isinstance(condition, bool):
        chosen, other = (x, y) if condition else (y, x)
        scalar_for_array = np.ndim(plain(chosen)) == 0 and hasattr(plain(other), "shape")
        return np.full_like(plain(other), chosen) if scalar_for_array and not isinstance(chosen, Node) else chosen
    if not any(isinstance(thing, Node) for thing in (x, y)):
        return _plain("where", (plain(condition), x, y))
    condition = plain(condition)
    if not np.any(condition) and np.broadcast_shapes(np.shape(condition), np.shape(plain(y))) == np.shape(plain(y)):
        return y
    return apply(GATES["where"], condition, x, y)


class Ratio:
    """x / y where y is 0 somewhere: times an upstream gradient that is a multiple of y, y cancels."""

    def __init__(self, x: Gradient, y: Gradient) -> None:
        zero = _plain("equal", (plain(y), 0.0))
        self.x, self.y, self.value = x, y, where(zero, 0.0, globals()["divide"](x, where(zero, 1.0, y)))

    def times(self, upstream: Gradient) -> Gradient:
        """The ratio × upstream gradient."""
        exact = cofactor(upstream, self.y)
        return self.value * upstream if exact is None else self.x * exact


def ratio(x: Gradient, y: Gradient) -> Gradient:
    """x / y, but 0 where y is 0, as are all derivatives there."""
    if isinstance(x, Ratio):
        x = x.value
    if not np.any(np.equal(plain(y), 0.0)):
        return globals()["divide"](x, y)
    return Ratio(x, y) if isinstance(y, Node) else Ratio(x, y).value


def times(local: Gradient, upstream: Gradient) -> Gradient:
    """Local gradient × upstream gradient, without a gate for × 1, which the picture of a second derivative omits."""
    if isinstance(local, Ratio):
        return local.times(upstream)
    if type(local) is float and local == 1.0 and not hasattr(upstream, "shape"):
        return upstream
    return local if type(upstream) is float and upstream == 1.0 else local * upstream
