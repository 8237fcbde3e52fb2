"""grad, value_and_grad, jacobian, hvp: derivatives of functions of plain numbers and arrays.

As in HIPS autograd and JAX: what goes in and what comes out is plain, and the results are functions that can be
differentiated themselves. Within, arguments become Tensors; where one derivative is taken inside another, the inner
one is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.graph.backward import gradients, unit
from autograd.graph.modes import RECORD, WITHIN, in_mode, mode
from autograd.graph.node import Node, plain
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value

Function = Callable[..., Any]


def grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The gradient of `f`, a function that returns one number, by its first argument (or those that argnums names).

    >>> import numpy as np
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda w, x: np.tanh(w @ x))(np.array([0.0, 0.0]), np.array([1.0, 2.0]))
    array([1., 2.])

    An argument is a number, an array of floats, or a list, tuple or dict of such; its gradient has the same form. With
    argnums a tuple, a tuple of gradients comes back. Given Values or Tensors, it gives recorded Values or Tensors; else
    what comes back is plain, except within another derivative, which sees through it.
    """

    @wraps(f)
    def gradient(*arguments: Any, **options: Any) -> Any:
        return _value_and_grad(f, argnums, arguments, options)[1]

    return gradient


def value_and_grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """As `grad`, with the value of `f` before the gradient: `value, gradient = value_and_grad(f)(x)`."""

    @wraps(f)
    def both(*arguments: Any, **options: Any) -> Any:
        return _value_and_grad(f, argnums, arguments, options)

    return both


def jacobian(f: Function, argnums: int = 0) -> Function:
    """The derivative of every element of `f` by every element of one argument.

    For x of shape (n,) and f(x) of shape (m,) it is (m, n); in general, the shape of f(x) followed by that of x.
    `jacobian(grad(f))` is the Hessian.

    >>> import numpy as np
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def derivative(*arguments: Any, **options: Any) -> Any:
        call = _Call(f, (argnums,), arguments, options)
        (leaves,) = call.leaves_of
        shape = np.shape(plain(call.out))
        rows = []
        for index in np.ndindex(shape):
            upstream = np.zeros(shape, dtype=getattr(call.out, "dtype", float))
            upstream[index] = 1.0
            rows.append(call.gradients(upstream))
        by_leaf = (_stacked([row[leaf] for row in rows], shape, leaf) for leaf in leaves)
        return _rebuilt(arguments[argnums], by_leaf)

    return derivative


def hvp(f: Function, argnums: int = 0) -> Function:
    """The product of the Hessian of `f` with a vector: `hvp(f)(x, v)`, without ever building the Hessian.

    v has the shape of x. Arguments of `f` after the first stand between x and v: `hvp(f)(x, y, v)`.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 0.5]))
    array([6., 6.])
    """

    @wraps(f)
    def product(*arguments: Any, **options: Any) -> Any:
        inputs, vector = arguments[:-1], arguments[-1:]
        position = _position(argnums, inputs)

        def along(x: Any) -> Any:
            slope = grad(f, position)(*inputs[:position], x, *inputs[position + 1 :], **options)
            if np.shape(plain(slope)) != np.shape(plain(*vector)):
                got, shape = np.shape(plain(*vector)), np.shape(plain(slope))
                raise ValueError(errors.HVP_VECTOR.format(shape=shape, got=got))
            return np.sum(slope * vector[0]) if np.ndim(plain(slope)) else slope * vector[0]

        return grad(along)(inputs[position])

    return product


def _value_and_grad(f: Function, argnums: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, Any]:
    positions = argnums if isinstance(argnums, tuple) else (argnums,)
    call = _Call(f, positions, arguments, options)
    out = call.out
    if np.size(plain(out)) != 1:
        raise TypeError(errors.GRAD_OF_ARRAY.format(shape=np.shape(plain(out))))
    found = call.gradients()
    by_argument = tuple(
        _rebuilt(arguments[i], iter(found[leaf] for leaf in leaves))
        for i, leaves in zip(positions, call.leaves_of, strict=True)
    )
    return call.given_back(out), by_argument if isinstance(argnums, tuple) else by_argument[0]


class _Call:
    """One call of `f` with fresh leaves in the place of the arguments that it is differentiated by."""

    def __init__(self, f: Function, positions: tuple[int, ...], arguments: tuple[Any, ...], options: Any) -> None:
        positions = tuple(_position(i, arguments) for i in positions)
        nodes = [
            x
            for i, argument in enumerate((*arguments, *options.values()))
            for x in _flat(argument)
            if isinstance(x, Node) and (i in positions or x.requires_grad)
        ]
        self.inner = bool(mode.get() & RECORD) and (bool(mode.get() & WITHIN) or bool(nodes))
        kind = Value if any(isinstance(x, Value) for x in nodes) else Tensor
        with in_mode(on=RECORD | WITHIN):
            fresh = {i: [_fresh(x, kind) for x in _flat(arguments[i])] for i in positions}
            self.leaves_of = [fresh[i] for i in positions]
            self.leaves = [leaf for leaves in fresh.values() for leaf in leaves]
            passed = list(arguments)
            for i, leaves in fresh.items():
                passed[i] = _rebuilt(arguments[i], iter(leaves))
            self.out = f(*passed, **options)
        if isinstance(self.out, np.ndarray) and self.out.dtype == object and self.out.size == 1:
            self.out = self.out.item()  # an array of one Value
        if not isinstance(self.out, (Node, int, float, np.number, np.ndarray)) or (
            isinstance(self.out, np.ndarray) and self.out.dtype == object
        ):
            raise TypeError(errors.GRAD_RETURNED.format(got=describe(self.out)))

    def gradients(self, upstream: Any = None) -> dict[Node, Any]:
        """The gradient of the output, weighed by `upstream`, by each leaf: plain, or recorded where this is an inner
        derivative.
        """
        found = self._walk(upstream)
        return {leaf: self._of(found, leaf) for leaf in self.leaves}

    def _walk(self, upstream: Any) -> dict[Node, Any]:
        out = self.out
        if not isinstance(out, Node) or not out.requires_grad:
            return {}
        if isinstance(out, Value):
            upstream = 1.0 if upstream is None else float(upstream)
        else:
            upstream = unit(out) if upstream is None else upstream
        return gradients(out, upstream, create_graph=self.inner, until=self.leaves)

    def _of(self, found: dict[Node, Any], leaf: Node) -> Any:
        gradient = found.get(leaf)
        if gradient is None:  # the function does not depend on it
            gradient = np.zeros_like(leaf.data)
        return self.given_back(leaf.constant(gradient))

    def given_back(self, thing: Any) -> Any:
        """As the caller gets it: a node within a derivative; outside of one a number where it has no axes."""
        if self.inner:
            return thing
        data = np.array(plain(thing))
        return data if data.ndim else data.item()


def _position(argnum: Any, arguments: tuple[Any, ...]) -> int:
    """The argument that argnum names, counted from the front."""
    if not isinstance(argnum, int) or not -len(arguments) <= argnum < len(arguments):
        raise TypeError(errors.GRAD_ARGNUM.format(argnum=argnum, count=len(arguments)))
    return argnum % len(arguments)


def _stacked(rows: list[Any], shape: tuple[int, ...], leaf: Node) -> Any:
    """The gradients of all elements of an output of that shape, as one array or node."""
    if rows and not shape:
        return rows[0]
    if any(isinstance(row, Node) for row in rows):
        return np.reshape(np.stack(rows), shape + np.shape(leaf.data))
    return np.array(rows, dtype=getattr(leaf, "dtype", float)).reshape(shape + np.shape(leaf.data))


def _fresh(thing: Any, kind: type[Node]) -> Node:
    """A leaf for a number or an array; of a node another of its own, so that only what `f` does with it counts."""
    if isinstance(thing, Node) and thing.requires_grad:
        return thing.positive()
    if isinstance(thing, Tensor):
        return Tensor(thing.data, requires_grad=True)
    if isinstance(thing, (bool, np.bool_)) or not isinstance(thing, (int, float, np.number, np.ndarray)):
        raise TypeError(errors.GRAD_ARGUMENT.format(got=describe(thing)))
    if kind is Value and np.ndim(thing) == 0:
        return Value(float(thing))
    return Tensor(thing, dtype=float if isinstance(thing, (int, np.integer)) else None, requires_grad=True)


def _flat(thing: Any) -> Iterator[Any]:
    """The numbers, arrays and nodes inside nested lists, tuples and dicts."""
    if isinstance(thing, (list, tuple, dict)):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from _flat(part)
    else:
        yield thing


def _rebuilt(form: Any, parts: Iterator[Any]) -> Any:
    """Nested as `form` is, with `parts` in the place of its numbers and arrays."""
    if isinstance(form, dict):
        return {key: _rebuilt(value, parts) for key, value in form.items()}
    if isinstance(form, tuple) and hasattr(form, "_fields"):
        return type(form)(*(_rebuilt(part, parts) for part in form))
    if isinstance(form, (list, tuple)):
        return type(form)(_rebuilt(part, parts) for part in form)
    return next(parts)
