"""Topological order and backward: the only walk over a graph there is, and no recursion in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.graph.anomaly import check_backward
from autograd.graph.hooks import hooks, run_hooks
from autograd.graph.modes import RECORD, WATCH, in_mode, mode
from autograd.graph.versions import clock, refuse_changes

if TYPE_CHECKING:
    from autograd.graph.node import Node, PullBack


def topological_order(root: Node, *, until: Collection[Node] = (), untracked: bool = False) -> list[Node]:
    """`root` and every tracked node that it was computed from, each after all the nodes that use it.

    until      nodes at which to stop: what they were computed from is left out
    untracked  also the nodes that are not tracked: constants, and Tensors without a gradient
    """
    return inputs_first(root, until=until, untracked=untracked)[::-1]


def inputs_first(root: Node, *, until: Collection[Node] = (), untracked: bool = False) -> list[Node]:
    """The same nodes the other way round: each before all the nodes that use it, `root` last."""
    done: dict[Node, Any] = {}
    post_order([root], done, stops=frozenset(until), untracked=untracked)
    return list(done)


def post_order(
    roots: Iterable[Node], done: dict[Node, Any], *, stops: Collection[Node] = (), untracked: bool = False
) -> None:
    """Put `roots` and what they were computed from into `done`, each after its own inputs and with 0.0."""
    path = list(roots)
    while path:
        node = path.pop()
        while node not in done:  # down to what waits for nothing; one that waits stays on the path
            x, y = node._x, node._y  # as `inputs` has them
            if stops and node in stops:
                done[node] = 0.0
            elif y is not None and y not in done and (y.requires_grad or untracked):
                path.append(node)
                node = y
            elif x.__class__ is tuple:
                waiting = [source for source in x if source not in done and (source.requires_grad or untracked)]
                if waiting:
                    path += node, *waiting
                    node = path.pop()
                else:
                    done[node] = 0.0
            elif x is not None and x not in done and (x.requires_grad or untracked):
                path.append(node)
                node = x
            else:
                done[node] = 0.0


def gradients(
    root: Node,
    upstream: Any,
    *,
    retain_grads: bool = True,
    create_graph: bool = False,
    until: Collection[Node] = (),
    with_hooks: bool = True,
) -> dict[Node, Any]:
    """The gradient of `root` by each node of its graph; touches no node.

    The chain rule: a gate passes down to each of its inputs local gradient × upstream gradient, and where a node is
    used more than once, what arrives there adds up. Without `retain_grads`, those of inner nodes are dropped on the
    way. With `create_graph` the walk is recorded: gradients that depend on anything are nodes.
    """
    until, kind = frozenset(until), type(root)
    arriving: dict[Node, Any] = {}
    post_order([root], arriving, stops=until)
    order = list(reversed(arriving))
    rules: dict[Any, PullBack] = {} if create_graph else kind.rules
    pull_back: PullBack = _pull_back_recorded if create_graph else kind.pull_back
    if create_graph or kind.zero is None:  # nodes and arrays add up from what arrives first, floats from 0.0
        arriving = {}
    arriving[root] = upstream
    rule_of, now = rules.get, clock.now
    hooked, watched = bool(hooks) and with_hooks, mode.get() & WATCH
    with (
        np.errstate(all="ignore"),  # IEEE results: inf and nan without a warning, on arrays as on floats
        in_mode(on=RECORD) if create_graph else nullcontext(),
    ):
        for node in order:
            if hooked:
                arriving[node] = run_hooks(node, arriving[node])
            gate = node.gate
            if gate is None or (until and node in until):
                continue
            if node.time < now:
                refuse_changes(node)
            rule_of(gate, pull_back)(node, arriving)
            if watched:
                check_backward(node, arriving)
            if not retain_grads:
                del arriving[node]
    return arriving


def _pull_back_recorded(node: Node, arriving: dict[Node, Any]) -> None:
    """As `node.pull_back`, with what is passed down recorded itself."""
    node.refuse_writes()
    for source, downstream in node.gate.pass_down(node, arriving[node]):
        fitted = node.fitted(downstream, source)
        arriving[source] = arriving[source] + fitted if source in arriving else fitted


def unit(root: Node) -> Any:
    """The gradient of the root by itself, with which a walk begins: 1, or ones."""
    return np.ones_like(root.data) if isinstance(root.data, np.ndarray) else 1.0


def backward(root: Node, upstream: Any, *, retain_grads: bool = False, create_graph: bool = False) -> None:
    """Set `.grad` all through the graph of `root`: leaves accumulate, inner nodes (where kept) are set afresh.

    Nothing is written before the walk has come to its end, so an error in it leaves all gradients as they were.
    """
    found = gradients(root, upstream, retain_grads=retain_grads, create_graph=create_graph)
    if create_graph:
        found = {node: node.constant(gradient) for node, gradient in found.items()}
    root.receive(found)
