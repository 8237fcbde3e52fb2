"""Node: one value in a graph, with its gradient, its gate and its inputs; and what records a gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from autograd.describe import describe
from autograd.gates.backends.arrays import Number
from autograd.gates.gate import BY_UFUNC, GATES, BaseGate, Gate
from autograd.gates.summation import in_single
from autograd.graph.array_kinds import MASKED
from autograd.graph.hooks import Hook
from autograd.graph.modes import DIFFERENTIATE, current
from autograd.graph.pickling import Stored, copied, flattened, set_state
from autograd.graph.versions import counter

if TYPE_CHECKING:
    from typing import Self

    from autograd.graph.gate_methods import GateMethods  # a stub generated from the table of gates
else:
    GateMethods = object

Data: TypeAlias = Any  # a float in a Value, an ndarray in a Tensor
Gradient: TypeAlias = Any  # a float, an ndarray, or a node in a walk that is recorded
Recorded: TypeAlias = Any  # a Value or a Tensor, as the inputs are
Attributes: TypeAlias = dict[str, Any]  # keyword arguments of a gate over arrays, each of its own type
Truth: TypeAlias = bool | np.ndarray
ChainRule: TypeAlias = Callable[..., None]  # of a node and a dict of the gradients found so far
COMPARISONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isnan, np.isinf, np.isfinite,
}  # fmt: skip


class Node(Stored, GateMethods):
    """A value in a graph: a leaf, or the result of a gate. `Value` and `Tensor` are its two kinds.

    Attributes
    ----------
    data : float or ndarray
        The number of a `Value`, the array of a `Tensor`.
    grad : float, ndarray, Value, Tensor or None
        The gradient that `backward()` left here, of the shape of `data`.
    gate : Gate, ArrayGate or None
        The entry of the table that computed this node; None for a leaf.
    inputs : tuple of node
        The inputs of the gate, in their order; () for a leaf.
    label : str or None
        The name that pictures show.
    version : int
        The version of `data`: a gate that is older than one of its inputs was recorded with other data.
    """

    __slots__ = ("__weakref__", "label")
    _data: Data
    grad: Gradient
    gate: Any  # a BaseGate or None; whoever uses it knows which
    label: str | None
    version: int
    initial_gradient: ClassVar[float | None] = None  # what gradients add up from; None: from the first one
    generated_rules: ClassVar[dict[BaseGate, ChainRule]] = {}  # replace `chain_rule` at some gates, as they are faster

    @property
    def data(self) -> Data:
        """The number or the array. Only a leaf's can be assigned; a graph recorded before is then refused."""
        return self._handed_out()

    @data.setter
    def data(self, new: object) -> None:
        if self.gate is not None:
            raise RuntimeError(
                f"the data of a {type(self).__name__} that gate {self.gate.name!r} made cannot be assigned: its "
                "gradients would be wrong. Make a new node of it, or a leaf with detach()"
            )
        self._data = self.validated(new)
        counter.latest += 1
        self.version = counter.latest

    def _handed_out(self) -> Data:
        """The data for somebody who may write into it."""
        return self._data

    @property
    def _mask(self) -> None:
        """What np.ma asks of all that it meets, after it took `_data`: refused, as the gradient would be lost."""
        raise TypeError(MASKED)

    def __lt__(self, other: object) -> Truth:
        return self._data < plain(other)

    def __le__(self, other: object) -> Truth:
        return self._data <= plain(other)

    def __gt__(self, other: object) -> Truth:
        return self._data > plain(other)

    def __ge__(self, other: object) -> Truth:
        return self._data >= plain(other)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __float__(self) -> float:
        return float(self._leaving_graph())

    def __format__(self, spec: str) -> str:
        """`f"{x:.4f}"` formats the number; without a spec, it is the repr."""
        return format(self.item(), spec) if spec else repr(self)

    def __pos__(self) -> Self:
        return self

    def __int__(self) -> int:
        return int(self._leaving_graph())

    def _leaving_graph(self) -> Data:
        """The data, for use outside the graph; refused while a function is differentiated, as its gradient is lost."""
        if current() & DIFFERENTIATE and self.requires_grad:
            raise TypeError(
                f"a tracked {type(self).__name__} would leave the graph here as a plain number (float(x), math.exp(x), "
                "array[i] = x), and the derivative that is being taken would be wrong. Use NumPy's functions (np.exp), "
                "collect parts in a list and np.stack it, or take the number on purpose with x.item()"
            )
        return self._data

    def __round__(self, digits: int | None = None) -> float:
        return round(self.item(), digits)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return copied(self, memo)

    def __reduce__(self) -> tuple[object, ...]:
        if self.gate is None:
            self._handed_out()  # a shallow copy shares the array
        return flattened(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        set_state(self, state)

    def __rtruediv__(self, other: object) -> Self:
        """`1 / x` is the reciprocal gate, as on the slides; any other `c / x` is the div gate."""
        if isinstance(other, (int, float)) and other == 1:
            return self.record(GATES["reciprocal"], (self,))
        return self._reflected_div(other)

    def item(self) -> float:
        """Return the single number that `data` holds.

        Returns
        -------
        float
            As a Python number.
        """
        return self._data.item() if hasattr(self._data, "item") else self._data

    def register_hook(self, function: Callable[[Gradient], Gradient]) -> Hook:
        """Call `function(gradient)` in every walk, as soon as this node's gradient is complete.

        Parameters
        ----------
        function : callable
            Called with the gradient. If it returns anything but None, that replaces the gradient, here and in
            everything computed from it.

        Returns
        -------
        Hook
            Call its `remove()` to remove the function.
        """
        return Hook(self, function)

    @property
    def attributes(self) -> Attributes:
        """The keyword arguments of the gate, such as the axis of a sum."""
        return {}

    @property
    def rule_input(self) -> object:
        """What a recorded rule computes with: this node, or the plain data of a Constant."""
        return self

    def local_gradient(self, position: int) -> Number | None:
        """Return the gate's local gradient with respect to one input.

        Parameters
        ----------
        position : int
            Which input.

        Returns
        -------
        float, ndarray or None
            None for a gate over arrays, which has only a vector-Jacobian product.
        """
        return _copied(self.gate.local_gradient(position, self._data, *[x._data for x in self.inputs]))

    def vjp(self, position: int, upstream: Gradient) -> Gradient:
        """Return the downstream gradient of one input, of its shape and dtype.

        Parameters
        ----------
        position : int
            Which input.
        upstream : float or ndarray
            The gradient of this node.

        Returns
        -------
        float or ndarray
            Its vector-Jacobian product.
        """
        data, vjp = [x._data for x in self.inputs], self.gate.vjp(position)
        if getattr(self._data, "dtype", None) == np.float16:
            vjp = in_single(vjp)
        downstream = vjp(upstream, self._data, *data, **self.attributes)
        return _copied(self.unbroadcast(downstream, self.inputs[position]))

    # What each kind of node defines

    def validated(self, data: object) -> Data:
        """Return new data for this node as it is to be stored.

        Parameters
        ----------
        data : object
            What a user assigned.

        Returns
        -------
        float or ndarray
            The data; an error says what is wrong with it otherwise.
        """
        raise NotImplementedError

    @classmethod
    def constant(cls, data: Data) -> Self:
        """Return a node of plain data.

        Parameters
        ----------
        data : float, ndarray or node
            The data, or a node that is returned unchanged.

        Returns
        -------
        node
            Of this kind.
        """
        raise NotImplementedError

    @classmethod
    def as_input(cls, thing: object) -> Any:
        """Return the node that represents something as an input of a gate.

        Parameters
        ----------
        thing : object
            A node, a number, an array.

        Returns
        -------
        node or NotImplemented
            NotImplemented if it cannot be an input of this kind of node.
        """
        raise NotImplementedError

    @classmethod
    def record(cls, gate: BaseGate, inputs: tuple[Node, ...], **attributes: object) -> Self:
        """Return the node that a gate computes from its inputs.

        Parameters
        ----------
        gate : Gate or ArrayGate
            The gate.
        inputs : tuple of node
            Its inputs.
        **attributes
            The keyword arguments of a gate over arrays.

        Returns
        -------
        node
            Recorded, if gates record now and an input is tracked.
        """
        raise NotImplementedError

    def backward(self, gradient: Gradient = None) -> None:
        """Apply the chain rule from here to the leaves.

        Parameters
        ----------
        gradient : float or array_like, optional
            The upstream gradient of this node.
        """
        raise NotImplementedError

    def chain_rule(self, gradients: dict[Node, Gradient]) -> None:
        """Add local gradient × upstream gradient to the gradient of each tracked input.

        Parameters
        ----------
        gradients : dict of node to gradient
            The gradients found so far; `gradients[self]` is complete.
        """
        raise NotImplementedError

    def check_fingerprints(self) -> None:
        """Raise RuntimeError if an array that this node's gate used was written into since."""

    def unbroadcast(self, gradient: Gradient, x: Node) -> Gradient:
        """Return a downstream gradient in the shape and dtype of an input.

        Parameters
        ----------
        gradient : float, ndarray or node
            The gradient, in the shape of this node or broadcast with it.
        x : node
            The input.

        Returns
        -------
        float, ndarray or node
            The gradient of `x`.
        """
        raise NotImplementedError

    @staticmethod
    def set_grads(found: dict[Node, Gradient]) -> None:
        """Set `grad` after a walk: a leaf adds the gradient up, an inner node is set.

        Parameters
        ----------
        found : dict of node to gradient
            The gradients of one walk.
        """
        raise NotImplementedError


class Constant(Node):
    """A plain number or array among the inputs of a gate: the `2` of `2 * x`. Not tracked, no gradient."""

    __slots__ = ()
    requires_grad = False

    def __init__(self, data: Data) -> None:
        self._data, self.gate, self._x, self._y = data, None, None, None
        self.grad, self.label, self.version = None, None, 0

    @property
    def rule_input(self) -> object:
        return self._data

    def _handed_out(self) -> Data:
        return _copied(self._data)  # the array may be the user's own

    def __repr__(self) -> str:
        return f"Constant({self._data!r})"


def _copied(data: Data) -> Data:
    """A copy of an array, so that nobody writes into what a graph refers to; anything else unchanged."""
    return np.array(data) if isinstance(data, np.ndarray) else data


def plain(thing: object) -> Any:
    """Return the data of a node; anything else is returned unchanged.

    Parameters
    ----------
    thing : object
        A Value, a Tensor, or anything else.

    Returns
    -------
    object
        A float or an ndarray of a node.
    """
    return thing._data if isinstance(thing, Node) else thing


def apply(gate: BaseGate, *inputs: object, **attributes: object) -> Recorded:
    """Record a gate: return the node that it computes.

    Parameters
    ----------
    gate : Gate or ArrayGate
        An entry of the tables.
    *inputs : Value, Tensor, float or array_like
        At least one is a Value or a Tensor, in any place.
    **attributes
        The keyword arguments of a gate over arrays.

    Returns
    -------
    Value or Tensor
        The result, recorded if gates record now and an input is tracked.

    Raises
    ------
    TypeError
        If no input is a node, or one cannot be an input beside the others.
    """
    for thing in inputs:
        if isinstance(thing, Node):
            kind = type(thing)
            break
    else:
        raise TypeError(
            f"gate {gate.name!r} records Values or Tensors, got {describe(*inputs)}; "
            "make one of them a Value or a Tensor"
        )
    nodes = []
    for thing in inputs:
        nodes.append(kind.as_input(thing))
        if nodes[-1] is NotImplemented:
            raise TypeError(
                f"gate {gate.name!r} of a {kind.__name__} expected nodes of its own kind and plain numbers, "
                f"got {describe(*inputs)}"
            )
    return kind.record(gate, tuple(nodes), **attributes)


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[object, ...], options: dict[str, object]) -> Recorded:
    """Return the result of a NumPy ufunc that was called with nodes.

    Parameters
    ----------
    ufunc : numpy.ufunc
        The function.
    method : str
        How NumPy called it: "__call__", "reduce" and so on.
    inputs : tuple
        Its inputs, with nodes among them.
    options : dict
        Its keyword arguments.

    Returns
    -------
    bool, ndarray, Value, Tensor or NotImplemented
        Plain booleans for a comparison, a node if there is a gate for the ufunc, else NotImplemented.
    """
    if method != "__call__" or options:
        return NotImplemented
    if ufunc in COMPARISONS:
        return ufunc(*map(plain, inputs))
    gate = BY_UFUNC.get(ufunc.__name__)
    if gate is not None and all(np.asarray(plain(x)).dtype.kind in "biu" for x in inputs):
        kind = next(type(x) for x in inputs if isinstance(x, Node))
        return kind.constant(ufunc(*map(plain, inputs)))  # integers have no gradient, and NumPy's rules for dtypes
    return NotImplemented if gate is None else apply(gate, *inputs)


def maximum(a: object, b: object) -> Recorded:
    """Return the larger of two, elementwise: the max gate. Ties split the gradient evenly.

    Parameters
    ----------
    a, b : Value, Tensor, float or array_like
        At least one is a Value or a Tensor.

    Returns
    -------
    Value or Tensor
        The larger of each pair; NaN if one is NaN.

    Notes
    -----
    Python's own `max` only picks one of its arguments and records nothing.
    """
    return apply(GATES["maximum"], a, b)


def minimum(a: object, b: object) -> Recorded:
    """Return the smaller of two, elementwise: the min gate. Ties split the gradient evenly.

    Parameters
    ----------
    a, b : Value, Tensor, float or array_like
        At least one is a Value or a Tensor.

    Returns
    -------
    Value or Tensor
        The smaller of each pair; NaN if one is NaN.
    """
    return apply(GATES["minimum"], a, b)


def where(condition: object, x: object, y: object) -> Recorded:
    """Return `x` where the condition holds, else `y`; only the chosen one gets the gradient.

    Parameters
    ----------
    condition : bool, array_like, Value or Tensor
        What to choose by.
    x, y : Value, Tensor, float or array_like
        At least one of the three arguments is a Value or a Tensor.

    Returns
    -------
    Value or Tensor
        Elementwise, with broadcasting.

    Notes
    -----
    For a single plain condition, Python's `x if condition else y` is enough.
    """
    return apply(GATES["where"], condition, x, y)


def install(kind: type[Node], gate: Gate, method: Callable[..., Recorded], reflected: Callable[..., Recorded]) -> None:
    """Give a kind of node the method and the operator of one gate.

    Parameters
    ----------
    kind : type
        Value or Tensor.
    gate : Gate
        The gate.
    method : callable
        Records the gate of self and others; may return NotImplemented.
    reflected : callable
        Records the gate of other and self, for `__radd__` and its like.
    """

    def named(self: Node, *others: object, **by_name: object) -> Recorded:
        """Record the gate; its inputs may be given by name."""
        if by_name or len(others) + 1 < gate.arity:
            others = _completed(gate, others, by_name)
        result = method(self, *others)
        if result is NotImplemented:  # Python tries other operators then; a method raises the error itself
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


def _completed(gate: Gate, others: tuple[object, ...], by_name: dict[str, object]) -> tuple[object, ...]:
    """The inputs after the first: those given by position and by name, and the gate's defaults."""
    given = dict(zip(gate.arguments[1:], others, strict=False)) | by_name
    filled = dict(zip(gate.arguments[gate.arity - len(gate.defaults) :], gate.defaults, strict=True)) | given
    if set(filled) != set(gate.arguments[1:]) or len(others) + len(by_name) > len(given):
        expected, got = ", ".join(gate.arguments[1:]), ", ".join([*map(describe, others), *by_name]) or "none"
        raise TypeError(f"gate {gate.name!r} expected after its first input: {expected}; got {got}. Name each once")
    return tuple(filled[name] for name in gate.arguments[1:])
