"""compile: a recorded graph of Values as a program that is replayed on other numbers, at machine speed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from warnings import warn

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.elementwise import GATES
from autograd.graph.backward import inputs_first
from autograd.graph.node import Constant
from autograd.graph.value import Value
from autograd.graph.versions import changed

if TYPE_CHECKING:
    from autograd.gates.elementwise import Gate
    from autograd.graph.node import Node
    from autograd.program.schedule import Graph

LANES = 64  # columns of a batch that are computed side by side


def compile(root: Value, inputs: Iterable[Value]) -> Program:
    """The graph of `root` as a program: `value, gradients = program(theta)`, for other numbers in the leaves `inputs`.

    root    the Value that was computed, such as a loss
    inputs  the leaves whose numbers may change, each once; theta has them in this order. All other leaves keep the
            numbers that they have now

    >>> x, y = Value(3.0), Value(4.0)
    >>> program = compile((x * x + y * y).sqrt(), inputs=[x, y])
    >>> program([3.0, 4.0])
    (5.0, array([0.6, 0.8]))

    The program is the graph that was recorded: what your Python decided on the way by looking at numbers (`if x > 0`,
    how often a loop ran, Python's own `max`) is decided for good. The gates `maximum`, `relu` and their like choose
    anew for each theta. So does `where`, if its condition is a Value: `where(np.heaviside(x - y, 0.0), a, b)`, as
    `x > y` is Python's, a plain bool.

    Value and gradients are those of `backward()` to the last bit (with `hypot` and `arcsinh`, but for that bit). The
    first program with a gate of some kind waits for that gate's machine code, which is then kept on disk.
    """
    if not isinstance(root, Value):
        raise TypeError(errors.COMPILE_ROOT.format(got=describe(root)))
    if isinstance(inputs, Value):
        raise TypeError(errors.COMPILE_INPUTS.format(got=describe(inputs)))
    leaves = list(inputs)
    if not leaves:
        raise ValueError(errors.COMPILE_NOTHING)
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Value) or leaf.gate is not None:
            raise TypeError(errors.COMPILE_INPUT.format(index=i, got=describe(leaf)))
    if len(set(leaves)) != len(leaves):
        raise ValueError(errors.COMPILE_TWICE)
    nodes = inputs_first(root, untracked=True)
    if GATES["where"] in map(GATE, nodes):
        frozen = sum(node.gate is GATES["where"] and type(node.inputs[0]) is Constant for node in nodes)
        if frozen:
            warn(errors.COMPILE_FROZEN.format(count=frozen), stacklevel=2)
    return Program(nodes, leaves)


class Program:
    """What `compile` makes: call it with the numbers of its inputs, in their order.

    inputs  how many inputs there are
    gates   how many gates of each kind a call computes, by name

    It can be pickled and copied, and called by several threads at once.
    """

    def __init__(self, nodes: list[Node], leaves: list[Value]) -> None:
        from autograd.program.schedule import schedule

        graph, self._kernels, numbers = _arrays(nodes, leaves)
        plan = schedule(graph, _passes(self._kernels))
        self._steps, self._forward, self._pool, self._slots = plan.steps, plan.forward, plan.pool, plan.slots
        self._root, self.inputs = plan.places[-1], len(leaves)
        self._numbers = np.empty_like(numbers)  # of each node, where a call begins: those of gates come afresh
        self._numbers[plan.places] = numbers
        self._ready()

    def _ready(self) -> None:
        self._addresses: dict[bool, np.ndarray] = {}
        self._rooms: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: thing for name, thing in vars(self).items() if name not in {"_addresses", "_rooms"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._ready()

    @property
    def gates(self) -> dict[str, int]:
        steps = self._steps[: self._forward]
        counts = np.bincount(steps[:, 0], weights=steps[:, 4], minlength=len(self._kernels))
        return {gate.name: int(count) for gate, count in zip(self._kernels, counts, strict=True) if count}

    def __repr__(self) -> str:
        counts = {"input": self.inputs, "gate": sum(self.gates.values()), "run": self._forward}
        inputs, gates, runs = (f"{count:,} {name}{'s' * (count != 1)}" for name, count in counts.items())
        return f"Program({inputs}, {gates} in {runs})"

    def __call__(self, theta: Any) -> tuple[Any, np.ndarray]:
        """Value and gradients: of theta (n,) a float and (n,), of theta (n, batch) arrays (batch,) and (n, batch)."""
        numbers = _numbers(theta)
        if numbers.ndim not in (1, 2) or len(numbers) != self.inputs:
            raise ValueError(errors.PROGRAM_INPUT.format(inputs=self.inputs, got=describe(theta)))
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
        """Values (columns,) and gradients (n, columns) of numbers (n, columns), of which there are at most `lanes`."""
        from autograd.program.kernels import run

        columns = numbers.shape[1]
        rooms = self._rooms.setdefault(lanes, [])
        values, adjoints = rooms.pop() if rooms else self._room(lanes)  # two threads have each their own
        values[: self.inputs, :columns] = numbers
        run(self._steps, self._table(lanes > 1), values, adjoints, self._pool, lanes)
        found = values[self._root, :columns].copy(), adjoints[-self.inputs :, :columns].copy()
        rooms.append((values, adjoints))
        return found

    def _room(self, lanes: int) -> tuple[np.ndarray, np.ndarray]:
        values, adjoints = np.repeat(self._numbers[:, None], lanes, axis=1), np.empty((self._slots, lanes))
        adjoints[0] = 1.0
        return values, adjoints

    def _table(self, several: bool) -> np.ndarray:
        """Where the machine code of each kernel is; 0 of those that no step needs."""
        from autograd.program.kernels import address

        if several not in self._addresses:
            table = np.zeros(len(self._kernels) + 1, np.int64)
            for kernel in np.unique(self._steps[:, 0]):
                gate = self._kernels[kernel] if kernel < len(self._kernels) else None
                table[kernel] = address(gate, several=several)
            self._addresses[several] = table
        return self._addresses[several]


def _numbers(theta: Any) -> np.ndarray:
    try:
        numbers = np.asarray(theta)
    except ValueError as error:
        raise TypeError(errors.PROGRAM_NUMBERS.format(got=describe(theta))) from error
    if numbers.dtype.kind not in "biuf":
        raise TypeError(errors.PROGRAM_NUMBERS.format(got=describe(theta)))
    return numbers.astype(np.float64, copy=False)


# 65,000 gates are read in no more time than they take to record: by maps, that call no Python for each.
GATE, INPUTS, TIME, DATA = map(attrgetter, ("gate", "inputs", "time", "_data"))


def _arrays(nodes: list[Node], leaves: list[Value]) -> tuple[Graph, list[Gate], np.ndarray]:
    """A graph, its nodes in topological order, in arrays, with its kinds of gates and the number of each node."""
    from autograd.program.schedule import Graph

    number = dict(zip(nodes, range(len(nodes)), strict=True))
    if unused := [leaf for leaf in leaves if leaf not in number]:
        nodes = [*unused, *nodes]  # the root stays the last
        number = dict(zip(nodes, range(len(nodes)), strict=True))
    made = list(map(GATE, nodes))
    gates = [gate for gate in dict.fromkeys(made) if gate]
    codes = dict(zip((*gates, None), (*range(len(gates)), -1), strict=True))
    kinds = np.fromiter(map(codes.__getitem__, made), np.int64, len(nodes))
    begins = np.zeros(len(nodes) + 1, np.int64)
    np.cumsum(np.array([*(gate.arity for gate in gates), 0])[kinds], out=begins[1:])
    sources = np.fromiter(map(number.__getitem__, chain.from_iterable(map(INPUTS, nodes))), np.int64, begins[-1])
    named = np.array([number[leaf] for leaf in leaves], np.int64)
    times = np.fromiter(map(TIME, nodes), np.int64, len(nodes))
    times[named] = 0
    for edge in np.flatnonzero(times[sources] > np.repeat(times, np.diff(begins))):
        node = nodes[int(np.searchsorted(begins, edge, side="right")) - 1]
        raise changed(node, nodes[sources[edge]], node.gate.argument(int(edge - begins[number[node]])))
    return Graph(kinds, begins, sources, named), gates, np.fromiter(map(DATA, nodes), np.float64, len(nodes))


def _passes(gates: list[Gate]) -> np.ndarray:
    """Which gates (rows) pass on to which input (columns) just what arrives."""
    from autograd.program.kernels import passes_on

    passes = np.zeros((len(gates), max((gate.arity for gate in gates), default=0)), bool)
    for i, gate in enumerate(gates):
        for position in range(gate.arity):
            passes[i, position] = passes_on(gate, position)
    return passes
