"""Value: a Node whose data is a Python float: the scalar engine that one can see through."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Number, Real
from typing import Any

import numpy as np

from autograd import errors
from autograd.anomaly import check_forward
from autograd.changes import clock
from autograd.functions import PLAIN, plain_all
from autograd.gates import BY_UFUNC, GATES, Gate, install_gates
from autograd.graph import backward
from autograd.mode import RECORD, WATCH, mode
from autograd.node import Constant, Node, apply, apply_ufunc, install


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

    __slots__ = ("_x", "_y")  # a tuple of inputs would double what the garbage collector has to walk
    requires_grad = True
    rules = {}
    _x: Any  # the first input, or the tuple of more than two
    _y: Any  # the second of two

    def __init__(self, data: float, *, label: str | None = None) -> None:
        self._data, self.grad, self.label = _number(data), 0.0, label
        self.gate, self._x, self._y = None, None, None
        self.time = clock.now

    @property
    def inputs(self) -> tuple[Node, ...]:
        x, y = self._x, self._y
        if y is not None:
            return x, y
        if x is None:
            return ()
        return x if x.__class__ is tuple else (x,)

    @inputs.setter
    def inputs(self, inputs: tuple[Node, ...]) -> None:
        if len(inputs) == 2:
            self._x, self._y = inputs
        else:
            self._x, self._y = inputs[0] if len(inputs) == 1 else inputs or None, None

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        gate = f", gate={self.gate.name}" if self.gate else ""
        return f"Value({self._data!r}{label}{gate}, grad={self.grad!r})"

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """Walk the chain rule from here to the leaves; every node on the way then has its `grad`.

        gradient      what arrives here from above
        create_graph  record the walk itself: each `grad` is then a Value, from which one can go backward again
        """
        backward(self, _number(gradient), retain_grads=True, create_graph=create_graph)

    def zero_grad(self) -> None:
        """Set `grad` back to 0.0."""
        self.grad = 0.0

    def detach(self) -> Value:
        """A leaf of the same number: what is computed from it does not reach back here."""
        return Value(self._data, label=self.label)

    def numpy(self) -> np.ndarray:
        """The number as an array of no axes."""
        return np.array(self._data)

    def astype(self, dtype: Any) -> Value:
        """The Value itself, as the float64 that it is; for any other dtype, a word."""
        if np.dtype(dtype) != np.float64:
            raise TypeError(errors.VALUE_DTYPE.format(came=np.dtype(dtype)))
        return self

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions and operators on Values record gates; beside an array they make an array of Values."""
        if method == "__call__" and not options and ufunc.__name__ in BY_UFUNC and any(map(_is_array, inputs)):
            return _elementwise(BY_UFUNC[ufunc.__name__], *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            text = errors.NOT_ON_VALUE.format(function=f"np.{ufunc.__name__}", came=errors.describe(*inputs))
            raise TypeError(text)
        return result

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        """`np.where` and `np.clip` record their gates, questions get answers; all others want a Tensor."""
        if function in PLAIN:
            return function(*plain_all(args), **options)
        name, inputs = function.__name__, tuple(args)
        if function is np.clip and not options and len(args) == 3:
            infinity = float("inf")
            inputs = tuple(bound if x is None else x for x, bound in zip(args, (0.0, -infinity, infinity), strict=True))
        if function not in (np.where, np.clip) or options or len(args) != 3:
            raise TypeError(errors.NOT_ON_VALUE.format(function=f"np.{name}", came=errors.describe(*args)))
        return (_elementwise if any(map(_is_array, inputs)) else apply)(GATES[name], *inputs)

    def checked(self, data: Any) -> float:
        return _number(data)

    @classmethod
    def constant(cls, data: Any) -> Value:
        return data if isinstance(data, Value) else Value(data)

    @classmethod
    def operand(cls, thing: Any) -> Any:
        if isinstance(thing, Value) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if isinstance(thing, Number) or getattr(thing, "shape", None) == ():
            return Constant(_number(thing))
        return NotImplemented

    @classmethod
    def record(cls, gate: Gate, inputs: tuple[Node, ...], **attributes: Any) -> Value:
        if not isinstance(gate, Gate):
            raise TypeError(errors.ARRAY_GATE.format(gate=gate.name))
        return _recorded(gate.floats.forward(*[source._data for source in inputs]), gate, inputs)

    def fitted(self, gradient: Any, source: Node) -> Any:
        return gradient if isinstance(gradient, Node) else float(gradient)

    def pull_back(self, arriving: dict[Node, float]) -> None:
        data = [source._data for source in self.inputs]
        for source, local in zip(self.inputs, self.gate.floats.local_gradients, strict=True):
            if source in arriving:
                weight = local(self._data, *data)
                if weight != 0.0 or not self.gate.selects:
                    arriving[source] += weight * arriving[self]

    def receive(self, gradient: float) -> None:
        self.grad = gradient if self.gate else self.grad + gradient


def _number(data: Any) -> float:
    number = data.item() if getattr(data, "shape", None) == () else data
    if not isinstance(number, Real):
        raise TypeError(errors.NOT_A_NUMBER.format(came=errors.describe(data)))
    return float(number)


def _is_array(thing: Any) -> bool:
    return isinstance(thing, np.ndarray) and thing.ndim > 0


def _elementwise(gate: Gate, *inputs: Any) -> np.ndarray:
    """An array of Values: the gate at each element of inputs that broadcast."""
    arrays = [thing if isinstance(thing, np.ndarray) else _boxed(thing) for thing in inputs]
    return np.frompyfunc(lambda *operands: apply(gate, *operands), gate.arity, 1)(*arrays)


def _boxed(thing: Any) -> np.ndarray:
    """An array of no axes around it: of a bare Value, NumPy would ask what to do, and it NumPy."""
    box = np.empty((), dtype=object)
    box[()] = thing
    return box


# What follows says the same for gates of one, two and more inputs: methods made for their arity are what makes the
# scalar engine fast (a loop over the inputs takes twice the time).

_new = Value.__new__
_mode = mode.get


def _recorded(data: float, gate: Gate, inputs: tuple[Node, ...]) -> Value:
    node = _new(Value)
    node._data, node.grad, node.label = data, 0.0, None
    node.time = clock.now
    node.gate, node.inputs = gate, inputs
    if _mode() != RECORD:
        _in_another_mode(node)
    return node


def _in_another_mode(node: Value) -> None:
    gate, inputs = node.gate, node.inputs
    if not _mode() & RECORD:
        node.gate, node.inputs = None, ()
    if _mode() & WATCH:
        check_forward(node, gate, inputs)


def _methods(gate: Gate) -> tuple[Any, Any]:
    """The method of a gate, and for two inputs the one that has `self` on the right."""
    forward = gate.floats.forward

    def unary(self: Value) -> Value:
        node = _new(Value)
        node._data, node.grad, node.label = forward(self._data), 0.0, None
        node.gate, node._x, node._y = gate, self, None
        node.time = clock.now
        if _mode() != RECORD:
            _in_another_mode(node)
        return node

    def binary(self: Value, other: Any) -> Value:
        if other.__class__ is not Value:
            other = Value.operand(other)
            if other is NotImplemented:
                return NotImplemented
        node = _new(Value)
        node._data, node.grad, node.label = forward(self._data, other._data), 0.0, None
        node.gate, node._x, node._y = gate, self, other
        node.time = clock.now
        if _mode() != RECORD:
            _in_another_mode(node)
        return node

    def reflected(self: Value, other: Any) -> Value:
        other = Value.operand(other)
        return NotImplemented if other is NotImplemented else Value.record(gate, (other, self))

    def several(self: Value, *others: Any) -> Value:
        return apply(gate, self, *others)

    return {1: unary, 2: binary}.get(gate.arity, several), reflected


def _rule(gate: Gate) -> Callable[[Value, dict[Node, float]], None]:
    """The chain rule at one gate, for its arity; the general one is `pull_back`."""
    locals_ = gate.floats.local_gradients

    def unary(node: Value, arriving: dict[Node, float]) -> None:
        x = node._x
        arriving[x] += local_x(node._data, x._data) * arriving[node]

    def binary(node: Value, arriving: dict[Node, float]) -> None:
        x, y = node._x, node._y
        upstream = arriving[node]
        if x in arriving:  # is no constant
            arriving[x] += local_x(node._data, x._data, y._data) * upstream
        if y in arriving:
            arriving[y] += local_y(node._data, x._data, y._data) * upstream

    if gate.arity > 2 or gate.selects:
        return Value.pull_back
    if gate.arity == 1:
        (local_x,) = locals_
        return unary
    local_x, local_y = locals_
    return binary


def _install(gate: Gate) -> None:
    install(Value, gate, *_methods(gate))
    Value.rules[gate] = _rule(gate)


install_gates(Value, _install)
