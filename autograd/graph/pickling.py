"""Copies and pickles of graphs, without recursion however deep the graph is.

Pickle follows references, so a chain of gates would nest as deeply as it is long. Therefore the first node of a pickle
puts everything it was computed from before itself, in topological order: when pickle reaches a node, it has already
seen the node's inputs.
"""

from __future__ import annotations

import threading
from copy import deepcopy
from functools import cache
from itertools import islice
from typing import Any, TypeAlias
from weakref import WeakSet

import numpy as np

from autograd.graph.order import HasInputs, inputs_first, visit
from autograd.graph.versions import counter, owned, read_only

State: TypeAlias = dict[str, Any]  # attributes by name
Computed: TypeAlias = tuple[Any, Any, tuple[Any, ...]]  # data, gate, inputs
NOT_COPIED = ("__weakref__", "_data", "_x", "_y", "gate", "grad", "inputs")


class Stored(HasInputs):
    """The part of a node that copies and pickles deal with; `Node` has the rest."""

    __slots__ = ("_data", "gate", "grad", "version")
    _data: object
    gate: object
    grad: object
    version: int


class NodeList:
    """Nodes in the order in which pickle is to list them: each after its inputs."""

    def __init__(self, nodes: list[Stored]) -> None:
        self.nodes, self.ids = nodes, set(map(id, nodes))

    def __reduce__(self) -> tuple[object, ...]:
        return list, (), None, iter(self.nodes)


class _Open(threading.local):
    """The lists that are being pickled in this thread, which live as long as their pickle is being made."""

    def __init__(self) -> None:
        self.lists: WeakSet[NodeList] = WeakSet()


_open = _Open()


def flattened(node: Stored) -> tuple[object, ...]:
    """Return what `__reduce__` has to return: how to rebuild the node, and the state to set after that.

    A gradient may be a node too, computed from this one. So the state of the first node of a pickle holds all nodes
    that are reached through gradients, and then which gradient belongs to which node.
    """
    state: State = {"grad": None if _is_node(node.grad) else node.grad}
    needed: object = ()
    if not any(id(node) in others.ids for others in _open.lists) and (node.inputs or _is_node(node.grad)):
        before = inputs_first(node, untracked=True)[:-1]
        after = _through_gradients([*before, node])
        needed, rest = NodeList(before), NodeList(after)
        _open.lists.update((needed, rest))
        recorded = [(other, other.grad) for other in (*before, node, *after) if _is_node(other.grad)]
        state |= {"after": rest, "recorded": recorded}
    computed = (node._data, node.gate, node.inputs)
    return _rebuilt, (type(node), needed, computed, _rest(node)), state


def _is_node(thing: object) -> bool:
    return hasattr(thing, "inputs")


def _through_gradients(nodes: list[Stored]) -> list[Stored]:
    """All further nodes that the gradients of `nodes`, and theirs, were computed from; each after its inputs."""
    done, new = dict.fromkeys(nodes, 0.0), nodes
    while new:
        before = len(done)
        gradients: list[Any] = [node.grad for node in new if _is_node(node.grad)]
        visit(gradients, done, untracked=True)
        new = list(islice(reversed(done), len(done) - before))
    return list(done)[len(nodes) :]


def set_state(node: Stored, state: State) -> None:
    """Set the state that `flattened` returned: what `__setstate__` does."""
    node.grad = state["grad"]
    for other, gradient in state.get("recorded", ()):
        other.grad = gradient


def _rebuilt(
    kind: type[Stored], needed: object, computed: tuple[object, object, tuple[Stored, ...]], rest: State
) -> Stored:
    node = kind.__new__(kind)
    node._data, node.gate, node.inputs = computed
    if node.gate is not None and isinstance(node._data, np.ndarray):  # copies of arrays can be written into
        read_only(node._data)
        rest = {**rest, "attributes": {name: owned(value) for name, value in rest["attributes"].items()}}
    node.grad = None
    for name, value in rest.items():
        setattr(node, name, value)
    counter.latest = max(counter.latest, node.version)  # it may be from another process: what is recorded now is newer
    return node


def copied(root: Stored, memo: dict[int, Any]) -> Any:
    """Return what `__deepcopy__` has to return: a separate graph of the same gates."""
    graph = inputs_first(root, untracked=True)
    new = [node for node in (*graph, *_through_gradients(graph)) if id(node) not in memo]
    for node in new:
        rest = {name: deepcopy(thing, memo) for name, thing in _rest(node).items()}
        inputs = tuple(memo[id(x)] for x in node.inputs)
        memo[id(node)] = _rebuilt(type(node), (), (deepcopy(node._data, memo), node.gate, inputs), rest)
    for node in new:  # last, as the gradient of a gradient leads back
        memo[id(node)].grad = deepcopy(node.grad, memo)
    return memo[id(root)]


def _rest(node: Stored) -> State:
    """A node's other attributes by name."""
    kind: Any = type(node)
    return {name: getattr(node, name) for name in _slots(kind)}


@cache
def _slots(kind: type[object]) -> tuple[str, ...]:
    names = (name for base in kind.__mro__ for name in vars(base).get("__slots__", ()))
    return tuple(name for name in names if name not in NOT_COPIED)
