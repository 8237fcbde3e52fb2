"""grad, value_and_grad, jacobian and hvp: derivatives of functions of plain numbers and arrays.

The interface is that of HIPS autograd and JAX: functions go in, functions come out, and these can be differentiated
again. Inside, the arguments become Tensors (or Values); if one derivative is taken inside another, the inner one is
recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from autograd.describe import describe
from autograd.graph.backward import gradients, unit
from autograd.graph.modes import DIFFERENTIATE, REBIND, RECORD, current, in_mode
from autograd.graph.node import Node, plain
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value

# What a derivative returns has the form of the argument: number, array, node or a container of these.
Function = Callable[..., Any]
Argnums = int | tuple[int, ...] | list[int]


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """Return the gradient of a scalar function, as a function of the same arguments.

    Parameters
    ----------
    f : callable
        A function that returns one number: a float, an array of size 1, a Value or a Tensor.
    argnums : int, or tuple or list of int, default 0
        The positions of the arguments to differentiate with respect to. Each is a number, an array of floats, a Value,
        a Tensor, or a list, tuple or dict of these, nested to any depth.

    Returns
    -------
    callable
        A function that returns the gradient, in the form and shape of the argument; for several `argnums`, a tuple of
        gradients. The gradient is plain for plain arguments, and recorded for Values and Tensors and inside
        another derivative.

    Raises
    ------
    TypeError
        When the returned function is called: if `f` returns anything but one number, if `argnums` names no argument,
        or if an argument to differentiate is not real.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda w, x: np.tanh(w @ x))(np.array([0.0, 0.0]), np.array([1.0, 2.0]))
    array([1., 2.])
    """

    @wraps(f)
    def gradient(*arguments: object, **options: object) -> Any:
        return _value_and_grad(f, argnums, arguments, options)[1]

    return gradient


def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """Return a function that computes both the value of a scalar function and its gradient.

    Parameters
    ----------
    f : callable
        A function that returns one number, as for `grad`.
    argnums : int, or tuple or list of int, default 0
        The positions of the arguments to differentiate with respect to, as for `grad`.

    Returns
    -------
    callable
        A function that returns the pair (value, gradient), both plain or both recorded, as for `grad`.

    Raises
    ------
    TypeError
        When the returned function is called, as for `grad`.

    Examples
    --------
    >>> from autograd import value_and_grad
    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """

    @wraps(f)
    def both(*arguments: object, **options: object) -> Any:
        return _value_and_grad(f, argnums, arguments, options)

    return both


def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """Return the Jacobian of a function, as a function of the same arguments.

    Parameters
    ----------
    f : callable
        A function that returns a number or an array, of shape (m,) or any other.
    argnums : int, or tuple or list of int, default 0
        The positions of the arguments to differentiate with respect to, in any form that `grad` accepts.

    Returns
    -------
    callable
        A function that returns the Jacobian: shape (m, n) for an argument of shape (n,), and in general the shape of
        the result followed by the shape of the argument. For a container, a container of Jacobians; for several
        `argnums`, a tuple of Jacobians.

    Raises
    ------
    TypeError
        When the returned function is called: if `f` returns neither a number nor an array, if `argnums` names no
        argument, or if the argument is not real.

    Notes
    -----
    The rows are computed one by one, by as many backward passes as the result has elements. `jacobian(grad(f))` is
    the Hessian.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def derivative(*arguments: object, **options: object) -> Any:
        positions = _positions(argnums)
        call = _RecordedCall(f, positions, arguments, options)
        shape = np.shape(plain(call.out))
        rows = []
        for index in np.ndindex(shape):
            upstream = np.zeros(shape, dtype=getattr(call.out, "dtype", float))
            upstream[index] = 1.0
            rows.append(call.gradients(upstream))
        by_argument = tuple(
            _rebuild(arguments[i], (_stack_rows([row[leaf] for row in rows], shape, leaf) for leaf in leaves))
            for i, leaves in zip(positions, call.leaves_of, strict=True)
        )
        return by_argument if isinstance(argnums, (tuple, list)) else by_argument[0]

    return derivative


def hvp(f: Function, argnums: int = 0) -> Function:
    """Return the product of the Hessian of a scalar function with a vector, without building the Hessian.

    Parameters
    ----------
    f : callable
        A function that returns one number, as for `grad`.
    argnums : int, default 0
        The position of the argument to differentiate twice with respect to: a number, an array, a Value or a Tensor.

    Returns
    -------
    callable
        A function of the arguments of `f` and, last, of the vector, which has the shape of the argument:
        `hvp(f)(x, v)`, or `hvp(f)(x, y, v)` for a function of two arguments. It returns the product, in that shape.

    Raises
    ------
    ValueError
        When the returned function is called: if the vector has a shape different from the argument's.
    TypeError
        When the returned function is called, as for `grad`.

    Notes
    -----
    H v is the gradient of (∇f · v), the scalar product of the gradient and a constant vector; Pearlmutter 1994, "Fast
    exact multiplication by the Hessian".

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import hvp
    >>> hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 0.5]))
    array([6., 6.])
    """

    @wraps(f)
    def product(*arguments: Any, **options: object) -> Any:
        inputs, vector = arguments[:-1], arguments[-1:]
        position = _position(argnums, inputs)

        def directional_derivative(x: object) -> Any:
            gradient = grad(f, position)(*inputs[:position], x, *inputs[position + 1 :], **options)
            shape, got = np.shape(plain(gradient)), np.shape(plain(*vector))
            if shape != got:
                raise ValueError(
                    f"hvp expected a vector of its argument's shape {shape}, got one of shape {got}; "
                    "give it after all arguments of the function"
                )
            return np.sum(gradient * vector[0]) if shape else gradient * vector[0]

        return grad(directional_derivative)(inputs[position])

    return product


def _value_and_grad(
    f: Function, argnums: Argnums, arguments: tuple[object, ...], options: dict[str, object]
) -> tuple[Any, Any]:
    positions = _positions(argnums)
    call = _RecordedCall(f, positions, arguments, options)
    if np.size(plain(call.out)) != 1:
        raise TypeError(
            "grad expected a function that returns one number, but it returned an array of shape "
            f"{np.shape(plain(call.out))}; reduce it, e.g. with np.sum, or use jacobian"
        )
    found = call.gradients()
    by_argument = tuple(
        _rebuild(arguments[i], iter(found[leaf] for leaf in leaves))
        for i, leaves in zip(positions, call.leaves_of, strict=True)
    )
    return call.result(call.out), by_argument if isinstance(argnums, (tuple, list)) else by_argument[0]


class _RecordedCall:
    """One call of a function, recorded, with new leaves in place of the arguments to differentiate."""

    def __init__(
        self, f: Function, positions: tuple[int, ...], arguments: tuple[object, ...], options: dict[str, object]
    ) -> None:
        positions = tuple(_position(i, arguments) for i in positions)
        nodes = [
            x
            for i, argument in enumerate((*arguments, *options.values()))
            for x in _flatten(argument)
            if isinstance(x, Node) and (i in positions or x.requires_grad)
        ]
        self.recorded = bool(current() & RECORD) and (bool(current() & DIFFERENTIATE) or bool(nodes))
        kind = Value if any(isinstance(x, Value) for x in nodes) else Tensor
        with in_mode(on=RECORD | DIFFERENTIATE | REBIND):
            new = {i: [_leaf(x, kind) for x in _flatten(arguments[i])] for i in positions}
            self.leaves_of = [new[i] for i in positions]
            self.leaves = [leaf for leaves in new.values() for leaf in leaves]
            passed = list(arguments)
            for i, leaves in new.items():
                passed[i] = _rebuild(arguments[i], iter(leaves))
            self.out = f(*passed, **options)
        if isinstance(self.out, np.ndarray) and self.out.dtype == object and self.out.size == 1:
            self.out = self.out.item()  # an array of one Value
        if not isinstance(self.out, (Node, int, float, np.number, np.ndarray)) or (
            isinstance(self.out, np.ndarray) and self.out.dtype == object
        ):
            raise TypeError(
                "expected the function that is differentiated to return a number or an array, "
                f"got {describe(self.out)}; np.stack several Values"
            )

    def gradients(self, upstream: np.ndarray | None = None) -> dict[Node, Any]:
        """The gradient of the output with respect to each leaf, for an upstream gradient of the output's shape."""
        found = self._backward(upstream)
        # a leaf that the function does not depend on has gradient 0
        return {leaf: self.result(leaf.constant(found.get(leaf, np.zeros_like(plain(leaf))))) for leaf in self.leaves}

    def _backward(self, upstream: np.ndarray | None) -> dict[Node, Any]:
        out = self.out
        if not isinstance(out, Node) or not out.requires_grad:
            return {}
        start = unit(out) if upstream is None else float(upstream) if isinstance(out, Value) else upstream
        return gradients(out, start, create_graph=self.recorded, until=self.leaves)

    def result(self, x: Any) -> Any:
        """What the caller gets: x itself if it is to be recorded, else its data, as a float if it has no axes."""
        if self.recorded:
            return x
        data = np.array(plain(x))
        return data if data.ndim else data.item()


def _positions(argnums: Argnums) -> tuple[int, ...]:
    """The positions that `argnums` names, of one or several arguments."""
    return tuple(argnums) if isinstance(argnums, (tuple, list)) else (argnums,)


def _position(argnum: object, arguments: tuple[object, ...]) -> int:
    """The position of the argument that `argnum` names, counted from the front."""
    if isinstance(argnum, (int, np.integer)) and -len(arguments) <= argnum < len(arguments):
        return int(argnum) % len(arguments)
    way_out = "use positions from 0, and pass the argument by position"
    if not isinstance(argnum, (int, np.integer)):
        way_out = "give an int, or a tuple or list of them; hvp takes one, so join several arguments in one array"
    raise TypeError(
        f"argnums names argument {argnum}, but the function was called with {len(arguments)} positional ones; {way_out}"
    )


def _stack_rows(rows: list[Any], shape: tuple[int, ...], leaf: Node) -> Any:
    """The gradients of all elements of an output of this shape, as one array or node."""
    if rows and not shape:
        return rows[0]
    if any(isinstance(row, Node) for row in rows):
        return np.reshape(np.stack(rows), shape + np.shape(plain(leaf)))
    return np.array(rows, dtype=getattr(leaf, "dtype", float)).reshape(shape + np.shape(plain(leaf)))


def _leaf(x: object, kind: type[Node]) -> Node:
    """A tracked node for a number, an array or a node; for a tracked node, a copy that depends on it."""
    if isinstance(x, Node) and x.requires_grad:
        return x.positive()  # the walk stops here, so only what the function does with it is differentiated
    if isinstance(x, Tensor):
        return Tensor(plain(x), requires_grad=True)
    if np.asarray(x).dtype.kind == "b" or not isinstance(x, (int, float, np.number, np.ndarray)):
        raise TypeError(
            "grad expected numbers, arrays of floats, Values and Tensors, or lists, tuples and dicts of these, as the "
            f"arguments to differentiate, got {describe(x)}; name the ones to differentiate with argnums="
        )
    if kind is Value and np.ndim(x) == 0:
        return Value(float(x))
    whole = np.asarray(x).dtype.kind in "iu"  # numbers and arrays alike are differentiated as floats
    return Tensor(x, dtype=float if whole else None, requires_grad=True)


def _flatten(x: object) -> Iterator[object]:
    """The numbers, arrays and nodes inside nested lists, tuples and dicts."""
    if isinstance(x, (list, tuple, dict)):
        for part in x.values() if isinstance(x, dict) else x:
            yield from _flatten(part)
    else:
        yield x


def _rebuild(form: object, parts: Iterator[object]) -> Any:
    """Containers nested like `form`, with `parts` in place of its numbers and arrays."""
    if isinstance(form, dict):
        return {key: _rebuild(value, parts) for key, value in form.items()}
    if isinstance(form, tuple) and hasattr(form, "_fields"):
        return type(form)(*(_rebuild(part, parts) for part in form))
    if isinstance(form, (list, tuple)):
        return type(form)(_rebuild(part, parts) for part in form)
    return next(parts)
