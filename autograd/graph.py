"""Topological order and backward: the only walk over a graph there is, and no recursion in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autograd.node import Node


def topological_order(root: Node) -> list[Node]:
    """`root` and every tracked node that it was computed from, each after all the nodes that use it."""
    order: list[Node] = []
    done: set[Node] = set()
    path = [root]
    while path:
        node = path[-1]
        if node in done:  # pushed a second time, by another node that uses it
            path.pop()
            continue
        for source in node.inputs:
            if source not in done and source.requires_grad:
                path.append(source)
        if path[-1] is node:  # all that it was computed from is done
            done.add(node)
            order.append(path.pop())
    order.reverse()
    return order


def gradients(root: Node, upstream: Any, *, retain_grads: bool = True) -> dict[Node, Any]:
    """The gradient of `root` by each node of its graph, in topological order; touches no node.

    The chain rule: a gate passes down to each of its inputs local gradient × upstream gradient, and where a node is
    used more than once, what arrives there adds up. Without `retain_grads`, inner nodes that do not keep theirs are
    dropped on the way.
    """
    arriving = {root: upstream}
    with np.errstate(all="ignore"):  # IEEE results: inf and nan without a warning, on arrays as on floats
        for node in topological_order(root):
            if node.gate is not None:
                node.pull_back(arriving)
                if not (retain_grads or node.keeps_grad):
                    del arriving[node]
    return arriving


def backward(root: Node, upstream: Any, *, retain_grads: bool = False) -> None:
    """Set `.grad` all through the graph of `root`: leaves accumulate, inner nodes (where kept) are set afresh.

    Nothing is written before the walk has come to its end, so an error in it leaves all gradients as they were.
    """
    for node, gradient in gradients(root, upstream, retain_grads=retain_grads).items():
        node.receive(gradient)
