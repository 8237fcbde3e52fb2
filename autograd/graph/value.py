"""Value: a Node whose data is a Python float: the scalar engine that one can see through."""

from __future__ import annotations

import linecache
import math
from functools import cache
from numbers import Number, Real
from typing import Any

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.backends import floats
from autograd.gates.backends.python_text import passed
from autograd.gates.elementwise import BY_UFUNC, GATES, Gate, install_gates
from autograd.graph.anomaly import check_forward
from autograd.graph.backward import backward
from autograd.graph.modes import RECORD, WATCH, mode
from autograd.graph.node import Constant, Node, apply, apply_ufunc, install
from autograd.graph.numpy_functions import PLAIN, plain_all
from autograd.graph.versions import clock


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
    zero = 0.0
    rules = {}  # the chain rule at each gate that was used: see below

    def __init__(self, data: float, *, label: str | None = None) -> None:
        self._data, self.grad, self.label = _number(data), 0.0, label
        self.gate, self._x, self._y = None, None, None
        self.time = clock.now

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
            raise TypeError(errors.VALUE_DTYPE.format(got=np.dtype(dtype)))
        return self

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions and operators on Values record gates; beside an array they make an array of Values."""
        if method == "__call__" and not options and ufunc.__name__ in BY_UFUNC and any(map(_is_array, inputs)):
            return _elementwise(BY_UFUNC[ufunc.__name__], *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            text = errors.NOT_ON_VALUE.format(function=f"np.{ufunc.__name__}", got=describe(*inputs))
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
            raise TypeError(errors.NOT_ON_VALUE.format(function=f"np.{name}", got=describe(*args)))
        return (_elementwise if any(map(_is_array, inputs)) else apply)(GATES[name], *inputs)

    def checked(self, data: Any) -> float:
        return _number(data)

    @classmethod
    def constant(cls, data: Any) -> Value:
        return data if isinstance(data, Value) else Value(data)

    @classmethod
    def operand(cls, thing: Any) -> Any:
        if isinstance(thing, (float, int)):
            return Constant(float(thing))
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
        return _compiled(gate)(*inputs)

    def fitted(self, gradient: Any, source: Node) -> Any:
        return gradient if isinstance(gradient, Node) else float(gradient)

    def pull_back(self, arriving: dict[Node, float]) -> None:
        _compiled(self.gate)  # of a graph from a pickle: from now on its rule is in `rules`
        self.rules[self.gate](self, arriving)

    @staticmethod
    def receive(found: dict[Node, float]) -> None:
        for node, gradient in found.items():
            node.grad = gradient if node.gate else node.grad + gradient


def _number(data: Any) -> float:
    number = data.item() if getattr(data, "shape", None) == () else data
    if not isinstance(number, Real):
        raise TypeError(errors.NOT_A_NUMBER.format(got=describe(data)))
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


# What records a gate, and the chain rule at it, are written out as the Python that one would write by hand for that
# gate alone, and compiled: with no calls of its rules on the way, a training step takes four fifths of the time. Once a
# gate was used it can be read: inspect.getsource(Value.__mul__), inspect.getsource(Value.rules[GATES["mul"]]).

WRITTEN = """\
def method({operands}):{made_nodes}
    node = new(Value)
    node._data, node.grad, node.label = {forward}, 0.0, None
    node.gate, node._x, node._y = gate, {inputs}
    node.time = clock.now
    return node if mode() == RECORD else in_another_mode(node)


def rule(node, arriving):
    {slots} = node._x, node._y
    upstream = arriving[node]
"""
MADE_NODE = """
    if {x}.__class__ is not Value:
        {x} = Value.operand({x})
        if {x} is NotImplemented:
            return NotImplemented"""
PASS_DOWN = """\
    if {x}.__class__ is not Constant:
        arriving[{x}] += {passed}
"""
CHOOSE = """\
    if {x}.__class__ is not Constant and (weight := {local}) != 0.0:
        arriving[{x}] += weight * upstream
"""


def _in_another_mode(node: Value) -> Value:
    gate, inputs = node.gate, node.inputs
    if not mode.get() & RECORD:
        node.gate, node.inputs = None, ()
    if mode.get() & WATCH:
        check_forward(node, gate, inputs)
    return node


_NAMES: dict[str, Any] = {  # that the text names
    "xp": floats, "inf": math.inf, "nan": math.nan, "Value": Value, "Constant": Constant,
    "new": Value.__new__, "clock": clock, "mode": mode.get, "RECORD": RECORD, "in_another_mode": _in_another_mode,
}  # fmt: skip


def _written(gate: Gate) -> str:
    operands = [f"x{i}" for i in range(gate.arity)]
    forward, *local_gradients = _expressions(gate, [f"{x}._data" for x in operands])
    listed = ", ".join(operands)
    slots = {1: "x0, _", 2: "x0, x1"}.get(gate.arity, f"({listed}), _")  # what `inputs` of a Value takes apart
    return WRITTEN.format(
        operands=listed,
        made_nodes="".join(MADE_NODE.format(x=x) for x in operands[1:]),
        forward=forward,
        inputs=slots.replace("_", "None"),
        slots=slots,
    ) + "".join(
        (CHOOSE if gate.selects else PASS_DOWN).format(x=x, local=local, passed=passed(local))
        for x, local in zip(operands, local_gradients, strict=True)
    )


def _expressions(gate: Gate, data: list[str]) -> list[str]:
    """The value and the local gradients as text. A rule that is more than an expression (it branches) is called."""
    try:
        forward, local_gradients = gate.sources
        return [forward(*data), *(local("node._data", *data) for local in local_gradients)]
    except TypeError:
        given = ", ".join(data)
        calls = [f"gate.floats.local_gradients[{i}](node._data, {given})" for i in range(gate.arity)]
        return [f"gate.floats.forward({given})", *calls]


@cache
def _compiled(gate: Gate) -> Any:
    """What records the gate: compiled when first used, as all the table at once would make the import wait."""
    written, names = _written(gate), {**_NAMES, "gate": gate}
    file = f"{__file__}, gate {gate.name}"
    exec(compile(written, file, "exec"), names)
    Value.rules[gate] = names["rule"]
    if GATES.get(gate.name) is gate:  # it may have been removed
        linecache.cache[file] = len(written), None, written.splitlines(keepends=True), file  # for tracebacks, inspect
        _put(gate, names["method"])
    return names["method"]


def _put(gate: Gate, method: Any) -> None:
    def reflected(self: Value, other: Any) -> Any:
        other = Value.operand(other)
        return NotImplemented if other is NotImplemented else method(other, self)

    install(Value, gate, method, reflected)


def _install(gate: Gate) -> None:
    def stand_in(self: Value, *others: Any) -> Any:
        return _compiled(gate)(self, *others)

    _put(gate, stand_in)


install_gates(Value, _install)
