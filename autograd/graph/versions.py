"""What notices that the data of a graph was changed after its gates were recorded: the gradients would be wrong.

Assigning to a node's data (`w.data = ...`, `w.data -= ...`) sets its time, and a gate that is older than one of its
inputs was recorded with other data. An array can also be written into behind the node's back, so a gate of Tensors
keeps a stamp of what it took: of small arrays all elements, of a large leaf some, of what gates have made large none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import errors
from autograd.describe import describe

if TYPE_CHECKING:
    from autograd.graph.node import Node

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
            raise changed(node, source, node.gate.argument(position))


def changed(node: Node, thing: Node, role: str) -> RuntimeError:
    """The error of a graph where a thing is no longer what one of its gates took (as an argument) or made."""
    name = thing.label or describe(thing)
    return RuntimeError(errors.CHANGED.format(gate=node.gate.name, argument=role, got=name))
