"""Node: data, grad, gate, inputs, label: one step of a recorded computation, and what records it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import errors
from autograd.gates import BY_UFUNC, GATES, Gate

if TYPE_CHECKING:
    from typing import Self

COMPARISONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isnan, np.isinf, np.isfinite,
}  # fmt: skip

recording: ContextVar[bool] = ContextVar("recording", default=True)


@contextmanager
def no_grad() -> Iterator[None]:
    """Within `with no_grad():` gates compute and record nothing. Holds for this thread or task alone."""
    token = recording.set(False)
    try:
        yield
    finally:
        recording.reset(token)


class Node:
    """A value in a graph: a leaf, or what a `gate` made of `inputs`. `Value` and `Tensor` are its two kinds.

    data    a Python float (`Value`) or an ndarray (`Tensor`)
    grad    the gradient that `backward()` left here, of the shape of data
    gate    the entry of the table that computed this node; None for a leaf
    inputs  the nodes that the gate took, in their order; () for a leaf
    label   the name that the picture shows, if the user gave one
    """

    __slots__ = ("data", "gate", "grad", "inputs", "label")
    data: Any
    grad: Any
    gate: Any
    inputs: tuple[Node, ...]
    label: str | None
    requires_grad: bool

    # Two Nodes are equal only if they are one, as sets and dicts of nodes need it; < and > compare the data.
    def __lt__(self, other: Any) -> Any:
        return self.data < _data(other)

    def __le__(self, other: Any) -> Any:
        return self.data <= _data(other)

    def __gt__(self, other: Any) -> Any:
        return self.data > _data(other)

    def __ge__(self, other: Any) -> Any:
        return self.data >= _data(other)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __float__(self) -> float:
        return float(self.data)

    def __format__(self, spec: str) -> str:
        """`f"{x:.4f}"` formats the number; without a spec, it is the repr."""
        return format(self.item(), spec) if spec else repr(self)

    def __pos__(self) -> Self:
        return self

    def __rtruediv__(self, other: Any) -> Self:
        """`1 / x` is the reciprocal gate, as the slides have it; any other `c / x` the div gate."""
        if isinstance(other, (int, float)) and other == 1:
            return self.record(GATES["reciprocal"], (self,))
        return self._reflected_div(other)

    def item(self) -> float:
        """The one number that data holds."""
        return self.data.item() if hasattr(self.data, "item") else self.data

    # What each kind of node says for itself

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

    @property
    def keeps_grad(self) -> bool:
        """Whether `backward()` writes this node's gradient without being asked to retain it."""
        raise NotImplementedError

    def receive(self, gradient: Any) -> None:
        """Take the gradient of one `backward()`: a leaf adds it, an inner node holds it."""
        raise NotImplementedError

    if TYPE_CHECKING:  # made from the table of gates; a test holds this list against it

        def __add__(self, other: Any) -> Self: ...
        def __radd__(self, other: Any) -> Self: ...
        def __sub__(self, other: Any) -> Self: ...
        def __rsub__(self, other: Any) -> Self: ...
        def __mul__(self, other: Any) -> Self: ...
        def __rmul__(self, other: Any) -> Self: ...
        def __truediv__(self, other: Any) -> Self: ...
        def __pow__(self, other: Any) -> Self: ...
        def __rpow__(self, other: Any) -> Self: ...
        def __neg__(self) -> Self: ...
        def __abs__(self) -> Self: ...
        def _reflected_div(self, other: Any) -> Self: ...
        def add(self, other: Any) -> Self: ...
        def sub(self, other: Any) -> Self: ...
        def mul(self, other: Any) -> Self: ...
        def div(self, other: Any) -> Self: ...
        def neg(self) -> Self: ...
        def reciprocal(self) -> Self: ...
        def pow(self, other: Any) -> Self: ...
        def exp(self) -> Self: ...
        def log(self) -> Self: ...
        def sqrt(self) -> Self: ...
        def abs(self) -> Self: ...
        def sin(self) -> Self: ...
        def cos(self) -> Self: ...
        def tanh(self) -> Self: ...
        def sigmoid(self) -> Self: ...
        def relu(self) -> Self: ...
        def maximum(self, other: Any) -> Self: ...
        def minimum(self, other: Any) -> Self: ...


class Constant(Node):
    """A number or an array that a gate took beside its nodes: `2` in `2 * x`. Not tracked, no gradient."""

    __slots__ = ()
    requires_grad = False

    def __init__(self, data: Any) -> None:
        self.data, self.grad, self.gate, self.inputs, self.label = data, None, None, (), None

    def __repr__(self) -> str:
        return f"Constant({self.data!r})"


def _data(thing: Any) -> Any:
    return thing.data if isinstance(thing, Node) else thing


def apply(gate: Any, *operands: Any, **attributes: Any) -> Any:
    """The node that `gate` makes of operands of which at least one is a Value or a Tensor, in any place."""
    kind = next((type(thing) for thing in operands if isinstance(thing, Node)), None)
    if kind is None:
        raise TypeError(errors.NO_NODE.format(gate=gate.name, came=errors.describe(*operands)))
    inputs = tuple(kind.operand(thing) for thing in operands)
    if NotImplemented in inputs:
        raise TypeError(errors.OPERAND.format(gate=gate.name, kind=kind.__name__, came=errors.describe(*operands)))
    return kind.record(gate, inputs, **attributes)


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What NumPy's function makes of inputs with nodes among them: plain booleans where it compares, the node of its
    gate where it has one, else NotImplemented.
    """
    if method != "__call__" or options:
        return NotImplemented
    if ufunc in COMPARISONS:
        return ufunc(*map(_data, inputs))
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


def install(kind: type[Node], gate: Gate, method: Any, reflected: Any) -> None:
    """Give a kind of node the method and the operator of one gate."""

    def named(self: Node, *others: Any) -> Node:
        result = method(self, *others)
        if result is NotImplemented:  # an operator leaves the word to Python, a method has it itself
            return apply(gate, self, *others)
        return result

    public = method if gate.arity == 1 else named
    public.__name__, public.__doc__ = gate.name, f"Record the gate {gate.name} ({gate.symbol})."
    setattr(kind, gate.name, public)
    if gate.operator:
        setattr(kind, f"__{gate.operator}__", method)
        if gate.arity == 2:
            setattr(kind, "_reflected_div" if gate.name == "div" else f"__r{gate.operator}__", reflected)
