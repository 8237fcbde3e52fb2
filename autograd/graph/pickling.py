"""Copies and pickles of graphs, flat: without recursion, however deep the graph is.

Pickle follows what an object refers to, so that a chain of gates would nest as deeply as it is long. So the node with
which a pickle begins puts all that it was computed from before itself, in topological order: when pickle comes to a
node, it has seen the node's inputs already.
"""

from __future__ import annotations

import threading
from copy import deepcopy
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from autograd.graph.backward import inputs_first, post_order
from autograd.graph.versions import clock

if TYPE_CHECKING:
    from autograd.graph.node import Node

NOT_COPIED = ("__weakref__", "_data", "_x", "_y", "gate", "grad", "inputs")


class Sources:
    """Nodes as pickle lists them: inputs before what uses them."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes, self.ids = nodes, set(map(id, nodes))

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, iter(self.nodes)


class _Open(threading.local):
    """The Sources that are being pickled in this thread: alive as long as their pickle is."""

    def __init__(self) -> None:
        self.sources: WeakSet[Sources] = WeakSet()


_open = _Open()


def flattened(node: Node) -> tuple[Any, ...]:
    """What `__reduce__` returns: how to make the node anew, and the state that comes after that.

    A gradient may be a node too, which was computed from this one. So the state of the node with which a pickle begins
    has all nodes that are reached through gradients, and only then says which gradient is whose.
    """
    state: dict[str, Any] = {"grad": None if _is_node(node.grad) else node.grad}
    sources: Any = ()
    if not any(id(node) in others.ids for others in _open.sources) and (node.inputs or _is_node(node.grad)):
        before = inputs_first(node, untracked=True)[:-1]
        after = _through_gradients([*before, node])
        sources, rest = Sources(before), Sources(after)
        _open.sources.update((sources, rest))
        recorded = [(other, other.grad) for other in (*before, node, *after) if _is_node(other.grad)]
        state |= {"after": rest, "recorded": recorded}
    computed = (node.data, node.gate, node.inputs)
    return _restored, (type(node), sources, computed, _rest(node)), state


def _is_node(thing: Any) -> bool:
    return hasattr(thing, "inputs")


def _through_gradients(nodes: list[Node]) -> list[Node]:
    """All further nodes that the gradients of `nodes`, and theirs, were computed from; inputs before what uses them."""
    done, new = dict.fromkeys(nodes), nodes
    while new:
        before = len(done)
        post_order([node.grad for node in new if _is_node(node.grad)], done, untracked=True)
        new = list(islice(reversed(done), len(done) - before))
    return list(done)[len(nodes) :]


def set_state(node: Node, state: dict[str, Any]) -> None:
    """What `__setstate__` does with that state."""
    node.grad = state["grad"]
    for other, gradient in state.get("recorded", ()):
        other.grad = gradient


def _restored(kind: type[Node], sources: Any, computed: tuple[Any, Any, Any], rest: dict[str, Any]) -> Node:
    node = kind.__new__(kind)
    node._data, node.gate, node.inputs = computed
    node.grad = None
    for name, value in rest.items():
        setattr(node, name, value)
    clock.now = max(clock.now, node.time)  # of another process, perhaps: what is recorded later shall be later
    return node


def copied(root: Node, memo: dict[int, Any]) -> Any:
    """What `__deepcopy__` returns: a graph of its own, of the same gates."""
    graph = inputs_first(root, untracked=True)
    new = [node for node in (*graph, *_through_gradients(graph)) if id(node) not in memo]
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
