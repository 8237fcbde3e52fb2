"""Replay: a compiled program, called with the numbers of its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.describe import describe

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from autograd.program.schedule import Schedule
    from autograd.program.trace import Graph

LANES = 64  # columns of a batch that are computed side by side


class Program:
    """A compiled graph of Values: call it with the numbers of its inputs.

    `compile` makes programs; they are not constructed directly. A program can be pickled and copied, and several
    threads can call it at once.

    Parameters
    ----------
    graph : Graph
        The traced graph.
    plan : Schedule
        The order of its computation.

    Attributes
    ----------
    inputs : int
        The number of inputs, n.
    gates : dict of str to int
        How many gates of each name a call computes.
    """

    def __init__(self, graph: Graph, plan: Schedule) -> None:
        self._gates = graph.gates
        self._instructions, self._forward = plan.instructions, plan.forward
        self._indices, self._slots = plan.indices, plan.slots
        self._root, self.inputs = plan.rows[-1], len(graph.leaves)
        self._numbers = np.empty_like(graph.data)  # of each row at the start of a call; gates overwrite theirs
        self._numbers[plan.rows] = graph.data
        self._clear()

    def _clear(self) -> None:
        self._addresses: dict[bool, np.ndarray] = {}
        self._buffers: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in {"_addresses", "_buffers"}}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._clear()

    @property
    def gates(self) -> dict[str, int]:
        """How many gates of each name a call computes."""
        forward = self._instructions[: self._forward]
        counts = np.bincount(forward[:, 0], weights=forward[:, 4], minlength=len(self._gates))
        return {gate.name: int(count) for gate, count in zip(self._gates, counts, strict=True) if count}

    def __repr__(self) -> str:
        counts = {"input": self.inputs, "gate": sum(self.gates.values()), "run": self._forward}
        inputs, gates, runs = (f"{count:,} {name}{'s' * (count != 1)}" for name, count in counts.items())
        return f"Program({inputs}, {gates} in {runs})"

    def __call__(self, theta: ArrayLike) -> tuple[float | np.ndarray, np.ndarray]:
        """Compute the value and the gradients for new inputs.

        Parameters
        ----------
        theta : array_like, shape (n,) or (n, batch)
            The numbers of the inputs, in the order of `compile`; each column of a batch is one set of inputs.

        Returns
        -------
        value : float, or ndarray of shape (batch,)
            The value of the root.
        gradients : ndarray, shape (n,) or (n, batch)
            The gradient with respect to each input.

        Raises
        ------
        TypeError
            If theta does not consist of real numbers.
        ValueError
            If theta has another shape.
        """
        numbers = _real_numbers(theta)
        if numbers.ndim not in (1, 2) or len(numbers) != self.inputs:
            n = self.inputs
            raise ValueError(
                f"this program expects the numbers of its inputs, {n} in the order in which compile was given them: "
                f"an array ({n},), or ({n}, batch) for several at once; got {describe(theta)}"
            )
        if numbers.ndim == 1:
            values, gradients = self._replay(numbers[:, None], 1)
            return float(values[0]), gradients[:, 0]
        batch = numbers.shape[1]
        values, gradients = np.empty(batch), np.empty(numbers.shape)
        lanes = min(LANES, 1 << max(0, batch - 1).bit_length())
        for start in range(0, batch, lanes):
            part = slice(start, start + lanes)
            values[part], gradients[:, part] = self._replay(numbers[:, part], lanes)
        return values, gradients

    def _replay(self, numbers: np.ndarray, lanes: int) -> tuple[np.ndarray, np.ndarray]:
        """Values (columns,) and gradients (n, columns) of numbers (n, columns), with columns ≤ lanes."""
        from autograd.program.kernels import run

        columns = numbers.shape[1]
        free = self._buffers.setdefault(lanes, [])
        values, gradients = free.pop() if free else self._new_buffers(lanes)  # each thread has its own
        values[: self.inputs, :columns] = numbers
        run(self._instructions, self._kernel_addresses(lanes > 1), values, gradients, self._indices, lanes)
        result = values[self._root, :columns].copy(), gradients[-self.inputs :, :columns].copy()
        free.append((values, gradients))
        return result

    def _new_buffers(self, lanes: int) -> tuple[np.ndarray, np.ndarray]:
        """Values (nodes, lanes) and gradients (slots, lanes), both float64."""
        values, gradients = np.repeat(self._numbers[:, None], lanes, axis=1), np.empty((self._slots, lanes))
        gradients[0] = 1.0
        return values, gradients

    def _kernel_addresses(self, several: bool) -> np.ndarray:
        """The address of the machine code of each kernel, 0 if no instruction uses it: (gates + 1,) int64."""
        from autograd.program.kernels import address

        if several not in self._addresses:
            table = np.zeros(len(self._gates) + 1, np.int64)
            for kernel in np.unique(self._instructions[:, 0]):
                gate = self._gates[kernel] if kernel < len(self._gates) else None
                table[kernel] = address(gate, several=several)
            self._addresses[several] = table
        return self._addresses[several]


def _real_numbers(theta: ArrayLike) -> np.ndarray:
    """Theta as an array of float64; TypeError if it is not made of real numbers."""
    message = "a program expects real numbers, as an array or in lists of equal length, got "
    try:
        numbers = np.asarray(theta)
    except ValueError as error:
        raise TypeError(message + describe(theta)) from error
    if numbers.dtype.kind not in "biuf":
        raise TypeError(message + describe(theta))
    return numbers.astype(np.float64, copy=False)
