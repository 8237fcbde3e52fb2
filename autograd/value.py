"""Value: a Node whose data is a Python float: the scalar engine that one can see through."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

from autograd import errors
from autograd.gates import Gate, install_gates
from autograd.graph import backward
from autograd.node import Constant, Node, apply, apply_ufunc, install, recording


class Value(Node):
    """A number that remembers how it was computed.

    >>> x, y, z = Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)

    Every Value is tracked. `grad` is 0.0 before any backward; a leaf accumulates over calls of `backward()` until
    `zero_grad()`, an inner node is set afresh by each.
    """

    __slots__ = ()
    requires_grad = True
    keeps_grad = True

    def __init__(self, data: float, *, label: str | None = None) -> None:
        self.data, self.grad, self.gate, self.inputs, self.label = _number(data), 0.0, None, (), label

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value({self.data!r}{label}, grad={self.grad!r})"

    def backward(self, gradient: float = 1.0) -> None:
        """Walk the chain rule from here to the leaves; every node on the way then has its `grad`.

        gradient  what arrives here from above
        """
        backward(self, _number(gradient))

    def zero_grad(self) -> None:
        """Set `grad` back to 0.0."""
        self.grad = 0.0

    def detach(self) -> Value:
        """A leaf of the same number: what is computed from it does not reach back here."""
        return Value(self.data, label=self.label)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions and operators on Values and numbers record gates; with an array, a word instead."""
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            text = errors.UFUNC_ON_VALUE.format(function=f"np.{ufunc.__name__}", came=errors.describe(*inputs))
            raise TypeError(text)
        return result

    @classmethod
    def operand(cls, thing: Any) -> Any:
        if isinstance(thing, Value) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if isinstance(thing, Real) or hasattr(thing, "__array__"):
            return Constant(_number(thing))
        return NotImplemented

    @classmethod
    def record(cls, gate: Gate, inputs: tuple[Node, ...], **attributes: Any) -> Value:
        return _recorded(gate.floats.forward(*[source.data for source in inputs]), gate, inputs)

    def pull_back(self, arriving: dict[Node, float]) -> None:
        _PULLS[self.gate](self, arriving)

    def receive(self, gradient: float) -> None:
        self.grad = gradient if self.gate else self.grad + gradient


def _number(data: Any) -> float:
    number = data.item() if getattr(data, "shape", None) == () else data
    if not isinstance(number, Real):
        raise TypeError(errors.NOT_A_NUMBER.format(came=errors.describe(data)))
    return float(number)


# What follows says the same for gates of one, two and more inputs: methods made for their arity are what makes the
# scalar engine fast (a loop over the inputs takes twice the time).

_new = Value.__new__
_is_recording = recording.get
_PULLS: dict[Any, Callable[[Value, dict[Node, float]], None]] = {}


def _recorded(data: float, gate: Gate, inputs: tuple[Node, ...]) -> Value:
    node = _new(Value)
    node.data, node.grad, node.label = data, 0.0, None
    if _is_recording():
        node.gate, node.inputs = gate, inputs
    else:
        node.gate, node.inputs = None, ()
    return node


def _methods(gate: Gate) -> tuple[Any, Any]:
    """The method of a gate, and for two inputs the one that has `self` on the right."""
    forward = gate.floats.forward

    def unary(self: Value) -> Value:
        return _recorded(forward(self.data), gate, (self,))

    def binary(self: Value, other: Any) -> Value:
        if other.__class__ is not Value:
            other = Value.operand(other)
            if other is NotImplemented:
                return NotImplemented
        return _recorded(forward(self.data, other.data), gate, (self, other))

    def reflected(self: Value, other: Any) -> Value:
        other = Value.operand(other)
        return NotImplemented if other is NotImplemented else Value.record(gate, (other, self))

    def several(self: Value, *others: Any) -> Value:
        return apply(gate, self, *others)

    return {1: unary, 2: binary}.get(gate.arity, several), reflected


def _pull(gate: Gate) -> Callable[[Value, dict[Node, float]], None]:
    """The chain rule at one gate."""
    locals_ = gate.floats.local_gradients

    def unary(node: Value, arriving: dict[Node, float]) -> None:
        (x,) = node.inputs
        arriving[x] = arriving.get(x, 0.0) + local_x(node.data, x.data) * arriving[node]

    def binary(node: Value, arriving: dict[Node, float]) -> None:
        x, y = node.inputs
        upstream = arriving[node]
        if x.requires_grad:
            arriving[x] = arriving.get(x, 0.0) + local_x(node.data, x.data, y.data) * upstream
        if y.requires_grad:
            arriving[y] = arriving.get(y, 0.0) + local_y(node.data, x.data, y.data) * upstream

    def several(node: Value, arriving: dict[Node, float]) -> None:
        data = [source.data for source in node.inputs]
        for x, local in zip(node.inputs, locals_, strict=True):
            if x.requires_grad:
                arriving[x] = arriving.get(x, 0.0) + local(node.data, *data) * arriving[node]

    if gate.arity == 1:
        (local_x,) = locals_
        return unary
    if gate.arity == 2:
        local_x, local_y = locals_
        return binary
    return several


def _install(gate: Gate) -> None:
    install(Value, gate, *_methods(gate))
    _PULLS[gate] = _pull(gate)


install_gates(Value, _install)
