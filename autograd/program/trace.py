"""Trace: the checks of what `compile` is given, and the recorded graph as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from warnings import warn

import numpy as np

from autograd.describe import describe
from autograd.gates import GATES, Gate
from autograd.graph.node import Constant
from autograd.graph.order import inputs_first
from autograd.graph.value import Value
from autograd.graph.versions import changed

if TYPE_CHECKING:
    from autograd.graph.node import Node


class Graph(NamedTuple):
    """A graph in arrays. Its nodes are numbered: inputs before the gates that use them, the root last.

    Attributes
    ----------
    kinds : ndarray, shape (nodes,), int64
        The gate of each node, as an index into `gates`; −1 for leaves and constants.
    starts : ndarray, shape (nodes + 1,), int64
        The inputs of node i are `inputs[starts[i] : starts[i + 1]]`.
    inputs : ndarray, shape (edges,), int64
        The input nodes of all gates, gate by gate.
    leaves : ndarray, shape (n,), int64
        The nodes whose numbers are the program's inputs, in the caller's order.
    gates : list of Gate
        The different gates of the graph.
    data : ndarray, shape (nodes,), float64
        The recorded number of each node.
    """

    kinds: np.ndarray
    starts: np.ndarray
    inputs: np.ndarray
    leaves: np.ndarray
    gates: list[Gate]
    data: np.ndarray


def check_arguments(root: object, inputs: Iterable[Value]) -> list[Value]:
    """Check the arguments of `compile`.

    Parameters
    ----------
    root : Value
        The root of the graph.
    inputs : iterable of Value
        The leaves that become the program's inputs.

    Returns
    -------
    list of Value
        `inputs` as a list.

    Raises
    ------
    TypeError
        If `root` is not a Value, or `inputs` are not leaves.
    ValueError
        If there are no inputs, or one is listed twice.
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"compile expects a Value, the root of a recorded graph, got {describe(root)}; "
            "unfold(tensor) turns a graph of Tensors into Values"
        )
    if isinstance(inputs, Value):
        raise TypeError(
            "compile expects a list of its inputs, in the order in which the program gets their numbers, "
            f"got {describe(inputs)}"
        )
    leaves = list(inputs)
    if not leaves:
        raise ValueError("compile expects at least one input, a leaf whose number may change, got none")
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Value) or leaf.gate is not None:
            raise TypeError(
                "compile expects leaves as inputs: Values whose numbers may change and that no gate computed, "
                f"but input {i} is {describe(leaf)}"
            )
    if len(set(leaves)) != len(leaves):
        raise ValueError("compile expects each input once, but one is listed twice; remove the repetition")
    return leaves


# Attributes are read by `map`, which runs no Python code per node: 65,000 gates are read as fast as they are recorded.
_gate, _inputs, _version, _data = map(attrgetter, ("gate", "inputs", "version", "_data"))


def trace(root: Value, leaves: list[Value]) -> Graph:
    """Turn the recorded graph of `root` into arrays.

    Parameters
    ----------
    root : Value
        The root of the graph.
    leaves : list of Value
        The leaves that become the program's inputs; those that `root` does not depend on are added to the graph.

    Returns
    -------
    Graph
        The graph, with the root as its last node.

    Raises
    ------
    RuntimeError
        If a node other than `leaves` has changed since a gate recorded it.

    Warns
    -----
    UserWarning
        If the condition of a `where` was recorded as a plain bool, so that its choice is frozen.
    """
    nodes = inputs_first(root, untracked=True)
    _warn_of_frozen_choices(nodes)
    number = dict(zip(nodes, range(len(nodes)), strict=True))
    if unused := [leaf for leaf in leaves if leaf not in number]:
        nodes = [*unused, *nodes]  # the root stays last
        number = dict(zip(nodes, range(len(nodes)), strict=True))
    recorded = list(map(_gate, nodes))
    gates = [gate for gate in dict.fromkeys(recorded) if gate]
    codes = dict(zip((*gates, None), (*range(len(gates)), -1), strict=True))
    kinds = np.fromiter(map(codes.__getitem__, recorded), np.int64, len(nodes))
    starts = np.zeros(len(nodes) + 1, np.int64)
    np.cumsum(np.array([*(gate.arity for gate in gates), 0])[kinds], out=starts[1:])
    inputs = np.fromiter(map(number.__getitem__, chain.from_iterable(map(_inputs, nodes))), np.int64, starts[-1])
    graph = Graph(
        kinds=kinds,
        starts=starts,
        inputs=inputs,
        leaves=np.array([number[leaf] for leaf in leaves], np.int64),
        gates=gates,
        data=np.fromiter(map(_data, nodes), np.float64, len(nodes)),
    )
    _check_versions(graph, nodes)
    return graph


def _check_versions(graph: Graph, nodes: Sequence[Node]) -> None:
    """Raise if an input of a gate has a later version than the gate; the program's own inputs may have changed."""
    versions = np.fromiter(map(_version, nodes), np.int64, len(nodes))
    versions[graph.leaves] = 0
    for edge in np.flatnonzero(versions[graph.inputs] > np.repeat(versions, np.diff(graph.starts))):
        index = int(np.searchsorted(graph.starts, edge, side="right")) - 1
        node = nodes[index]
        raise changed(node, nodes[graph.inputs[edge]], node.gate.argument(int(edge - graph.starts[index])))


def _warn_of_frozen_choices(nodes: Sequence[Node]) -> None:
    """Warn of every `where` whose condition is a constant, at the line that called `compile`."""
    where = GATES["where"]
    if where not in map(_gate, nodes):
        return
    if frozen := sum(node.gate is where and type(node.inputs[0]) is Constant for node in nodes):
        message = (
            f"{frozen} of the `where` in this graph will repeat the choice made when they were recorded: their "
            "condition was a plain bool, such as the result of x > y. To choose again in each call, pass a Value as "
            "the condition, such as np.heaviside(x - y, 0.0)"
        )
        warn(message, stacklevel=4)
