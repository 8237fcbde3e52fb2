"""Hooks: the user's functions that a walk calls with a node's gradient as soon as it is complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.describe import describe
from autograd.graph.array_kinds import check_kind
from autograd.graph.versions import read_only
from autograd.graph.weak_identity_map import WeakIdentityMap

Gradient = Any  # a float, an array, or a node in a walk that is recorded
hooks: WeakIdentityMap[list[Hook]] = WeakIdentityMap()


class Hook:
    """A function that is called with a node's gradient, until `remove()`.

    Parameters
    ----------
    node : Value or Tensor
        The node whose gradient it is called with.
    function : callable
        Called with the gradient; returns None, or the gradient that replaces it.
    """

    def __init__(self, node: object, function: Callable[[Gradient], Gradient]) -> None:
        self.function = function
        self._others = hooks.get(node, [])
        hooks[node] = self._others
        self._others.append(self)

    def remove(self) -> None:
        """Remove the hook; calling this again does nothing."""
        if self in self._others:
            self._others.remove(self)


def run_hooks(node: Any, gradient: Gradient) -> Gradient:
    """Return a node's gradient after its hooks have seen and perhaps replaced it.

    Parameters
    ----------
    node : Value or Tensor
        The node.
    gradient : float, ndarray or node
        Its complete gradient.

    Returns
    -------
    float, ndarray or node

    Raises
    ------
    ValueError
        If a hook returns a gradient of another shape.
    """
    for hook in tuple(hooks.get(node, [])):
        seen = read_only(np.array(gradient)) if isinstance(gradient, np.ndarray) else gradient
        replaced = hook.function(seen)  # a copy, as gradients on the way may share memory
        if replaced is not None:
            check_kind(replaced)
            plain: Any = getattr(replaced, "_data", replaced)
            if np.shape(plain) != np.shape(node._data):
                raise ValueError(
                    f"a hook must return None or a gradient of the node's shape {np.shape(node._data)}, "
                    f"got {describe(replaced)}"
                )
            if plain is replaced:  # not recorded: convert it to the kind and dtype of the node's data
                replaced = np.array(plain, dtype=getattr(node._data, "dtype", float))
                replaced = replaced if isinstance(node._data, np.ndarray) else float(replaced)
            gradient = replaced
    return gradient
