"""What notices that the data of a graph was changed after its gates were recorded: the gradients would be wrong.

Assigning to a node's data (`w.data = ...`, `w.data -= ...`) sets its time, and a gate that is older than one of its
inputs was recorded with other data. An array can also be written into behind the node's back, so a gate over arrays
keeps a stamp of each leaf that it took: of all its elements where they are few, of some where they are many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import errors

if TYPE_CHECKING:
    from autograd.node import Node

STAMPED = 256  # elements of an array that are compared


class Clock:
    """Counts the assignments to the data of nodes."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0


clock = Clock()


def stamp(array: np.ndarray) -> bytes:
    """Some of the elements, evenly spaced, as bytes: all where there are no more than STAMPED."""
    if array.size > STAMPED:
        flat = array.reshape(-1) if array.flags.c_contiguous else array.flat
        array = flat[:: array.size // STAMPED | 1]  # an odd step, so that not all are of one column
    return array.tobytes()


def refuse_changes(node: Node) -> None:
    """Raise where data that the node's gate took has been assigned since."""
    for position, source in enumerate(node.inputs):
        if source.time > node.time:
            raise changed(node, position)


def changed(node: Node, position: int) -> RuntimeError:
    """The error of a graph whose data is no longer that which one of its gates took."""
    source, gate = node.inputs[position], node.gate
    name = source.label or errors.describe(source)
    return RuntimeError(errors.CHANGED.format(gate=gate.name, argument=gate.argument(position), came=name))
