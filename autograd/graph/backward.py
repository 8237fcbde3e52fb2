"""The chain rule, applied backwards through a graph, without recursion.

A gate gives each of its inputs the *downstream* gradient: local gradient × upstream gradient. If a node is used more
than once, the gradients that reach it add up. `Value.chain_rule` and `Tensor.chain_rule` do this at one gate;
`gradients` applies them from the root to the leaves. (`autograd.drawing.story` repeats this edge by edge, as it shows
every product.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext
from functools import partial, singledispatch
from typing import Any

import numpy as np

from autograd.gates.arrays import ArrayGate
from autograd.gates.blocks import Block
from autograd.gates.gate import BaseGate, Gate
from autograd.gates.summation import in_single
from autograd.graph import node_backend
from autograd.graph.anomaly import check_backward
from autograd.graph.cofactor import over
from autograd.graph.hooks import hooks, run_hooks
from autograd.graph.modes import RECORD, WATCH, current, in_mode, mode
from autograd.graph.node import ChainRule, Gradient, Node, Recorded
from autograd.graph.order import visit
from autograd.graph.versions import check_versions, counter


def gradients(
    root: Node,
    upstream: Gradient,
    *,
    retain_grads: bool = True,
    create_graph: bool = False,
    until: Collection[Node] = (),
    with_hooks: bool = True,
) -> dict[Node, Gradient]:
    """Return the gradient of `root` with respect to each node of its graph, and change no node.

    Parameters
    ----------
    root : Value or Tensor
        Where the walk starts.
    upstream : float, ndarray or node
        The gradient of `root` itself, of its shape; 1 for its plain derivatives.
    retain_grads : bool, default True
        Whether to keep the gradients of inner nodes; otherwise they are dropped on the way.
    create_graph : bool, default False
        Whether to record the walk: gradients that depend on anything are then nodes.
    until : collection of node
        Nodes at which to stop, as if they were leaves.
    with_hooks : bool, default True
        Whether to call the hooks of nodes.

    Returns
    -------
    dict of node to float, ndarray or node

    Raises
    ------
    RuntimeError
        If data was changed after its gates were recorded.
    """
    until, kind = frozenset(until), type(root)
    found: dict[Node, Any] = {}
    visit([root], found, until=until)
    nodes: Iterable[Node] = list(reversed(found))  # each after all nodes that use it
    generated: dict[BaseGate, ChainRule] = {} if create_graph else kind.generated_rules
    chain_rule: ChainRule = _recorded_chain_rule if create_graph else kind.chain_rule
    if create_graph or kind.initial_gradient is None:
        found = {}  # a gradient starts with the first one that reaches the node; for floats, from 0.0
    found[root] = upstream
    hooked, watched = bool(hooks) and with_hooks, mode.get() != RECORD and bool(current() & WATCH)
    if hooked or watched:
        nodes = _observed(nodes, found, until, hooked=hooked, watched=watched)
    rule_of, latest = generated.get, counter.latest
    with (
        np.errstate(all="ignore"),  # inf and nan without a warning, on arrays as on floats
        in_mode(on=RECORD) if create_graph else nullcontext(),
    ):
        for node in nodes:
            gate = node.gate
            if gate is None or (until and node in until):
                continue
            if node.version < latest:
                check_versions(node)
            rule_of(gate, chain_rule)(node, found)
            if not retain_grads:
                del found[node]
    return found


def _observed(
    nodes: Iterable[Node], found: dict[Node, Gradient], until: Collection[Node], *, hooked: bool, watched: bool
) -> Iterator[Node]:
    """The nodes of a walk: before each one its hooks are called, after it the gradients of its inputs are checked."""
    for node in nodes:
        if hooked:
            found[node] = run_hooks(node, found[node])
        upstream = found[node]
        yield node  # now the walk applies the chain rule
        if watched and node.gate is not None and node not in until:
            check_backward(node, upstream, found)


def unit(root: Node) -> Gradient:
    """Return the gradient of the root with respect to itself, with which a walk starts: 1.0, or an array of ones."""
    return np.ones_like(root._data) if isinstance(root._data, np.ndarray) else 1.0


def backward(root: Node, upstream: Gradient, *, retain_grads: bool = False, create_graph: bool = False) -> None:
    """Set `grad` throughout the graph of `root`: leaves accumulate, inner nodes (if kept) are set.

    Nothing is written before the walk is complete, so an error leaves all gradients as they were.

    Parameters
    ----------
    root, upstream, retain_grads, create_graph
        As in `gradients`.
    """
    found = gradients(root, upstream, retain_grads=retain_grads, create_graph=create_graph)
    if create_graph:
        found = {node: node.constant(gradient) for node, gradient in found.items()}
    root.set_grads(found)


# The chain rule, recorded itself: for second derivatives


def _recorded_chain_rule(node: Node, found: dict[Node, Gradient]) -> None:
    """As `node.chain_rule`, by gates that are recorded."""
    node.check_fingerprints()
    for x, downstream in _recorded_downstream(node.gate, node, found[node]):
        gradient = node.unbroadcast(downstream, x)
        found[x] = found[x] + gradient if x in found else gradient


@singledispatch
def _recorded_downstream(gate: BaseGate, node: Node, upstream: Gradient) -> Iterator[tuple[Node, Gradient]]:
    """Yield each tracked input and its downstream gradient, computed by recorded gates."""
    raise NotImplementedError(gate)


@_recorded_downstream.register
def _(gate: Gate, node: Node, upstream: Gradient) -> Iterator[tuple[Node, Gradient]]:
    rules, inputs, half = gate.on(node_backend), [x.rule_input for x in node.inputs], _is_half(node)
    for x, local_gradient in zip(node.inputs, rules.local_gradients, strict=True):
        if x.requires_grad:
            local = (in_single(local_gradient) if half else local_gradient)(node, *inputs)
            yield x, rules.downstream(local, upstream)


@_recorded_downstream.register
def _(gate: ArrayGate, node: Node, upstream: Gradient) -> Iterator[tuple[Node, Gradient]]:
    inputs = [x.rule_input for x in node.inputs]
    for position, x in enumerate(node.inputs):
        if x.requires_grad:
            vjp = partial(gate.recorded_vjp, over) if gate.recorded_vjp else gate.vjp(position)
            yield x, (in_single(vjp) if _is_half(node) else vjp)(upstream, node, *inputs, **node.attributes)


@_recorded_downstream.register
def _(gate: Block, node: Node, upstream: Gradient) -> Iterator[tuple[Node, Gradient]]:
    with in_mode(off=WATCH):  # the inner gates are not the user's
        expand: Callable[..., Recorded] = in_single(gate.expand) if _is_half(node) else gate.expand
        expansion = expand(*node.inputs, **node.attributes)
        found = gradients(expansion, upstream, create_graph=True, until=node.inputs, with_hooks=False)
    return ((x, found[x]) for x in dict.fromkeys(node.inputs) if x in found)


def _is_half(node: Node) -> bool:
    return getattr(node._data, "dtype", None) == np.float16
