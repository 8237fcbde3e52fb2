"""One level down: a graph's blocks as smaller gates, a graph of Tensors as a graph of Values with the same numbers.

A Tensor becomes an array of Values. What moves elements (reshaping, indexing, transposing) then moves Values and
records nothing; a product of matrices becomes multiplications and additions; a block becomes what it expands to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.arrays import of_values
from autograd.gates.blocks import Block
from autograd.gates.elementwise import Gate
from autograd.graph.backward import inputs_first, topological_order
from autograd.graph.node import Node
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value


class Unfolded(NamedTuple):
    """What a graph of Tensors unfolds to.

    out     a Value, or an array of Values in the shape of the Tensor
    leaves  for each tracked leaf, an array of Values in its shape
    """

    out: Any
    leaves: dict[Tensor, np.ndarray]


def unfold(
    root: Tensor,
    *,
    values: Mapping[Tensor, Any] | None = None,
    names: Mapping[Tensor, str] | None = None,
    max_gates: int = 1_000_000,
) -> Unfolded:
    """The graph that the Tensor `root` was computed by, as gates of Values.

    values     for Tensors of the graph, arrays of Values to stand in their place; any other leaf gets new Values
    names      for leaves, what to call them, else their labels: their Values are labelled W[0, 1]
    max_gates  a graph that would unfold to more is refused: it would take minutes and gigabytes

    >>> w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    >>> out, leaves = unfold(w @ np.array([3.0, 4.0]))
    >>> out.backward()
    >>> out.data, [value.grad for value in leaves[w]]
    (11.0, [3.0, 4.0])
    """
    if not isinstance(root, Tensor):
        raise TypeError(errors.UNFOLD.format(got=describe(root)))
    scalars: dict[Node, np.ndarray] = {node: _objects(array) for node, array in (values or {}).items()}
    order = topological_order(root, until=scalars, untracked=True)
    count = sum(_gates(node) for node in order if node not in scalars)
    if count > max_gates:
        raise ValueError(errors.UNFOLD_TOO_LARGE.format(count=count, limit=max_gates))
    leaves = {}
    for node in reversed(order):
        if node in scalars:
            continue
        if node.gate is not None:
            scalars[node] = _objects(_at_gate(node, [scalars[source] for source in node.inputs]))
        elif isinstance(node, Tensor) and node.requires_grad:
            scalars[node] = leaves[node] = _leaf(node, (names or {}).get(node, node.label))
        else:
            scalars[node] = _objects(np.asarray(node.data).astype(object))
    out = scalars[root]
    return Unfolded(out if out.ndim else out[()], leaves)


def expand(root: Node) -> Any:
    """The graph of `root` with every block replaced by its smaller gates, on the same leaves."""
    twins: dict[Node, Any] = {}
    for node in inputs_first(root, untracked=True):
        inputs = tuple(twins[source] for source in node.inputs)
        if isinstance(node.gate, Block):
            twins[node] = node.gate.expand(*inputs, **node.attributes)
        elif all(twin is source for twin, source in zip(inputs, node.inputs, strict=True)):
            twins[node] = node
        else:
            twins[node] = node.record(node.gate, inputs, **node.attributes)
        if twins[node] is not node:
            twins[node].label = node.label
    return twins[root]


def _objects(thing: Any) -> np.ndarray:
    """An array of Values and plain numbers, also of a single one."""
    if isinstance(thing, np.ndarray):
        return thing
    array = np.empty(() if isinstance(thing, Value) else np.shape(thing), dtype=object)
    array[...] = thing
    return array


def _leaf(node: Tensor, name: str | None) -> np.ndarray:
    array = np.empty(node.shape, dtype=object)
    for index in np.ndindex(node.shape):
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        array[index] = Value(node.data[index], label=place if name else None)
    return array


def _at_gate(node: Any, inputs: list[np.ndarray]) -> Any:
    """What a node's gate makes of arrays of Values."""
    gate = node.gate
    if isinstance(gate, Gate):
        return np.frompyfunc(lambda *operands: of_values(gate, *operands), gate.arity, 1)(*inputs)
    if isinstance(gate, Block):
        stand_ins = [Tensor(source.data, requires_grad=source.requires_grad) for source in node.inputs]
        twin = gate.expand(*stand_ins, **node.attributes)
        return unfold(twin, values=dict(zip(stand_ins, inputs, strict=True)), max_gates=10**12).out
    return gate.scalars(*inputs, **node.attributes)


def _gates(node: Any) -> int:
    """About how many gates of Values a gate of Tensors unfolds to."""
    if node.gate is None:
        return 0
    if node.gate.name in ("matmul", "linear"):
        return 2 * node.size * np.shape(node.inputs[0].data)[-1]
    if node.gate.name == "einsum":
        terms = node.attributes["subscripts"].split("->")[0].split(",")
        sizes = {
            letter: size
            for term, x in zip(terms, node.inputs, strict=True)
            for letter, size in zip(term, np.shape(x.data), strict=True)
        }
        return len(terms) * math.prod(sizes.values())
    return max(node.size, *(np.size(source.data) for source in node.inputs))
