"""Graphs one level down: blocks as smaller gates, and graphs of Tensors as graphs of Values with the same numbers.

A Tensor becomes an array of Values. Gates that only move elements (reshape, indexing, transpose) move Values and record
nothing; a matrix product becomes multiplications and additions; a block becomes its expansion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from autograd.describe import describe
from autograd.gates.arrays import ASTYPE, MAX, MIN, NORM, SCATTER, ArrayGate
from autograd.gates.blocks import Block
from autograd.gates.gate import GATES, Gate
from autograd.gates.summation import Axis
from autograd.graph.node import Node, apply
from autograd.graph.order import inputs_first, topological_order
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value


class Unfolded(NamedTuple):
    """A graph of Values, as `unfold` returns it.

    Attributes
    ----------
    out : Value or ndarray of Values
        The root: a Value for a Tensor of one number without axes, else an array in the shape of the Tensor.
    leaves : dict of Tensor to ndarray of Values
        For each tracked leaf of the graph of Tensors, its Values in the leaf's shape.
    """

    out: Any  # a Value or an array of them, which only the shape of the root says
    leaves: dict[Tensor, np.ndarray]


def unfold(
    root: Tensor,
    *,
    values: Mapping[Tensor, Value | np.ndarray] | None = None,
    names: Mapping[Tensor, str] | None = None,
    max_gates: int = 1_000_000,
) -> Unfolded:
    """Rebuild the graph of a Tensor from Values.

    Parameters
    ----------
    root : Tensor
        The root of the graph.
    values : dict of Tensor to Value or ndarray of Values, optional
        The Values to use for Tensors of the graph, in their shapes. All other leaves get new Values.
    names : dict of Tensor to str, optional
        Names for leaves, by default their labels. The Values of a leaf named W are labelled W[0, 1].
    max_gates : int, default 1_000_000
        The largest number of gates of Values that is allowed.

    Returns
    -------
    Unfolded
        The root as a Value or an array of Values, and the Values of every tracked leaf.

    Raises
    ------
    TypeError
        If `root` is not a Tensor.
    ValueError
        If the graph would unfold to more than `max_gates` gates, which would take minutes and gigabytes.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor, unfold
    >>> w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    >>> out, leaves = unfold(w @ np.array([3.0, 4.0]))
    >>> out.backward()
    >>> out.data, [value.grad for value in leaves[w]]
    (11.0, [3.0, 4.0])
    """
    if not isinstance(root, Tensor):
        raise TypeError(
            f"unfold expected a Tensor, the root of a graph, got {describe(root)}; a Value is a scalar already"
        )
    scalars: dict[Node, np.ndarray] = {node: _as_objects(array) for node, array in (values or {}).items()}
    order = topological_order(root, until=scalars, untracked=True)
    count = sum(_count_gates(node) for node in order if node not in scalars)
    if count > max_gates:
        raise ValueError(
            f"unfold allows graphs of at most {max_gates} gates, but this graph would unfold to about {count} gates of "
            "Values; unfold the graph of a single sample or of a smaller model, or raise the limit with max_gates="
        )
    leaves = {}
    for node in reversed(order):
        if node in scalars:
            continue
        if node.gate is not None:
            scalars[node] = _as_objects(_unfold_gate(node, [scalars[input] for input in node.inputs]))
        elif isinstance(node, Tensor) and node.requires_grad:
            scalars[node] = leaves[node] = _unfold_leaf(node, (names or {}).get(node, node.label))
        else:
            scalars[node] = _as_objects(np.asarray(node.data).astype(object))
    out = scalars[root]
    return Unfolded(out if out.ndim else out[()], leaves)


def expand(root: Node) -> Node:
    """Rebuild a graph with every block replaced by its smaller gates, on the same leaves.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Returns
    -------
    Value or Tensor
        The root of the new graph; `root` itself if its graph has no block.
    """
    expanded: dict[Node, Node] = {}
    for node in inputs_first(root, untracked=True):
        inputs = tuple(expanded[input] for input in node.inputs)
        if isinstance(node.gate, Block):
            expanded[node] = node.gate.expand(*inputs, **node.attributes)
        elif all(new is old for new, old in zip(inputs, node.inputs, strict=True)):
            expanded[node] = node
        else:
            expanded[node] = node.record(node.gate, inputs, **node.attributes)
        if expanded[node] is not node:
            expanded[node].label = node.label
    return expanded[root]


def _as_objects(x: Value | ArrayLike) -> np.ndarray:
    """An array of Values and plain numbers, also from a single one."""
    if isinstance(x, np.ndarray):
        return x
    array = np.empty(() if isinstance(x, Value) else np.shape(x), dtype=object)
    array[...] = x
    return array


def _unfold_leaf(leaf: Tensor, name: str | None) -> np.ndarray:
    """New Values for the elements of a leaf."""
    array = np.empty(leaf.shape, dtype=object)
    for index in np.ndindex(leaf.shape):
        element = f"{name}[{', '.join(map(str, index))}]" if index else name
        array[index] = Value(leaf.data[index], label=element if name else None)
    return array


def _unfold_gate(node: Node, inputs: list[np.ndarray]) -> Value | np.ndarray:
    """The result of a node's gate on arrays of Values."""
    gate = node.gate
    if isinstance(gate, Gate):
        return np.frompyfunc(lambda *elements: _at_elements(gate, *elements), gate.arity, 1)(*inputs)
    if isinstance(gate, Block):
        leaves = [Tensor(input.data, requires_grad=input.requires_grad) for input in node.inputs]
        expanded = gate.expand(*leaves, **node.attributes)
        return unfold(expanded, values=dict(zip(leaves, inputs, strict=True)), max_gates=10**12).out
    return ON_VALUES.get(gate, gate.arrays.forward)(*inputs, **node.attributes)


def _count_gates(node: Node) -> int:
    """About how many gates of Values a node's gate unfolds to."""
    if node.gate is None:
        return 0
    size = int(np.size(node.data))
    if node.gate.name in ("matmul", "linear"):
        return 2 * size * np.shape(node.inputs[0].data)[-1]
    if node.gate.name == "einsum":
        terms = node.attributes["subscripts"].split("->")[0].split(",")
        sizes = {
            letter: length
            for term, x in zip(terms, node.inputs, strict=True)
            for letter, length in zip(term, np.shape(x.data), strict=True)
        }
        return len(terms) * math.prod(sizes.values())
    return max(size, *(int(np.size(input.data)) for input in node.inputs))


# Gates over arrays on arrays of Values, for which NumPy's functions do not work


def _at_elements(gate: Gate, *elements: Any) -> Any:
    """An elementwise gate of Values and plain numbers: a Value, or a plain number if all are plain."""
    if any(isinstance(element, Node) for element in elements):
        return apply(gate, *elements)
    return gate.floats.forward(*elements)


def _extreme(name: str) -> Callable[..., Any]:
    """The largest or smallest of an array of Values, by gates of two."""

    def reduce(x: np.ndarray, axis: Axis, keepdims: bool) -> Any:
        pairwise = np.frompyfunc(lambda a, b: _at_elements(GATES[name], a, b), 2, 1, identity=None)
        return pairwise.reduce(x, axis=axis, keepdims=keepdims)

    return reduce


def _norm(x: np.ndarray, axis: Axis, keepdims: bool) -> Any:
    """√Σx², with a gradient of 0 at the origin, as that of the gate."""

    def root(square: Any) -> Any:
        safe = _at_elements(GATES["where"], square > 0, square, 1.0)
        return _at_elements(GATES["where"], square > 0, _at_elements(GATES["sqrt"], safe), 0.0)

    return np.frompyfunc(root, 1, 1)(np.asarray(np.sum(x * x, axis=axis, keepdims=keepdims), dtype=object))


def _scatter(x: np.ndarray, index: Any, shape: tuple[int, ...]) -> np.ndarray:
    whole = np.zeros(shape, dtype=object)
    np.add.at(whole, index, x)
    return whole


ON_VALUES: dict[ArrayGate, Callable[..., Any]] = {
    ASTYPE: lambda x, dtype: x,
    MAX: _extreme("maximum"),
    MIN: _extreme("minimum"),
    NORM: _norm,
    SCATTER: _scatter,
}
