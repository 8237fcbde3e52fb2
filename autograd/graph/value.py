"""Value: a node whose data is a Python float. The scalar engine, with a chain rule that you can read.

What happens at `a * b`
    `install_methods`, at the end of this file, gives Value a method and an operator for each gate of the
    table. `Value.__mul__` is the function `method` there: it makes `b` an input (`Value.as_input`) and calls
    `Value.record`, which computes the number with the gate's `forward` and returns a new Value that holds the number,
    the gate and the two inputs.
What happens at `backward()`
    The walk in `backward.py` calls `Value.chain_rule` at each node, from the root to the leaves.
What replaces both
    After the first use of a gate, `value_codegen.py` puts a generated function in the place of its method, and another
    in the place of `chain_rule`. They do the same, faster. `GATEWISE_CODEGEN=0` turns this off.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Number, Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

from autograd import errors
from autograd.describe import describe
from autograd.gates.gate import BY_UFUNC, GATES, BaseGate, Gate, install_gates
from autograd.gates.trial import compare, on_floats
from autograd.graph import node_backend
from autograd.graph.anomaly import check_forward
from autograd.graph.array_kinds import check_kind
from autograd.graph.backward import backward
from autograd.graph.modes import RECORD, WATCH, current, mode
from autograd.graph.node import (
    ChainRule,
    Constant,
    Data,
    Gradient,
    Node,
    Recorded,
    Truth,
    apply,
    apply_ufunc,
    install,
)
from autograd.graph.numpy_dispatch import PLAIN, plain_all
from autograd.graph.versions import counter

Recorder = Callable[..., Recorded]


class Value(Node):
    """A number that remembers how it was computed.

    Parameters
    ----------
    data : float
        An int, a float or a NumPy scalar; stored as a float.
    label : str, optional
        The name that pictures show.

    Attributes
    ----------
    data : float
        The number.
    grad : float or Value
        0.0 before any `backward()`. A leaf accumulates over calls of `backward()` until `zero_grad()`, an inner node is
        set by each call. A Value after `backward(create_graph=True)`.

    Notes
    -----
    Every Value is tracked.

    `==` and `!=` compare a Value with a plain number as numbers. Two Values are equal only if they are the same node,
    since sets and dicts of Values are sets and dicts of nodes; compare their numbers with `a.data == b.data`.

    Examples
    --------
    >>> x, y, z = Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ()
    requires_grad = True
    initial_gradient = 0.0
    # The same rules, written out for each gate: `value_codegen` fills these in when a gate is first used.
    generated_rules: ClassVar[dict[BaseGate, ChainRule]] = {}
    generated_recorders: ClassVar[dict[BaseGate, Recorder]] = {}
    on_first_use: ClassVar[Callable[[Gate], None] | None] = None

    def __init__(self, data: float, *, label: str | None = None) -> None:
        self._data, self.grad, self.label = _number(data), 0.0, label
        self.gate, self._x, self._y = None, None, None
        self.version = counter.latest

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        gate = f", gate={self.gate.name}" if self.gate else ""
        return f"Value({self._data!r}{label}{gate}, grad={self.grad!r})"

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        if isinstance(other, Value):
            return self is other
        if isinstance(other, (Number, np.bool)):
            return self._data == other
        return NotImplemented

    __hash__ = Node.__hash__

    @classmethod
    def record(cls, gate: BaseGate, inputs: tuple[Node, ...], **attributes: object) -> Value:
        """Return the Value that a gate computes from its inputs.

        Parameters
        ----------
        gate : Gate
            An elementwise gate.
        inputs : tuple of Value or Constant
            Its inputs.
        **attributes
            Elementwise gates have none.

        Returns
        -------
        Value
            Recorded, unless under `no_grad`.
        """
        if not isinstance(gate, Gate):
            raise TypeError(
                f"gate {gate.name!r} is a gate over arrays, got Values. Use Tensors, or Values in a list and a loop"
            )
        recorder = cls.generated_recorders.get(gate)
        if recorder is not None:
            return recorder(*inputs)
        node = Value.__new__(Value)  # a plain Value even for a subclass, as in generated code
        node._data = gate.floats.forward(*[x._data for x in inputs])
        node.gate, node.inputs = gate, inputs
        node.grad, node.label, node.version = 0.0, None, counter.latest
        if cls.on_first_use is not None:
            cls.on_first_use(gate)
        return node if mode.get() == RECORD else in_another_mode(node)

    def chain_rule(self, gradients: dict[Node, Gradient]) -> None:
        """Add local gradient × upstream gradient to the gradient of each tracked input.

        Parameters
        ----------
        gradients : dict of node to gradient
            The gradients found so far; `gradients[self]` is complete.
        """
        rules, upstream = self.gate.floats, gradients[self]
        data = [x._data for x in self.inputs]
        for x, local_gradient in zip(self.inputs, rules.local_gradients, strict=True):
            if x.requires_grad:
                local = local_gradient(self._data, *data)
                gradients[x] += rules.downstream(local, upstream)  # their product, or 0 if x was not chosen

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """Apply the chain rule from here to the leaves, and set `grad` on every node on the way.

        Parameters
        ----------
        gradient : float, default 1.0
            The upstream gradient of this Value.
        create_graph : bool, default False
            Whether to record the walk itself: each `grad` is then a Value, from which you can go backward again.

        Raises
        ------
        RuntimeError
            If data was changed after its gates were recorded.
        """
        backward(self, _number(gradient), retain_grads=True, create_graph=create_graph)

    def zero_grad(self) -> None:
        """Set `grad` to 0.0."""
        self.grad = 0.0

    def detach(self) -> Value:
        """Return a leaf with the same number: what is computed from it does not reach back here.

        Returns
        -------
        Value
            A new leaf, with the same label.
        """
        return Value(self._data, label=self.label)

    def numpy(self) -> np.ndarray:
        """Return the number as an array without axes.

        Returns
        -------
        ndarray, shape ()
            A float64.
        """
        return np.array(self._data)

    def astype(self, dtype: DTypeLike) -> Value:
        """Return the Value itself, which is a float64.

        Parameters
        ----------
        dtype : dtype
            float64; any other one raises.

        Returns
        -------
        Value
            Itself.

        Raises
        ------
        TypeError
            If `dtype` is not float64.
        """
        if np.dtype(dtype) != np.float64:
            raise TypeError(
                f"a Value is a float64, got astype({np.dtype(dtype)}). Use a Tensor: Tensor(value.data, dtype=...)"
            )
        return self

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **options: object) -> Recorded:
        """NumPy's functions and operators on Values record gates; with an array they give an array of Values."""
        if method == "__call__" and not options and ufunc.__name__ in BY_UFUNC and any(map(_is_array, inputs)):
            return _elementwise(BY_UFUNC[ufunc.__name__], *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            raise TypeError(_no_gate(f"np.{ufunc.__name__}", *inputs))
        return result

    def __array_function__(
        self, function: Callable[..., object], types: object, args: tuple[Any, ...], options: dict[str, object]
    ) -> Recorded:
        """`np.where` and `np.clip` record gates; comparisons return plain values; other functions need a Tensor."""
        if function in PLAIN:
            return function(*plain_all(args), **options)
        name, inputs = function.__name__, tuple(args)
        if function is np.clip and not options and len(args) == 3:
            infinity = float("inf")
            inputs = tuple(bound if x is None else x for x, bound in zip(args, (0.0, -infinity, infinity), strict=True))
        if function not in (np.where, np.clip) or options or len(args) != 3:
            raise TypeError(_no_gate(f"np.{name}", *args))
        return (_elementwise if any(map(_is_array, inputs)) else apply)(GATES[name], *inputs)

    def validated(self, data: object) -> float:
        return _number(data)

    @classmethod
    def constant(cls, data: Data) -> Value:
        return data if isinstance(data, Value) else Value(data)

    @classmethod
    def as_input(cls, thing: object) -> Any:
        if isinstance(thing, (float, int)):
            return Constant(float(thing))
        if isinstance(thing, Value) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if isinstance(thing, Number) or getattr(thing, "shape", None) == ():
            return Constant(_number(thing))
        return NotImplemented

    def unbroadcast(self, gradient: Gradient, x: Node) -> Gradient:
        return gradient if isinstance(gradient, Node) else float(gradient)

    @staticmethod
    def set_grads(found: dict[Node, Gradient]) -> None:
        for node, gradient in found.items():
            node.grad = gradient if node.gate else node.grad + gradient


def in_another_mode(node: Value) -> Value:
    """Finish a Value in another mode than RECORD: no_grad makes it a leaf, detect_anomaly checks it."""
    gate, inputs, now = node.gate, node.inputs, current()
    if not now & RECORD:
        node.gate, node.inputs = None, ()
    if now & WATCH:
        check_forward(node, gate, inputs)
    return node


def install_methods(gate: Gate) -> None:
    """Give Value the method and the operator of a gate: `mul` and `__mul__`, and `__rmul__` for `2.0 * b`.

    Parameters
    ----------
    gate : Gate
        The gate.
    """

    def method(self: Value, *others: object) -> Recorded:
        """Record a gate: the first input is self."""
        inputs = (self, *map(Value.as_input, others))
        return NotImplemented if any(x is NotImplemented for x in inputs) else Value.record(gate, inputs)

    def reflected(self: Value, other: object) -> Recorded:
        """Record a gate: the second input is self."""
        x = Value.as_input(other)
        return NotImplemented if x is NotImplemented else Value.record(gate, (x, self))

    install(Value, gate, method, reflected)


def _try_out(gate: Gate) -> None:
    """Run the rules of a new gate on Values, as second derivatives do."""
    rules = gate.on(node_backend)
    for sample in gate.samples:
        inputs = [Value(x) for x in sample]
        expected = on_floats(gate, sample)
        try:
            out = rules.forward(*inputs)
            got = [out, *(local(out, *inputs) for local in rules.local_gradients)]
        except Exception as error:
            raise TypeError(
                f"gate {gate.name!r}: a rule fails on nodes: {error}. Write it with xp.functions"
            ) from error
        for what, number, result in zip(["forward", *gate.arguments], expected, got, strict=True):
            compare(gate, f"{what}, on nodes", number, getattr(result, "data", result), sample)


def _number(data: Any) -> float:
    check_kind(data)
    number = data.item() if getattr(data, "shape", None) == () else data
    if not isinstance(number, Real):
        raise TypeError(
            f"Value expected one real number (int, float, a NumPy scalar), got {describe(data)}. "
            "For an array use Tensor(array); for many Values, a list of them"
        )
    return float(number)


def _no_gate(function: str, *inputs: object) -> str:
    return (
        f"{function} of a Value has no gate for {describe(*inputs)}. Use the methods of Value and plain numbers; "
        "for NumPy's functions over arrays, make Tensors"
    )


def _is_array(thing: object) -> bool:
    return isinstance(thing, np.ndarray) and thing.ndim > 0


def _elementwise(gate: Gate, *inputs: object) -> np.ndarray:
    """An array of Values: the gate at each element of inputs that broadcast."""
    check_kind(inputs)
    arrays = [thing if isinstance(thing, np.ndarray) else _boxed(thing) for thing in inputs]
    return np.frompyfunc(lambda *elements: apply(gate, *elements), gate.arity, 1)(*arrays)


def _boxed(thing: object) -> np.ndarray:
    """An array without axes around it: given a bare Value, NumPy would call Value, and Value NumPy, without end."""
    box = np.empty((), dtype=object)
    box[()] = thing
    return box


install_gates(Value, install_methods, _try_out)
