"""Hooks: functions of the user's that a walk calls with a node's gradient, as soon as that is complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from autograd import errors

if TYPE_CHECKING:
    from autograd.node import Node

hooks: WeakKeyDictionary[Node, list[Hook]] = WeakKeyDictionary()


class Hook:
    """A hook that stands on a node's gradient until `remove()`."""

    def __init__(self, node: Node, function: Callable[[Any], Any]) -> None:
        self.function = function
        self._others = hooks.setdefault(node, [])
        self._others.append(self)

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        if self in self._others:
            self._others.remove(self)


def run_hooks(node: Node, gradient: Any) -> Any:
    """The node's gradient, after its hooks have seen it and perhaps put another in its place."""
    for hook in tuple(hooks.get(node, ())):
        replaced = hook.function(gradient)
        if replaced is not None:
            if np.shape(getattr(replaced, "_data", replaced)) != np.shape(node.data):
                came, shape = errors.describe(replaced), np.shape(node.data)
                raise ValueError(errors.HOOK_SHAPE.format(came=came, shape=shape))
            gradient = replaced
    return gradient
