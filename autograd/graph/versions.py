"""Detecting that data was changed after its gates were recorded: the gradients would be wrong.

Three rules together let no change pass:

1. What a gate made is read-only. NumPy itself refuses to write into `h.data`.
2. Assigning to a leaf's data (`w.data = ...`, `w.data -= ...`) gives it a new version. A gate that is older than one of
   its inputs was recorded with other data.
3. An array that somebody else can write into (`w.data[3] = 0`, `batch[0] = 0`) gets a checksum of all its elements when
   a gate takes it, which backward compares. An array that only its leaf refers to can be written into by nobody, and
   gets its checksum when the leaf hands it out. So a training step whose weights are left alone computes none.

Arrays among the attributes of a gate, such as an index, are copied.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

import numpy as np

from autograd.describe import describe
from autograd.graph.modes import TRUST, in_mode


class Versioned(Protocol):
    """What the check needs of a node: its data, its gate, its inputs, its label, and the version of its data."""

    _data: object
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
MASK = (1 << 64) - 1  # of the bits of a seed


class Fingerprint:
    """The checksum of an array when gates took it; gates that took the same data of a leaf share it.

    Attributes
    ----------
    checksum : int or None
        None as long as only the leaf refers to the array.
    """

    __slots__ = ("checksum",)

    def __init__(self, checksum: int | None = None) -> None:
        self.checksum = checksum

    def take(self, array: np.ndarray) -> None:
        """Compute the checksum, if there is none yet: the array is about to be handed out."""
        if self.checksum is None:
            self.checksum = checksum(array)


def checksum(array: np.ndarray) -> int:
    """Return a checksum of all elements in their order, of the shape and of the dtype.

    Parameters
    ----------
    array : ndarray
        Of any strides.

    Returns
    -------
    int
        Of 64 bits: XXH3, which runs at the speed of memory.
    """
    seed = hash((array.shape, array.dtype.num)) & MASK  # `array.shape = ...` is a change, too
    if not array.flags.c_contiguous:
        array = array[tuple([0 if stride == 0 else slice(None) for stride in array.strides])]  # broadcast axes repeat
        array = array.T if array.flags.f_contiguous else np.ascontiguousarray(array)
    return _xxh3()(array, seed)


@cache
def _xxh3() -> Callable[[np.ndarray, int], int]:
    from xxhash import xxh3_64_intdigest  # on first use: `import autograd` loads NumPy only

    return xxh3_64_intdigest  # type: ignore[return-value]  # its own type of buffers


def check_writes(on: bool = True) -> in_mode:
    """Choose whether gates recorded within the `with` block notice writes into arrays; they do by default.

    Parameters
    ----------
    on : bool, default True
        False to trust the program: a plain array that a gate takes (a batch, a mask) gets no checksum, and a change to
        it between forward and backward gives a wrong gradient without an error.

    Returns
    -------
    context manager
        It is also a decorator. It applies to this thread or task, as `no_grad` does.

    Notes
    -----
    A checksum reads the array once when a gate takes it, and once in each backward pass. That is 1 to 2 % of a training
    step of an MLP. It is more where a gate does little with a large array, such as a matrix-vector product. Weights,
    and batches that only a Tensor refers to (`Tensor(X[rows], copy=False)`), need none. Assigning to data
    (`w.data = ...`) is always noticed, and results of gates are always read-only.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> batch, w = np.ones((2, 2)), Tensor([1.0, 2.0], requires_grad=True)
    >>> with check_writes(False):
    ...     loss = (batch @ w).sum()
    >>> batch[0] = 5.0  # unnoticed: the gradient is that of the new batch
    >>> loss.backward()
    >>> w.grad
    array([6., 6.])
    """
    return in_mode(off=TRUST) if on else in_mode(on=TRUST)


def owned(attribute: object) -> object:
    """Return an attribute of a gate with read-only copies of the arrays in it, so that the caller may change theirs.

    Parameters
    ----------
    attribute : object
        Anything; arrays are found in tuples and lists, too.

    Returns
    -------
    object
        Equal to it.
    """
    if isinstance(attribute, np.ndarray):
        return read_only(np.array(attribute))
    if isinstance(attribute, (tuple, list)):
        return type(attribute)(map(owned, attribute))
    return attribute


def read_only(array: np.ndarray) -> np.ndarray:
    """Make an array read-only and return it."""
    array.flags.writeable = False
    return array


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
    """Return the error for a graph in which `other`, an input of a gate, has changed.

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
    what = other.label or describe(other if type(other).__name__ != "Constant" else other._data)
    return RuntimeError(
        f"backward through a graph that was changed in place: {what}, used by gate "
        f"{node.gate.name!r} as {argument}, has other data now, so its local gradient would be wrong. "
        "Call backward() before the data changes, give the gate a copy, or record the graph again"
    )
