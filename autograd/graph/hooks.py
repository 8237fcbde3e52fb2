"""Hooks: functions of the user's that a walk calls with a node's gradient, as soon as that is complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.graph.weak_identity_map import WeakByIdentity

if TYPE_CHECKING:
    from autograd.graph.node import Node

hooks: WeakByIdentity[list[Hook]] = WeakByIdentity()


class Hook:
    """A hook that stands on a node's gradient until `remove()`."""

    def __init__(self, node: Node, function: Callable[[Any], Any]) -> None:
        self.function = function
        self._others = hooks.get(node, [])
        hooks[node] = self._others
        self._others.append(self)

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        if self in self._others:
            self._others.remove(self)


def run_hooks(node: Node, gradient: Any) -> Any:
    """The node's gradient, after its hooks have seen it and perhaps put another in its place."""
    for hook in tuple(hooks.get(node, [])):
        replaced = hook.function(gradient)
        if replaced is not None:
            plain = getattr(replaced, "_data", replaced)
            if np.shape(plain) != np.shape(node.data):
                got, shape = describe(replaced), np.shape(node.data)
                raise ValueError(errors.HOOK_SHAPE.format(got=got, shape=shape))
            if plain is replaced:  # not recorded: of the kind and dtype that the node's data has
                replaced = np.asarray(plain, dtype=getattr(node.data, "dtype", float))
                replaced = replaced if isinstance(node.data, np.ndarray) else float(replaced)
            gradient = replaced
    return gradient
