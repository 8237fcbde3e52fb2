"""Tensor: a node whose data is an ndarray. NumPy that remembers how it was computed."""

from __future__ import annotations

from collections.abc import Callable
from sys import getrefcount
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from autograd import errors
from autograd.describe import describe
from autograd.gates.arrays import MATMUL
from autograd.gates.gate import BaseGate, Gate, install_gates
from autograd.gates.summation import in_single, total
from autograd.gates.trial import compare, on_floats
from autograd.graph.anomaly import check_forward
from autograd.graph.array_kinds import check_kind
from autograd.graph.array_methods import KINDS, ArrayMethods, not_numeric
from autograd.graph.backward import backward
from autograd.graph.modes import REBIND, RECORD, TRUST, WATCH, current, mode
from autograd.graph.node import (
    Attributes,
    Constant,
    Data,
    Gradient,
    Node,
    Recorded,
    Truth,
    apply,
    apply_ufunc,
    install,
    plain,
)
from autograd.graph.numpy_dispatch import call, call_ufunc_method
from autograd.graph.versions import Fingerprint, changed, checksum, counter, owned, read_only
from autograd.numpy_tuning import keep_freed

SHOWN = 50  # elements that a repr shows in full
WRITES_INTO = (
    "{function} would write a Tensor into a plain array (out=, or `array += tensor`), where its graph would be lost. "
    "Write array = array + tensor"
)


class Tensor(ArrayMethods):
    """An array that remembers how it was computed, if that needs a gradient.

    Parameters
    ----------
    data : array_like
        Booleans, integers or real floats, in any shape; copied unless `copy=False`.
    requires_grad : bool, default False
        Whether to track this Tensor: what is computed from a tracked Tensor is tracked, as in PyTorch.
    dtype : dtype, optional
        That of the data if not given.
    copy : bool, default True
        False to share the memory of an array that has the dtype already.
    label : str, optional
        The name that pictures show.

    Attributes
    ----------
    data : ndarray
        The array. A leaf's can be written into between two graphs: a graph that was recorded before is then refused.
        That of a result of a gate is read-only.
    grad : ndarray, Tensor or None
        None before any `backward()`. A leaf accumulates over calls of `backward()` until `zero_grad()`. An inner node
        keeps its gradient only on `backward(retain_grads=True)`. A Tensor after `backward(create_graph=True)`.

    Raises
    ------
    TypeError
        If the data is not numeric, or integers are to be tracked.
    ValueError
        If nested lists have no regular shape.

    Examples
    --------
    >>> weight = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> (weight * weight).sum().backward()
    >>> weight.grad
    array([[2., 4.],
           [6., 8.]])
    """

    __slots__ = ("_fingerprint", "_requires_grad", "attributes", "fingerprints")
    attributes: Attributes  # of the gate: the axis of a sum, the index of a selection
    fingerprints: tuple[Fingerprint | None, ...]  # of the gate's inputs: see versions.py
    _fingerprint: Fingerprint | None  # of a leaf: for gates that took its data; None once it was handed out

    def __init__(
        self,
        data: ArrayLike,
        *,
        requires_grad: bool = False,
        dtype: DTypeLike | None = None,
        copy: bool = True,
        label: str | None = None,
    ) -> None:
        self._data = _array(data, dtype, copy)
        self.grad, self.gate, self.inputs, self.attributes, self.label = None, None, (), {}, label
        self.fingerprints, self._fingerprint, self.version = (), None, counter.latest
        self.requires_grad = requires_grad

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        tracked = ", requires_grad=True" if self.requires_grad else ""
        gate = f", gate={self.gate.name}" if self.gate else ""
        shape = f", shape={self.shape}" if self.size > SHOWN or not self.size else ""
        body = np.array2string(self._data, separator=", ", prefix="Tensor(", threshold=SHOWN)
        return f"Tensor({body}{shape}, dtype={self.dtype}{tracked}{label}{gate})"

    @property
    def requires_grad(self) -> bool:
        """Whether this Tensor is tracked; it can be True only for floating-point data."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if wanted and self._data.dtype.kind != "f":
            raise TypeError(_integers(self._data.dtype))
        self._requires_grad = bool(wanted)

    # == compares the elements, as in NumPy and PyTorch, since a plain function of arrays may use it. The hash is by
    # identity: sets and dicts compare it first, so they distinguish Tensors.
    __hash__ = Node.__hash__

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return np.equal(self._data, plain(other))

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return np.not_equal(self._data, plain(other))

    # Gates over arrays

    def __matmul__(self, other: object) -> Tensor:
        return apply(MATMUL, self, other)

    def __rmatmul__(self, other: object) -> Tensor:
        return apply(MATMUL, other, self)

    def __imatmul__(self, other: object) -> Tensor:
        _check_not_leaf(self, "@=")
        return apply(MATMUL, self, other)

    def __setitem__(self, index: object, value: object) -> None:
        raise TypeError(
            "a Tensor cannot be written into: the graph may have recorded its data. "
            "Make a new Tensor, or, for a leaf between two training steps, write into tensor.data"
        )

    # Leaving the graph

    def _handed_out(self) -> np.ndarray:
        if self.gate is not None:
            whole = self._data.base is None  # else it may be a view of a leaf's data, which can be written into
            return self._data.view() if whole else read_only(np.array(self._data))
        if self._fingerprint is not None:
            self._fingerprint.take(self._data)
            self._fingerprint = None
        return self._data

    def numpy(self) -> np.ndarray:
        """Return the data; what is done with it is not recorded.

        Returns
        -------
        ndarray
            As `data`: a leaf's own array, and read-only if a gate made it.
        """
        return self.data

    def detach(self) -> Tensor:
        """Return an untracked Tensor of the same data: what is computed from it does not reach back here.

        Returns
        -------
        Tensor
            A leaf. It shares the data of a leaf, and has a copy, which can be written into, of what a gate made.
        """
        return _leaf(self.data if self.gate is None else np.array(self._data), self.label)

    # NumPy's functions, called with a Tensor among their arguments

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Recorded:
        if method == "__call__" and options.keys() == {"dtype"}:  # computed in that dtype
            inputs = tuple(x.astype(options["dtype"]) if isinstance(x, Tensor) else x for x in inputs)
            options = {}
        if ufunc is np.matmul and method == "__call__" and not options:
            return apply(MATMUL, *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            result = call_ufunc_method(ufunc, method, inputs, options)
        if result is NotImplemented:
            name = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
            raise TypeError((WRITES_INTO if "out" in options else errors.NOT_SUPPORTED).format(function=name))
        return result

    def __array_function__(
        self, function: Callable[..., object], types: object, args: tuple[object, ...], options: dict[str, object]
    ) -> Recorded:
        return call(function, args, options)

    # Backward

    def backward(self, gradient: Gradient = None, *, retain_grads: bool = False, create_graph: bool = False) -> None:
        """Apply the chain rule from here to the leaves, whose `grad` accumulates.

        Parameters
        ----------
        gradient : array_like, optional
            The upstream gradient of this Tensor, of its shape; 1 by default if it has a single element.
        retain_grads : bool, default False
            Whether to set `grad` on inner nodes too, for drawing and inspection.
        create_graph : bool, default False
            Whether to record the walk itself: each `grad` is then a Tensor, from which you can go backward again.

        Raises
        ------
        ValueError
            If this Tensor is not tracked, or `gradient` is missing or of another shape.
        RuntimeError
            If data was changed after its gates were recorded.
        """
        if not self.requires_grad:
            raise ValueError(
                "backward() from a Tensor that does not require a gradient: nothing it was computed from has "
                "requires_grad=True, or it was computed under no_grad()"
            )
        if gradient is None:
            if self.size != 1:
                raise ValueError(
                    f"backward() from a Tensor of shape {self.shape} expected the upstream gradient: "
                    "call backward(gradient) with an array of that shape, or reduce it: tensor.sum().backward()"
                )
            gradient = np.ones_like(self._data)
        check_kind(gradient)
        upstream: Gradient = np.array(plain(gradient), dtype=self.dtype)
        if upstream.shape != self.shape:
            raise ValueError(
                f"backward() from a Tensor of shape {self.shape} expected a gradient of the same shape, "
                f"got shape {upstream.shape}"
            )
        if create_graph and isinstance(gradient, Tensor) and gradient.requires_grad:
            upstream = gradient.astype(self.dtype)  # what is recorded leads back to it too
        backward(self, upstream, retain_grads=retain_grads, create_graph=create_graph)

    def zero_grad(self) -> None:
        """Set `grad` to None."""
        self.grad = None

    @staticmethod
    def set_grads(found: dict[Node, Gradient]) -> None:
        for node, gradient in found.items():
            total = gradient if node.gate or node.grad is None else node.grad + gradient
            # its own array, which an optimiser may change: a vjp may have returned a view, a sum a NumPy scalar
            own = isinstance(total, Node) or (total.flags.owndata and total.flags.writeable)
            node.grad = total if own else np.array(total)

    def chain_rule(self, gradients: dict[Node, Gradient]) -> None:
        """Add the vector-Jacobian product of the upstream gradient to the gradient of each tracked input.

        Parameters
        ----------
        gradients : dict of node to gradient
            The gradients found so far; `gradients[self]` is complete.
        """
        self.check_fingerprints()
        upstream, inputs = gradients[self], self.inputs
        data, half = [x._data for x in inputs], self._data.dtype.char == "e"
        for position, x in enumerate(inputs):
            if x.requires_grad:
                vjp = self.gate.vjp(position)
                if half:
                    vjp = in_single(vjp)
                downstream = self.unbroadcast(vjp(upstream, self._data, *data, **self.attributes), x)
                gradients[x] = gradients[x] + downstream if x in gradients else downstream

    def check_fingerprints(self) -> None:
        for position, (x, known) in enumerate(zip(self.inputs, self.fingerprints, strict=True)):
            taken = None if known is None else known.checksum
            if x.version > self.version or (taken is not None and taken != checksum(x._data)):
                raise changed(self, x, self.gate.argument(position))

    def unbroadcast(self, gradient: Gradient, x: Node) -> Gradient:
        """Undo broadcasting, and cast to the input's dtype: the only place where either is done.

        Parameters
        ----------
        gradient : ndarray or Tensor
            A downstream gradient in the shape of this Tensor, or broadcast with it.
        x : Tensor or Constant
            The input.

        Returns
        -------
        ndarray or Tensor
            In the shape and dtype of `x`. An input that was broadcast along an axis was used once for each position
            there, so its gradient is the sum over that axis.
        """
        shape = x._data.shape
        if gradient.shape != shape:
            gradient = total(gradient, tuple(range(gradient.ndim - len(shape))))
            broadcast = tuple(axis for axis, size in enumerate(shape) if size == 1)
            gradient = total(gradient, broadcast, keepdims=True)
        if gradient.shape != shape:
            raise ValueError(
                f"{self.gate} gave an input of shape {shape} a gradient of shape {gradient.shape}; correct its vjp"
            )
        return gradient if gradient.dtype == x._data.dtype else gradient.astype(x._data.dtype)

    # Recording

    def validated(self, data: object) -> np.ndarray:
        array = _array(data, copy=False)
        if self.requires_grad and array.dtype.kind != "f":
            raise TypeError(_integers(array.dtype))
        return array

    @classmethod
    def constant(cls, data: Data) -> Tensor:
        return data if isinstance(data, Tensor) else _leaf(np.asarray(data))

    @classmethod
    def as_input(cls, thing: object) -> Any:
        if isinstance(thing, Tensor) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if type(thing) in (int, float, bool):
            return Constant(thing)  # stays a Python number, which does not promote float32
        if isinstance(thing, (np.ndarray, np.generic, list, tuple, complex)):
            return Constant(_array(thing, copy=False))
        return NotImplemented

    @classmethod
    def record(cls, gate: BaseGate, inputs: tuple[Node, ...], **attributes: object) -> Tensor:
        now = mode.get()
        if now != RECORD:
            now = current()
        tracked = now & RECORD and any(x.requires_grad for x in inputs)
        # before the gate may make views of its inputs
        fingerprints = tuple([None if now & TRUST else _fingerprint(x) for x in inputs]) if tracked else ()
        try:
            with np.errstate(all="ignore"):  # inf and nan without a warning, as on floats
                made = gate.arrays.forward(*[x._data for x in inputs], **attributes)
                if made.dtype.char == "e":  # half precision is computed in float32, as by PyTorch
                    made = in_single(gate.arrays.forward)(*[x._data for x in inputs], **attributes)
        except (ValueError, IndexError) as error:
            shapes = " and ".join(str(np.shape(x._data)) for x in inputs)
            message = errors.CANNOT_COMPUTE.format(gate=gate.name, shapes=shapes, why=error)
            raise type(error)(message) from error
        made = np.asarray(made)
        shared = made.base is not None or getrefcount(made) > LOCAL
        if tracked and made.dtype.kind == "f":
            if shared and made.base is None:  # a gate returned its input
                made = made.view()
            made.flags.writeable = False
            node = _leaf(made)
            node.gate, node.inputs, node._requires_grad, node.fingerprints = gate, inputs, True, fingerprints
            node.attributes = {name: owned(value) for name, value in attributes.items()} if attributes else {}
        else:
            node = _leaf(_handed_out(made, inputs) if shared else made)
        if now & WATCH:
            check_forward(node, gate, inputs)
        return node


def _fingerprint(x: Node) -> Fingerprint | None:
    """The fingerprint of an input's data when a gate takes it; None of what nobody can write into."""
    if x.gate is not None:
        return None
    if isinstance(x, Tensor) and getrefcount(x._data) == ALONE and x._data.base is None:
        if x._fingerprint is None:
            x._fingerprint = Fingerprint()
        return x._fingerprint
    return Fingerprint(checksum(x._data)) if isinstance(x._data, np.ndarray) else None


def _handed_out(made: np.ndarray, inputs: tuple[Node, ...]) -> np.ndarray:
    """The data of an untracked result that may share the memory of inputs: a leaf, which can be written into."""
    for x in inputs:
        if x.gate is not None:
            return np.array(made)
        if isinstance(x, Tensor):
            x.data  # noqa: B018 - takes the checksum
    return made


def _leaf(data: np.ndarray, label: str | None = None) -> Tensor:
    """An untracked Tensor on this very array."""
    node = Tensor.__new__(Tensor)
    node._data, node.grad, node.gate, node._x, node._y = data, None, None, None, None
    node.attributes, node.label = {}, label
    node.fingerprints, node._fingerprint, node.version, node._requires_grad = (), None, counter.latest, False
    return node


def _references() -> tuple[int, int]:
    """How often `getrefcount` counts an array that one node, or one local variable, refers to."""
    node, made = _leaf(np.empty(0)), np.empty(0)
    return getrefcount(node._data), getrefcount(made)


ALONE, LOCAL = _references()


def _array(data: object, dtype: DTypeLike | None = None, copy: bool = True) -> np.ndarray:
    """The user's data as an array of numbers."""
    if isinstance(data, Node):
        kind = type(data).__name__
        raise TypeError(
            f"Tensor expected numbers, got a {kind}. Give its .data (which starts a new graph), or use the {kind}"
        )
    if type(data) is not np.ndarray:
        check_kind(data)
    try:
        # a copy is in C order, as an array read from a file is: products may round differently in another order
        array = np.array(data, dtype=dtype, copy=copy or None, order="C" if copy else "K")
    except ValueError as error:  # a ragged list
        raise ValueError(not_numeric(describe(data))) from error
    if array.dtype.kind not in KINDS:
        raise TypeError(not_numeric(describe(array)))
    return array


def _integers(dtype: np.dtype) -> str:
    return (
        f"a Tensor of dtype {dtype} cannot require a gradient: only floating-point data can. "
        "Convert it first, e.g. Tensor(data, dtype=float, requires_grad=True)"
    )


_IN_PLACE = {"add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "floordiv": "//=", "pow": "**=", "mod": "%="}


def _check_not_leaf(t: Tensor, symbol: str) -> None:
    """Raise TypeError if an in-place operator would replace a tracked leaf, as in a loop of `w -= rate * w.grad`."""
    now = current()
    if t.requires_grad and t.gate is None and not now & REBIND:
        made = "the result of a gate, whose grad stays None" if now & RECORD else "an untracked Tensor"
        raise TypeError(
            f"`t {symbol} ...` would replace this leaf by {made}. To change the leaf itself, write to its data: "
            f"`t.data {symbol} ...`, and call zero_grad() before the next backward(); to compute with it, give the "
            "result another name"
        )


def _install(gate: Gate) -> None:
    def method(self: Tensor, *others: object) -> Recorded:
        """Record a gate: the first input is self."""
        inputs = (self, *map(self.as_input, others))
        return NotImplemented if any(x is NotImplemented for x in inputs) else self.record(gate, inputs)

    def reflected(self: Tensor, other: object) -> Recorded:
        """Record a gate: the second input is self."""
        x = self.as_input(other)
        return NotImplemented if x is NotImplemented else self.record(gate, (x, self))

    symbol = _IN_PLACE.get(gate.operator or "", "")

    def in_place(self: Tensor, other: object) -> Recorded:
        _check_not_leaf(self, symbol)
        return method(self, other)

    install(Tensor, gate, method, reflected)
    if symbol:
        setattr(Tensor, f"__i{gate.operator}__", in_place)


def _try_out(gate: Gate) -> None:
    """Run a new gate on Tensors."""
    for sample in gate.samples:
        inputs = tuple(Tensor([x, x], dtype=float, requires_grad=True) for x in sample)
        compare(gate, "forward, on Tensors", on_floats(gate, sample)[0], Tensor.record(gate, inputs).data, sample)


install_gates(Tensor, _install, _try_out)
keep_freed()
