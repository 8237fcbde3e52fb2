"""Tensor: a Node whose data is an ndarray: NumPy that remembers how it was computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import errors
from autograd.array_gates import ASTYPE, INDEX, MATMUL, MAX, RESHAPE, SUM, TRANSPOSE
from autograd.gates import Gate, install_gates
from autograd.graph import backward
from autograd.node import Constant, Node, apply, apply_ufunc, install, recording

KINDS = "biuf"  # of dtypes: booleans, integers with and without sign, floats


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

    __slots__ = ("_requires_grad", "attributes")
    attributes: dict[str, Any]  # of the gate: the axis of a sum, the index of a selection

    def __init__(
        self,
        data: Any,
        *,
        requires_grad: bool = False,
        dtype: Any = None,
        copy: bool = True,
        label: str | None = None,
    ) -> None:
        self.data = _array(data, dtype, copy)
        self.grad, self.gate, self.inputs, self.attributes, self.label = None, None, (), {}, label
        self.requires_grad = requires_grad

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        tracked = ", requires_grad=True" if self.requires_grad else ""
        body = np.array2string(self.data, separator=", ", prefix="Tensor(", threshold=50)
        return f"Tensor({body}, dtype={self.dtype}{tracked}{label})"

    @property
    def requires_grad(self) -> bool:
        """Whether this Tensor is tracked; True only for floating-point data."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if wanted and self.data.dtype.kind != "f":
            raise TypeError(errors.INTEGER_GRADIENT.format(dtype=self.data.dtype))
        self._requires_grad = bool(wanted)

    # What NumPy says of an array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    # Gates that move or combine elements

    def __matmul__(self, other: Any) -> Tensor:
        return apply(MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return apply(MATMUL, other, self)

    def __getitem__(self, index: Any) -> Tensor:
        parts = index if isinstance(index, tuple) else (index,)
        # copies, so that what the caller does with an index array later does not reach the walk
        plain = tuple(
            np.array(part) if isinstance(part, np.ndarray) else part.data if isinstance(part, Tensor) else part
            for part in parts
        )
        return self.record(INDEX, (self,), index=plain if isinstance(index, tuple) else plain[0])

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(errors.READ_ONLY)

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """The sum over `axis` (all of them where None), as NumPy has it."""
        return self.record(SUM, (self,), axis=axis, keepdims=keepdims)

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """The mean over `axis` (all of them where None): a sum and a division by the number of elements."""
        total = self.sum(axis=axis, keepdims=keepdims)
        return total / (self.size // max(total.size, 1))

    def max(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """The largest over `axis` (all of them where None); ties split the gradient evenly."""
        return self.record(MAX, (self,), axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in another shape: `reshape(2, 3)` or `reshape((2, 3))`; one size may be −1."""
        return self.record(RESHAPE, (self,), shape=_one_tuple(shape))

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order, reversed where none is given."""
        return self.record(TRANSPOSE, (self,), axes=None if axes in ((), (None,)) else _one_tuple(axes))

    @property
    def T(self) -> Tensor:
        """The axes in reversed order."""
        return self.transpose()

    def astype(self, dtype: Any) -> Tensor:
        """The same numbers in another dtype; the gradient comes back in this one's. Of integers there is none."""
        dtype = np.dtype(dtype)
        if dtype.kind not in KINDS:
            raise TypeError(errors.NOT_NUMERIC.format(came=f"astype({dtype})"))
        return self.record(ASTYPE, (self,), dtype=dtype)

    # Leaving the graph

    def numpy(self) -> np.ndarray:
        """The data itself, not a copy; the graph does not see what is done with it."""
        return self.data

    def detach(self) -> Tensor:
        """An untracked Tensor on the same data: what is computed from it does not reach back here."""
        return _leaf(self.data, self.label)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise TypeError(errors.TRACKED_ARRAY)
        return np.array(self.data, dtype=dtype, copy=copy)

    # NumPy's functions, called with a Tensor among their arguments

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc is np.matmul and method == "__call__" and not options:
            return apply(MATMUL, *inputs)
        result = apply_ufunc(ufunc, method, inputs, options)
        if result is NotImplemented:
            name = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
            raise TypeError(errors.NOT_SUPPORTED.format(function=name))
        return result

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        plain = len(args) in (1, 2) and isinstance(args[0], Tensor) and options.keys() <= {"axis", "keepdims"}
        if function in _METHODS and plain:
            return getattr(args[0], _METHODS[function])(*args[1:], **options)
        if function in _PLAIN:
            return function(*[thing.data if isinstance(thing, Tensor) else thing for thing in args], **options)
        raise TypeError(errors.NOT_SUPPORTED.format(function=f"np.{function.__name__}"))

    # Backward

    def backward(self, gradient: Any = None, *, retain_grads: bool = False) -> None:
        """Walk the chain rule from here to the leaves, which add what arrives to their `grad`.

        gradient      what arrives here from above, of this Tensor's shape; 1 where it has a single element
        retain_grads  also set `grad` on the inner nodes, as pictures and curious people want it
        """
        if not self.requires_grad:
            raise ValueError(errors.UNTRACKED_ROOT)
        if gradient is None:
            if self.size != 1:
                raise ValueError(errors.NOT_SCALAR.format(shape=self.shape))
            gradient = np.ones_like(self.data)
        upstream = np.array(gradient.data if isinstance(gradient, Tensor) else gradient, dtype=self.dtype)
        if upstream.shape != self.shape:
            raise ValueError(errors.GRADIENT_SHAPE.format(shape=self.shape, came=upstream.shape))
        backward(self, upstream, retain_grads=retain_grads)

    def zero_grad(self) -> None:
        """Set `grad` back to None."""
        self.grad = None

    @property
    def keeps_grad(self) -> bool:
        return self.gate is None

    def receive(self, gradient: Any) -> None:
        if self.gate is None and self.grad is not None:
            gradient = self.grad + gradient
        # an array of its own, which an optimiser may change: a vjp may have given a view, a sum a NumPy scalar
        self.grad = np.require(gradient, requirements=["OWNDATA", "WRITEABLE"])

    def pull_back(self, arriving: dict[Node, Any]) -> None:
        upstream = arriving[self]
        data = [source.data for source in self.inputs]
        for source, vjp in zip(self.inputs, self.gate.vjps, strict=True):
            if source.requires_grad:
                downstream = _fit(vjp(upstream, self.data, *data, **self.attributes), source.data, self.gate)
                arriving[source] = arriving[source] + downstream if source in arriving else downstream

    # Recording

    @classmethod
    def operand(cls, thing: Any) -> Any:
        if isinstance(thing, Tensor) or type(thing) is Constant:
            return thing
        if isinstance(thing, Node):
            raise TypeError(errors.MIXED)
        if type(thing) in (int, float, bool):
            return Constant(thing)  # stays a Python number, so that it does not widen float32
        if isinstance(thing, (np.ndarray, np.generic, list, tuple)):
            return Constant(_array(thing, copy=False))
        return NotImplemented

    @classmethod
    def record(cls, gate: Any, inputs: tuple[Node, ...], **attributes: Any) -> Tensor:
        try:
            with np.errstate(all="ignore"):  # IEEE results: inf and nan without a warning, as on floats
                data = gate.arrays.forward(*[source.data for source in inputs], **attributes)
        except (ValueError, IndexError) as error:
            shapes = " and ".join(str(np.shape(source.data)) for source in inputs)
            message = errors.CANNOT_COMPUTE.format(gate=gate.name, shapes=shapes, why=error)
            raise type(error)(message) from error
        node = _leaf(np.asarray(data))
        tracked = [source for source in inputs if source.requires_grad] if recording.get() else []
        for source in tracked:
            if source.data.dtype.kind != "f":  # someone has put integers into a leaf
                raise TypeError(errors.INTEGER_GRADIENT.format(dtype=source.data.dtype))
        if tracked and node.data.dtype.kind == "f":
            node.gate, node.inputs, node.attributes, node._requires_grad = gate, inputs, attributes, True
        return node


def _leaf(data: np.ndarray, label: str | None = None) -> Tensor:
    """An untracked Tensor on this very array."""
    node = Tensor.__new__(Tensor)
    node.data, node.grad, node.gate, node.inputs, node.attributes, node.label = data, None, None, (), {}, label
    node._requires_grad = False
    return node


def _array(data: Any, dtype: Any = None, copy: bool = True) -> np.ndarray:
    """What a user gave, as an array of numbers."""
    if isinstance(data, Node):
        raise TypeError(errors.NODE_IN_TENSOR.format(kind=type(data).__name__))
    try:
        array = np.array(data, dtype=dtype, copy=copy or None)
    except ValueError as error:  # a ragged list
        raise ValueError(errors.NOT_NUMERIC.format(came=errors.describe(data))) from error
    if array.dtype.kind not in KINDS:
        raise TypeError(errors.NOT_NUMERIC.format(came=errors.describe(array)))
    return array


def _fit(gradient: Any, data: np.ndarray, gate: Any) -> Any:
    """Undo broadcasting, and cast to the input's dtype: the one place where either is done.

    An input that was stretched along an axis was used once for each position there, so what arrives is summed.
    """
    if np.shape(gradient) != data.shape:
        gradient = np.sum(gradient, axis=tuple(range(np.ndim(gradient) - data.ndim)))
        stretched = tuple(axis for axis, size in enumerate(data.shape) if size == 1)
        gradient = np.sum(gradient, axis=stretched, keepdims=True)
    if gradient.shape != data.shape:
        raise ValueError(errors.VJP_SHAPE.format(gate=gate, came=gradient.shape, expected=data.shape))
    return gradient if gradient.dtype == data.dtype else gradient.astype(data.dtype)


def _one_tuple(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """`f(2, 3)` and `f((2, 3))` say the same."""
    return tuple(sizes[0]) if len(sizes) == 1 and not isinstance(sizes[0], (int, np.integer)) else sizes


# NumPy's functions that are no ufuncs: those that a method of Tensor records, those that give plain facts about data.
_METHODS = {np.sum: "sum", np.mean: "mean", np.max: "max", np.reshape: "reshape", np.transpose: "transpose"}
_PLAIN = {np.shape, np.ndim, np.size, np.argmax, np.argmin, np.array_equal, np.allclose}


_IN_PLACE = {"add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "pow": "**="}


def _install(gate: Gate) -> None:
    def method(self: Tensor, *others: Any) -> Any:
        inputs = (self, *map(self.operand, others))
        return NotImplemented if NotImplemented in inputs else self.record(gate, inputs)

    def reflected(self: Tensor, other: Any) -> Any:
        other = self.operand(other)
        return NotImplemented if other is NotImplemented else self.record(gate, (other, self))

    symbol = _IN_PLACE.get(gate.operator or "")

    def in_place(self: Tensor, other: Any) -> Any:
        if self.requires_grad and self.gate is None and not recording.get():
            raise TypeError(errors.LEAF_IN_PLACE.format(operator=symbol))
        return method(self, other)

    install(Tensor, gate, method, reflected)
    if symbol:
        setattr(Tensor, f"__i{gate.operator}__", in_place)


install_gates(Tensor, _install)
