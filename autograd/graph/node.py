"""Node: data, grad, gate, inputs, label: one step of a recorded computation, and what records it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.elementwise import BY_UFUNC, GATES, Gate
from autograd.graph.hooks import Hook
from autograd.graph.modes import WITHIN, mode
from autograd.graph.pickling import copied, flattened, set_state
from autograd.graph.versions import clock

if TYPE_CHECKING:
    from typing import Self

    from autograd.graph.gate_methods import GateMethods  # a stub made from the table of gates
else:
    GateMethods = object

PullBack = Callable[[Any, dict[Any, Any]], None]
COMPARISONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isnan, np.isinf, np.isfinite,
}  # fmt: skip


class Node(GateMethods):
    """A value in a graph: a leaf, or what a `gate` made of `inputs`. `Value` and `Tensor` are its two kinds.

    data    a Python float (`Value`) or an ndarray (`Tensor`)
    grad    the gradient that `backward()` left here, of the shape of data
    gate    the entry of the table that computed this node; None for a leaf
    inputs  the nodes that the gate took, in their order; () for a leaf
    label   the name that the picture shows, if the user gave one
    time    when its data was set: a gate that is older than one of its inputs was recorded with other data
    """

    # a tuple of inputs would double what the garbage collector has to walk
    __slots__ = ("__weakref__", "_data", "_x", "_y", "gate", "grad", "label", "time")
    _data: Any
    _x: Any  # the first input, or the tuple of more than two
    _y: Any  # the second of two
    grad: Any
    gate: Any
    label: str | None
    time: int
    requires_grad: bool
    zero: ClassVar[float | None] = None  # from what the gradients of a walk add up; None: from what arrives first
    rules: ClassVar[dict[Any, PullBack]] = {}  # what stands for pull_back at single gates, being faster there

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

    @property
    def data(self) -> Any:
        """The number or the array. Assigning to it is for leaves: a graph recorded before is then refused."""
        return self._data

    @data.setter
    def data(self, new: Any) -> None:
        if self.gate is not None:
            raise RuntimeError(errors.INNER_DATA.format(kind=type(self).__name__, gate=self.gate.name))
        self._data = self.checked(new)
        clock.now += 1
        self.time = clock.now

    # Two Values are equal only if they are one, as sets and lists of nodes need it; < and > compare the data.
    def __lt__(self, other: Any) -> Any:
        return self._data < plain(other)

    def __le__(self, other: Any) -> Any:
        return self._data <= plain(other)

    def __gt__(self, other: Any) -> Any:
        return self._data > plain(other)

    def __ge__(self, other: Any) -> Any:
        return self._data >= plain(other)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __float__(self) -> float:
        return float(self._leaving())

    def __format__(self, spec: str) -> str:
        """`f"{x:.4f}"` formats the number; without a spec, it is the repr."""
        return format(self.item(), spec) if spec else repr(self)

    def __pos__(self) -> Self:
        return self

    def __int__(self) -> int:
        return int(self._leaving())

    def _leaving(self) -> Any:
        """The data, as it leaves the graph; refused within a derivative, which would be wrong without it."""
        if mode.get() & WITHIN and self.requires_grad:
            raise TypeError(errors.LEAVING.format(kind=type(self).__name__))
        return self._data

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copied(self, memo)

    def __reduce__(self) -> Any:
        return flattened(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        set_state(self, state)

    def __rtruediv__(self, other: Any) -> Self:
        """`1 / x` is the reciprocal gate, as the slides have it; any other `c / x` the div gate."""
        if isinstance(other, (int, float)) and other == 1:
            return self.record(GATES["reciprocal"], (self,))
        return self._reflected_div(other)

    def item(self) -> float:
        """The one number that data holds."""
        return self._data.item() if hasattr(self._data, "item") else self._data

    def register_hook(self, function: Callable[[Any], Any]) -> Hook:
        """Call `function(gradient)` whenever a walk has this node's gradient complete; `remove()` the hook by hand.

        What the function returns, unless None, takes the gradient's place, here and in all that is computed from it.
        """
        return Hook(self, function)

    @property
    def attributes(self) -> dict[str, Any]:
        """What the gate took beside its inputs: the axis of a sum."""
        return {}

    @property
    def recorded(self) -> Any:
        """What stands for this node in a rule that is recorded: the node, or a Constant's plain data."""
        return self

    # What each kind of node says for itself

    def checked(self, data: Any) -> Any:
        """What is to be this node's data, or an error that says what is wrong with it."""
        raise NotImplementedError

    @classmethod
    def constant(cls, data: Any) -> Self:
        """A node of plain data; of a node, that node."""
        raise NotImplementedError

    @classmethod
    def operand(cls, thing: Any) -> Any:
        """The node that stands for `thing` in a gate of this kind, or NotImplemented where nothing can."""
        raise NotImplementedError

    @classmethod
    def record(cls, gate: Any, inputs: tuple[Node, ...], **attributes: Any) -> Self:
        """The node that `gate` makes of `inputs`."""
        raise NotImplementedError

    def backward(self, gradient: Any = None) -> None:
        """Walk the chain rule from here to the leaves, where `gradient` is what arrives here from above."""
        raise NotImplementedError

    def pull_back(self, arriving: dict[Node, Any]) -> None:
        """Add to what arrives at each tracked input: local gradient × the upstream gradient, `arriving[self]`."""
        raise NotImplementedError

    def refuse_writes(self) -> None:
        """Raise where an array that this node's gate took has been written into since."""

    def fitted(self, gradient: Any, source: Node) -> Any:
        """What this node's gate passed down, as the gradient of the input `source`: of its shape and dtype."""
        raise NotImplementedError

    def passed_down(self, position: int, upstream: Any) -> Any:
        """What this node's gate passes down to one of its inputs when `upstream` arrives here."""
        data = [source._data for source in self.inputs]
        passed = self.gate.vjp(position)(upstream, self._data, *data, **self.attributes)
        return self.fitted(passed, self.inputs[position])

    @staticmethod
    def receive(found: dict[Node, Any]) -> None:
        """Give the nodes of one `backward()` their gradients: a leaf adds its own, an inner node holds it."""
        raise NotImplementedError


class Constant(Node):
    """A number or an array that a gate took beside its nodes: `2` in `2 * x`. Not tracked, no gradient."""

    __slots__ = ()
    requires_grad = False

    def __init__(self, data: Any) -> None:
        self._data, self.gate, self._x, self._y = data, None, None, None
        self.grad, self.label, self.time = None, None, 0

    @property
    def recorded(self) -> Any:
        return self._data

    def __repr__(self) -> str:
        return f"Constant({self.data!r})"


def plain(thing: Any) -> Any:
    """The data of a node; anything else as it is."""
    return thing._data if isinstance(thing, Node) else thing


def apply(gate: Any, *operands: Any, **attributes: Any) -> Any:
    """The node that `gate` makes of operands of which at least one is a Value or a Tensor, in any place."""
    for thing in operands:
        if isinstance(thing, Node):
            kind = type(thing)
            break
    else:
        raise TypeError(errors.NO_NODE.format(gate=gate.name, got=describe(*operands)))
    inputs = []
    for thing in operands:
        inputs.append(kind.operand(thing))
        if inputs[-1] is NotImplemented:
            raise TypeError(errors.OPERAND.format(gate=gate.name, kind=kind.__name__, got=describe(*operands)))
    return kind.record(gate, tuple(inputs), **attributes)


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What NumPy's function makes of inputs with nodes among them: plain booleans where it compares, the node of its
    gate where it has one, else NotImplemented.
    """
    if method != "__call__" or options:
        return NotImplemented
    if ufunc in COMPARISONS:
        return ufunc(*map(plain, inputs))
    gate = BY_UFUNC.get(ufunc.__name__)
    return NotImplemented if gate is None else apply(gate, *inputs)


def maximum(a: Any, b: Any) -> Any:
    """The max gate: the larger of two, of which at least one is a Value or a Tensor; ties split the gradient evenly.

    (Python's own `max` only picks one of its arguments and records nothing.)
    """
    return apply(GATES["maximum"], a, b)


def minimum(a: Any, b: Any) -> Any:
    """The min gate: the smaller of two, of which at least one is a Value or a Tensor; ties split evenly."""
    return apply(GATES["minimum"], a, b)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`; at least one of them is a Value or a Tensor. Each gets its gradient
    where it was chosen. (Python's own `x if condition else y` serves for one plain condition.)
    """
    return apply(GATES["where"], condition, x, y)


def install(kind: type[Node], gate: Gate, method: Any, reflected: Any) -> None:
    """Give a kind of node the method and the operator of one gate."""

    def named(self: Node, *others: Any, **by_name: Any) -> Node:
        if by_name or len(others) + 1 < gate.arity:
            others = _completed(gate, others, by_name)
        result = method(self, *others)
        if result is NotImplemented:  # an operator leaves the word to Python, a method has it itself
            return apply(gate, self, *others)
        return result

    if gate.method:
        public = method if gate.arity == 1 else named
        public.__name__, public.__doc__ = gate.name, f"Record the gate {gate.name} ({gate.symbol})."
        setattr(kind, gate.name, public)
    if gate.operator:
        setattr(kind, f"__{gate.operator}__", method)
        if gate.arity == 2:
            setattr(kind, "_reflected_div" if gate.name == "div" else f"__r{gate.operator}__", reflected)


def _completed(gate: Gate, others: tuple[Any, ...], by_name: dict[str, Any]) -> tuple[Any, ...]:
    """The inputs after the first: as given by position, by name, and by the gate's defaults."""
    given = dict(zip(gate.arguments[1:], others, strict=False)) | by_name
    filled = dict(zip(gate.arguments[gate.arity - len(gate.defaults) :], gate.defaults, strict=True)) | given
    if set(filled) != set(gate.arguments[1:]) or len(others) + len(by_name) > len(given):
        expected, got = ", ".join(gate.arguments[1:]), ", ".join([*map(describe, others), *by_name]) or "none"
        raise TypeError(errors.GATE_ARGUMENTS.format(gate=gate.name, expected=expected, got=got))
    return tuple(filled[name] for name in gate.arguments[1:])
