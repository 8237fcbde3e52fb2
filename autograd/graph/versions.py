"""Detecting that data was changed after its gates were recorded: the gradients would be wrong.

Assigning to a node's data (`w.data = ...`, `w.data -= ...`) gives it a new version, and a gate that is older than one
of its inputs was recorded with other data. An array can also be written into directly (`w.data[3] = 0`), so a gate of
Tensors keeps fingerprints: of small arrays all elements, of a large leaf some, of large results of gates none.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from autograd.describe import describe

COMPARED = 256  # elements of an array that are compared


class Versioned(Protocol):
    """What the check needs of a node: its gate, its inputs, its label, and the version of its data."""

    gate: Any
    label: str | None
    version: int

    @property
    def inputs(self) -> tuple[Any, ...]: ...


class VersionCounter:
    """Counts the assignments to the data of nodes."""

    __slots__ = ("latest",)

    def __init__(self) -> None:
        self.latest = 0


counter = VersionCounter()


def fingerprint(array: np.ndarray) -> bytes:
    """Return some elements of an array, evenly spaced, as bytes: all if there are at most COMPARED.

    Parameters
    ----------
    array : ndarray

    Returns
    -------
    bytes
    """
    if array.size > COMPARED:
        flat = array.reshape(-1) if array.flags.c_contiguous else array.flat
        array = flat[:: array.size // COMPARED | 1]  # an odd step, so that they are not all from one column
    return array.tobytes()


def check_versions(node: Versioned) -> None:
    """Raise RuntimeError if the data of an input was assigned after the node's gate was recorded.

    Parameters
    ----------
    node : node
        A node that a gate computed.
    """
    for position, x in enumerate(node.inputs):
        if x.version > node.version:
            raise changed(node, x, node.gate.argument(position))


def changed(node: Versioned, other: Versioned, argument: str) -> RuntimeError:
    """Return the error for a graph in which `other`, an input of a gate or its output, has changed.

    Parameters
    ----------
    node : node
        The node that the gate computed.
    other : node
        The node that has changed.
    argument : str
        Its role at the gate.

    Returns
    -------
    RuntimeError
    """
    return RuntimeError(
        f"backward through a graph that was changed in place: {other.label or describe(other)}, used by gate "
        f"{node.gate.name!r} as {argument}, has other data now, so its local gradient would be wrong. "
        "Call backward() before the data changes, or record the graph again"
    )
