"""Copies and pickles of graphs, flat: without recursion, however deep the graph is.

Pickle follows what an object refers to, so that a chain of gates would nest as deeply as it is long. So the node with
which a pickle begins puts all that it was computed from before itself, in topological order: when pickle comes to a
node, it has seen the node's inputs already.
"""

from __future__ import annotations

import threading
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from autograd.changes import clock
from autograd.graph import topological_order

if TYPE_CHECKING:
    from autograd.node import Node

NOT_COPIED = ("__weakref__", "_data", "gate", "grad", "inputs", "time")


class Sources:
    """Everything that a node was computed from, as pickle lists it: inputs before what uses them."""

    def __init__(self, node: Node) -> None:
        self.nodes = topological_order(node, untracked=True)[:0:-1]
        self.ids = set(map(id, self.nodes))

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, iter(self.nodes)


class _Open(threading.local):
    """The Sources that are being pickled in this thread: alive as long as their pickle is."""

    def __init__(self) -> None:
        self.sources: WeakSet[Sources] = WeakSet()


_open = _Open()


def flattened(node: Node) -> tuple[Any, ...]:
    """What `__reduce__` returns: how to make the node anew, and in the state its gradient, which may be a node too."""
    sources: Any = ()
    if node.inputs and not any(id(node) in others.ids for others in _open.sources):
        sources = Sources(node)
        _open.sources.add(sources)
    computed = (node.data, node.gate, node.inputs)
    return _restored, (type(node), sources, computed, _rest(node)), {"grad": node.grad}


def _restored(kind: type[Node], sources: Any, computed: tuple[Any, Any, Any], rest: dict[str, Any]) -> Node:
    node = kind.__new__(kind)
    node._data, node.gate, node.inputs = computed
    node.grad, node.time = None, clock.now
    for name, value in rest.items():
        setattr(node, name, value)
    return node


def copied(root: Node, memo: dict[int, Any]) -> Any:
    """What `__deepcopy__` returns: a graph of its own, of the same gates."""
    new = [node for node in reversed(topological_order(root, untracked=True)) if id(node) not in memo]
    for node in new:
        rest = {name: deepcopy(thing, memo) for name, thing in _rest(node).items()}
        inputs = tuple(memo[id(source)] for source in node.inputs)
        memo[id(node)] = _restored(type(node), (), (deepcopy(node.data, memo), node.gate, inputs), rest)
    for node in new:  # after all, as the gradient of a gradient leads back
        memo[id(node)].grad = deepcopy(node.grad, memo)
    return memo[id(root)]


def _rest(node: Node) -> dict[str, Any]:
    """What else a node holds, by name."""
    kind: Any = type(node)
    return {name: getattr(node, name) for name in _slots(kind)}


@cache
def _slots(kind: Any) -> tuple[str, ...]:
    names = (name for base in kind.__mro__ for name in vars(base).get("__slots__", ()))
    return tuple(name for name in names if name not in NOT_COPIED)
