"""The topological order of a graph, by a walk without recursion, and the two slots that hold a node's inputs.

The chain rule, pickles, the numerical check, unfolding and compiled programs visit graphs in this order; only
`autograd.drawing.dot` has another one, from left to right as a picture shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar


class HasInputs:
    """What the walk needs of a node: its inputs, and whether it is tracked.

    Attributes
    ----------
    inputs : tuple of node
        The inputs of the node's gate, in their order; () for a leaf.
    requires_grad : bool
        Whether gradients reach this node.

    Notes
    -----
    Up to two inputs are in a slot each, as most gates have one or two. A tuple for each node would double what the
    garbage collector has to visit: 97 ms for a graph of 65,000 gates. The slots are used here and where nodes are
    created, both None for a leaf; elsewhere write `inputs`.
    """

    __slots__ = ("_x", "_y")
    _x: Any  # the first input, or the tuple of more than two
    _y: Any  # the second of two
    requires_grad: bool

    @property
    def inputs(self) -> tuple[Any, ...]:
        x, y = self._x, self._y
        if y is not None:
            return x, y
        if x is None:
            return ()
        return x if x.__class__ is tuple else (x,)

    @inputs.setter
    def inputs(self, inputs: tuple[Any, ...]) -> None:
        if len(inputs) == 2:
            self._x, self._y = inputs
        else:
            self._x, self._y = inputs[0] if len(inputs) == 1 else inputs or None, None


N = TypeVar("N", bound=HasInputs)


def slots(names: list[str]) -> str:
    """Return Python text for the two slots of inputs with these names: "x0, None", "x0, x1", "(x0, x1, x2), None"."""
    listed = ", ".join(names)
    return {1: f"{listed}, None", 2: listed}.get(len(names), f"({listed}), None")


def topological_order(root: N, *, until: Collection[N] = (), untracked: bool = False) -> list[N]:
    """List the nodes that `root` was computed from, each after all nodes that use it.

    Parameters
    ----------
    root : node
        It comes first.
    until : collection of node
        Nodes at which to stop: what they were computed from is left out.
    untracked : bool, default False
        Whether to include nodes that are not tracked: constants, and Tensors without a gradient.

    Returns
    -------
    list of node
        `root` comes first, leaves come late.
    """
    return inputs_first(root, until=until, untracked=untracked)[::-1]


def inputs_first(root: N, *, until: Collection[N] = (), untracked: bool = False) -> list[N]:
    """List the nodes that `root` was computed from, each after its inputs: `topological_order`, reversed.

    Parameters
    ----------
    root : node
        It comes last.
    until : collection of node
        As in `topological_order`.
    untracked : bool, default False
        As in `topological_order`.

    Returns
    -------
    list of node
        Leaves and constants come early, `root` comes last.
    """
    visited: dict[N, float] = {}
    visit([root], visited, until=frozenset(until), untracked=untracked)
    return list(visited)


def visit(roots: Iterable[N], visited: dict[N, float], *, until: Collection[N] = (), untracked: bool = False) -> None:
    """Add `roots` and what they were computed from to `visited`, each after its inputs.

    Parameters
    ----------
    roots : iterable of node
        Where to start.
    visited : dict of node to float
        The nodes visited so far, in order; new ones are added with 0.0, from which Values add up their gradients.
    until, untracked
        As in `topological_order`.
    """
    path: list[Any] = list(roots)
    while path:
        node = path.pop()
        while node not in visited:  # descend until all inputs are visited; a node that has to wait stays on the path
            x, y = node._x, node._y
            if until and node in until:
                visited[node] = 0.0
            elif y is not None and y not in visited and (y.requires_grad or untracked):
                path.append(node)
                node = y
            elif x.__class__ is tuple:
                waiting = [each for each in x if each not in visited and (each.requires_grad or untracked)]
                if waiting:
                    path += node, *waiting
                    node = path.pop()
                else:
                    visited[node] = 0.0
            elif x is not None and x not in visited and (x.requires_grad or untracked):
                path.append(node)
                node = x
            else:
                visited[node] = 0.0
