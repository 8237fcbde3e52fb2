"""Tensor: a Node whose data is an ndarray: NumPy that remembers how it was computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.arrays import ASTYPE, INDEX, MATMUL
from autograd.gates.elementwise import Gate, install_gates
from autograd.graph import numpy_functions as functions
from autograd.graph.anomaly import check_forward
from autograd.graph.backward import backward
from autograd.graph.modes import RECORD, WATCH, mode
from autograd.graph.node import Constant, Node, apply, apply_ufunc, install, plain
from autograd.graph.versions import STAMPED, changed, clock, stamp
from autograd.numpy_tuning import keep_freed

KINDS = "biuf"  # of dtypes: booleans, integers with and without sign, floats
SHOWN = 50  # elements that a repr shows in full


class Tensor(Node):
    """An array that remembers how it was computed, where that needs a gradient.

    data           what `np.array` takes: numbers, nested lists, an array (copied), of booleans, integers or real floats
    requires_grad  whether to track: what is computed from a tracked Tensor is tracked (PyTorch's habit)
    dtype          as NumPy has it: that of the data unless given
    copy           False to share the memory of an array that has the dtype already

    >>> weight = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> (weight * weight).sum().backward()
    >>> weight.grad
    array([[2., 4.],
           [6., 8.]])

    `grad` is None before any backward; a leaf accumulates over calls of `backward()` until `zero_grad()`. An inner
    node keeps none unless `backward(retain_grads=True)` asks for it.
    """

    __slots__ = ("_requires_grad", "attributes", "stamps")
    attributes: dict[str, Any]  # of the gate: the axis of a sum, the index of a selection
    stamps: tuple[bytes | None, ...]  # of what the gate took and made: see changes.py

    def __init__(
        self,
        data: Any,
        *,
        requires_grad: bool = False,
        dtype: Any = None,
        copy: bool = True,
        label: str | None = None,
    ) -> None:
        self._data = _array(data, dtype, copy)
        self.grad, self.gate, self.inputs, self.attributes, self.label = None, None, (), {}, label
        self.stamps, self.time = (), clock.now
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
        """Whether this Tensor is tracked; True only for floating-point data."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if wanted and self._data.dtype.kind != "f":
            raise TypeError(errors.INTEGER_GRADIENT.format(dtype=self.data.dtype))
        self._requires_grad = bool(wanted)

    # == compares the elements, as NumPy and PyTorch have it: a plain function of arrays may ask for it. The hash is by
    # identity, so that sets and dicts of Tensors, which ask that first, tell two of them apart.
    __hash__ = Node.__hash__

    def __eq__(self, other: Any) -> Any:
        return np.equal(self._data, plain(other))

    def __ne__(self, other: Any) -> Any:
        return np.not_equal(self._data, plain(other))

    # What NumPy says of an array

    @property
    def shape(self) -> tuple[int, ...]:
        return self._data.shape

    @property
    def ndim(self) -> int:
        return self._data.ndim

    @property
    def size(self) -> int:
        return self._data.size

    @property
    def dtype(self) -> np.dtype:
        return self._data.dtype

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    # Gates that move or combine elements

    def __matmul__(self, other: Any) -> Tensor:
        return apply(MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return apply(MATMUL, other, self)

    def __getitem__(self, index: Any) -> Tensor:
        plain = tuple(map(_index, index)) if isinstance(index, tuple) else _index(index)
        return self.record(INDEX, (self,), index=plain)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(errors.READ_ONLY)

    sum, mean, prod, var, std = functions.sum, functions.mean, functions.prod, functions.var, functions.std
    max, min, cumsum, trace = functions.max, functions.min, functions.cumsum, functions.trace
    logsumexp, softmax, log_softmax = functions.logsumexp, functions.softmax, functions.log_softmax
    dot, ravel, squeeze, swapaxes = functions.dot, functions.ravel, functions.squeeze, functions.swapaxes
    take, repeat, diagonal, round = functions.take, functions.repeat, functions.diagonal, functions.round
    flatten = functions.ravel
    copy = functions.copy

    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in another shape: `reshape(2, 3)` or `reshape((2, 3))`; one size may be −1."""
        return functions.reshape(self, _one_tuple(shape))

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order, reversed where none is given."""
        return functions.transpose(self, None if axes in ((), (None,)) else _one_tuple(axes))

    @property
    def T(self) -> Tensor:
        """The axes in reversed order."""
        return self.transpose()

    def astype(self, dtype: Any) -> Tensor:
        """The same numbers in another dtype; the gradient comes back in this one's. Of integers there is none."""
        dtype = np.dtype(dtype)
        if dtype.kind not in KINDS:
            raise TypeError(errors.NOT_NUMERIC.format(got=f"astype({dtype})"))
        return self.record(ASTYPE, (self,), dtype=dtype)

    # Questions about the data, answered in plain numbers and arrays

    def argmax(self, axis: int | None = None) -> Any:
        """Where the largest element is."""
        return self._data.argmax(axis)

    def argmin(self, axis: int | None = None) -> Any:
        """Where the smallest element is."""
        return self._data.argmin(axis)

    def any(self, axis: Any = None) -> Any:
        """Whether any element is true."""
        return self._data.any(axis)

    def all(self, axis: Any = None) -> Any:
        """Whether all elements are true."""
        return self._data.all(axis)

    def tolist(self) -> Any:
        """The numbers as nested lists."""
        return self._data.tolist()

    # Leaving the graph

    def numpy(self) -> np.ndarray:
        """The data itself, not a copy; the graph does not see what is done with it."""
        return self._data

    def detach(self) -> Tensor:
        """An untracked Tensor on the same data: what is computed from it does not reach back here."""
        return _leaf(self._data, self.label)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise TypeError(errors.TRACKED_ARRAY)
        return np.array(self._data, dtype=dtype, copy=copy)

    # NumPy's functions, called with a Tensor among their arguments

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and options.keys() == {"dtype"}:  # computed in that dtype
            inputs = tuple(x.astype(options["dtype"]) if isinstance(x, Tensor) else x for x in inputs)
            options = {}
        if ufunc is np.matmul and method == "__call__" and not options:
            return apply(MATMUL, *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            result = functions.call_ufunc_method(ufunc, method, inputs, options)
        if result is NotImplemented:
            name = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
            text = errors.WRITES_INTO if "out" in options else errors.NOT_SUPPORTED
            raise TypeError(text.format(function=name))
        return result

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return functions.call(function, args, options)

    # Backward

    def backward(self, gradient: Any = None, *, retain_grads: bool = False, create_graph: bool = False) -> None:
        """Walk the chain rule from here to the leaves, which add what arrives to their `grad`.

        gradient      what arrives here from above, of this Tensor's shape; 1 where it has a single element
        retain_grads  also set `grad` on the inner nodes, as pictures and curious people want it
        create_graph  record the walk itself: each `grad` is then a Tensor, from which one can go backward again
        """
        if not self.requires_grad:
            raise ValueError(errors.UNTRACKED_ROOT)
        if gradient is None:
            if self.size != 1:
                raise ValueError(errors.NOT_SCALAR.format(shape=self.shape))
            gradient = np.ones_like(self._data)
        upstream: Any = np.array(plain(gradient), dtype=self.dtype)
        if upstream.shape != self.shape:
            raise ValueError(errors.GRADIENT_SHAPE.format(shape=self.shape, got=upstream.shape))
        if create_graph and isinstance(gradient, Tensor) and gradient.requires_grad:
            upstream = gradient.astype(self.dtype)  # what is recorded leads back to it, too
        backward(self, upstream, retain_grads=retain_grads, create_graph=create_graph)

    def zero_grad(self) -> None:
        """Set `grad` back to None."""
        self.grad = None

    @staticmethod
    def receive(found: dict[Node, Any]) -> None:
        for node, gradient in found.items():
            total = gradient if node.gate or node.grad is None else node.grad + gradient
            # an array of its own, which an optimiser may change: a vjp may have given a view, a sum a NumPy scalar
            own = isinstance(total, Node) or (total.flags.owndata and total.flags.writeable)
            node.grad = total if own else np.array(total)

    def pull_back(self, arriving: dict[Node, Any]) -> None:
        self.refuse_writes()
        upstream, inputs = arriving[self], self.inputs
        data = [source._data for source in inputs]
        for position, source in enumerate(inputs):
            if source.requires_grad:
                downstream = self.gate.vjp(position)(upstream, self._data, *data, **self.attributes)
                downstream = self.fitted(downstream, source)
                arriving[source] = arriving[source] + downstream if source in arriving else downstream

    def refuse_writes(self) -> None:
        for position, (node, stamped) in enumerate(zip((*self.inputs, self), self.stamps, strict=True)):
            if node.time > self.time or (stamped is not None and stamp(node._data) != stamped):
                raise changed(self, node, "its output" if node is self else self.gate.argument(position))

    def fitted(self, gradient: Any, source: Node) -> Any:
        """Undo broadcasting, and cast to the input's dtype: the one place where either is done.

        An input that was stretched along an axis was used once for each position there, so what arrives is summed.
        """
        shape = source._data.shape
        if gradient.shape != shape:
            gradient = np.sum(gradient, axis=tuple(range(gradient.ndim - len(shape))))
            stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
            gradient = np.sum(gradient, axis=stretched, keepdims=True)
        if gradient.shape != shape:
            raise ValueError(errors.VJP_SHAPE.format(gate=self.gate, got=gradient.shape, expected=shape))
        return gradient if gradient.dtype == source._data.dtype else gradient.astype(source._data.dtype)

    # Recording

    def checked(self, data: Any) -> np.ndarray:
        array = _array(data, copy=False)
        if self.requires_grad and array.dtype.kind != "f":
            raise TypeError(errors.INTEGER_GRADIENT.format(dtype=array.dtype))
        return array

    @classmethod
    def constant(cls, data: Any) -> Tensor:
        return data if isinstance(data, Tensor) else _leaf(np.asarray(data))

    @classmethod
    def operand(cls, thing: Any) -> Any:
        if isinstance(thing, Tensor) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if type(thing) in (int, float, bool):
            return Constant(thing)  # stays a Python number, so that it does not widen float32
        if isinstance(thing, (np.ndarray, np.generic, list, tuple, complex)):
            return Constant(_array(thing, copy=False))
        return NotImplemented

    @classmethod
    def record(cls, gate: Any, inputs: tuple[Node, ...], **attributes: Any) -> Tensor:
        try:
            with np.errstate(all="ignore"):  # IEEE results: inf and nan without a warning, as on floats
                made = gate.arrays.forward(*[source._data for source in inputs], **attributes)
        except (ValueError, IndexError) as error:
            shapes = " and ".join(str(np.shape(source._data)) for source in inputs)
            message = errors.CANNOT_COMPUTE.format(gate=gate.name, shapes=shapes, why=error)
            raise type(error)(message) from error
        node = _leaf(np.asarray(made))
        now = mode.get()
        if now & RECORD and node._data.dtype.kind == "f" and any(source.requires_grad for source in inputs):
            node.gate, node.inputs, node.attributes, node._requires_grad = gate, inputs, attributes, True
            node.stamps = tuple([_stamp(source) for source in (*inputs, node)])
        if now & WATCH:
            check_forward(node, gate, inputs)
        return node


def _stamp(source: Node) -> bytes | None:
    """The stamp of an array that somebody may write into: any leaf's, and what a gate has made if it is small."""
    data = source._data
    return stamp(data) if isinstance(data, np.ndarray) and (source.gate is None or data.size <= STAMPED) else None


def _leaf(data: np.ndarray, label: str | None = None) -> Tensor:
    """An untracked Tensor on this very array."""
    node = Tensor.__new__(Tensor)
    node._data, node.grad, node.gate, node._x, node._y = data, None, None, None, None
    node.attributes, node.label = {}, label
    node.stamps, node.time, node._requires_grad = (), clock.now, False
    return node


def _array(data: Any, dtype: Any = None, copy: bool = True) -> np.ndarray:
    """What a user gave, as an array of numbers."""
    if isinstance(data, Node):
        raise TypeError(errors.NODE_IN_TENSOR.format(kind=type(data).__name__))
    try:
        # a copy has its rows one after the other, as what comes back from a file: products may round by that
        array = np.array(data, dtype=dtype, copy=copy or None, order="C" if copy else "K")
    except ValueError as error:  # a ragged list
        raise ValueError(errors.NOT_NUMERIC.format(got=describe(data))) from error
    if array.dtype.kind not in KINDS:
        raise TypeError(errors.NOT_NUMERIC.format(got=describe(array)))
    return array


def _index(part: Any) -> Any:
    """A part of an index: as it is, or as an array of its own, so that what the caller does with it later does not
    reach the walk.
    """
    if part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice)):
        return part
    return np.array(plain(part))


def _one_tuple(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """`f(2, 3)` and `f((2, 3))` say the same."""
    return tuple(sizes[0]) if len(sizes) == 1 and not isinstance(sizes[0], (int, np.integer)) else sizes


_IN_PLACE = {"add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "pow": "**=", "mod": "%="}


def _install(gate: Gate) -> None:
    def method(self: Tensor, *others: Any) -> Any:
        inputs = (self, *map(self.operand, others))
        if any(thing is NotImplemented for thing in inputs):
            return NotImplemented
        return self.record(gate, inputs)

    def reflected(self: Tensor, other: Any) -> Any:
        other = self.operand(other)
        return NotImplemented if other is NotImplemented else self.record(gate, (other, self))

    symbol = _IN_PLACE.get(gate.operator or "")

    def in_place(self: Tensor, other: Any) -> Any:
        if self.requires_grad and self.gate is None and not mode.get() & RECORD:
            raise TypeError(errors.LEAF_IN_PLACE.format(operator=symbol))
        return method(self, other)

    install(Tensor, gate, method, reflected)
    if symbol:
        setattr(Tensor, f"__i{gate.operator}__", in_place)


install_gates(Tensor, _install)
keep_freed()
