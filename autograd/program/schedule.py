"""The schedule of a program: a graph as a list of instructions, each of which is a kernel over a run of equal gates.

The *level* of a gate is 1 more than the highest level of its inputs, so gates of one level do not depend on each other.
Gates of one level and one kind form a *run*. Forward, the runs go up the levels; backward, they go down.

Gradients are kept in *slots*. A vjp (local gradient × upstream gradient) has a slot of its own. A node that gets
several vjps has one more slot for their sum. Terms are added in the order of `backward()`, so both sums are equal bit
for bit. A node that gets a single vjp shares its slot. If a gate's local gradient is 1, as in a sum, its vjp is its
upstream gradient: the two share a slot, and nothing is computed. The leaves always have a slot for their sum, so that
their gradients are next to each other.

`schedule` has four parts:

1. `find_runs`: the gates in the order of the program, and the row of each node in the array of values.
2. `order_edges`: the inputs of these gates in the order in which kernels read them.
3. `assign_slots`: the slot of each vjp, of each sum and of each node's gradient.
4. `write_instructions`: the table that the program executes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autograd.jit import compiled
from autograd.program.trace import Graph


class Schedule(NamedTuple):
    """The order of a program, without its kernels and numbers.

    Attributes
    ----------
    instructions : ndarray, shape (instructions, 7), int64
        One instruction per row; the columns are

        0. kernel: the gate as an index into `Graph.gates`, or `len(Graph.gates)` for the kernel of sums;
        1. rule: 0 for the value, 1 + i for the vjp of input i;
        2. where in `indices` the rows of the inputs begin; for sums, where the starts of their terms begin;
        3. where in `indices` the slots of the upstream gradients begin;
        4. how many gates, or sums;
        5. the row of the first gate's value;
        6. the first slot that is written.
    forward : int
        The number of instructions that compute the value; they come first.
    indices : ndarray, shape (indices,), int32
        Four lists, one after the other: the row of each input, the slot of each gate's upstream gradient, the start of
        each sum's terms in `indices` (and the end of the last), and the slots of the terms.
    rows : ndarray, shape (nodes,), int64
        The row of each node in the array of values; those of the leaves come first.
    slots : int
        The number of slots. Slot 0 is the root's gradient, which is 1; the last n are the gradients of the n leaves.
    """

    instructions: np.ndarray
    forward: int
    indices: np.ndarray
    rows: np.ndarray
    slots: int


def schedule(graph: Graph, passed_through: np.ndarray) -> Schedule:
    """Put a graph in order.

    Parameters
    ----------
    graph : Graph
        The traced graph.
    passed_through : ndarray, shape (kinds of gates, inputs), bool
        Whether the vjp of a gate's input is its upstream gradient, unchanged.

    Returns
    -------
    Schedule
        The instructions, and where they find their numbers.

    Examples
    --------
    The values of x, y, x · y, y · y and their sum are in rows 0 to 4. Forward, one instruction computes both products
    and one the sum. Backward, two instructions compute the vjps of the products, and one adds them up for x and y:

    >>> from autograd import Value
    >>> from autograd.program.kernels import passed_through
    >>> from autograd.program.trace import trace
    >>> x, y = Value(3.0), Value(4.0)
    >>> graph = trace(x * y + y * y, [x, y])
    >>> [gate.name for gate in graph.gates]
    ['mul', 'add']
    >>> plan = schedule(graph, passed_through(graph.gates))
    >>> print(plan.instructions)  # kernel, rule, inputs, upstreams, count, output, target
    [[0 0 0 0 2 2 0]
     [1 0 4 0 1 4 0]
     [0 1 0 6 2 2 1]
     [0 2 0 6 2 2 3]
     [2 0 9 0 2 0 5]]
    """
    runs = find_runs(graph)
    edges = order_edges(graph, runs, passed_through)
    slots = assign_slots(graph, runs, edges)
    return write_instructions(graph, runs, edges, slots)


class Runs(NamedTuple):
    """The gates that depend on the leaves, in the order of the program.

    Attributes
    ----------
    levels : ndarray, shape (nodes,), int64
        The level of each node: 0 for the leaves, −1 for nodes that do not depend on them.
    gates : ndarray, shape (gates,), int64
        The node of each gate that depends on the leaves, run by run.
    is_first : ndarray, shape (gates,), bool
        Whether a gate is the first of its run.
    run : ndarray, shape (gates,), int64
        The run of each gate.
    firsts : ndarray, shape (runs,), int64
        The first gate of each run, as an index into `gates`.
    counts : ndarray, shape (runs,), int64
        The number of gates in each run.
    rows : ndarray, shape (nodes,), int64
        The row of each node in the array of values: the leaves, then the nodes that do not depend on them, then the
        gates.
    """

    levels: np.ndarray
    gates: np.ndarray
    is_first: np.ndarray
    run: np.ndarray
    firsts: np.ndarray
    counts: np.ndarray
    rows: np.ndarray


def find_runs(graph: Graph) -> Runs:
    """Group the gates that depend on the leaves by level, kind, and which of their inputs depend on the leaves.

    Parameters
    ----------
    graph : Graph
        The traced graph.

    Returns
    -------
    Runs
        The gates, run by run.
    """
    levels, dependent = _levels(graph.starts, graph.inputs, graph.leaves)
    gates = np.flatnonzero(levels > 0)
    gates = gates[np.lexsort((dependent[gates], graph.kinds[gates], levels[gates]))]
    keys = np.stack([levels[gates], graph.kinds[gates], dependent[gates]])
    is_first = np.append(True, np.any(keys[:, 1:] != keys[:, :-1], axis=0))[: len(gates)]
    firsts = np.flatnonzero(is_first)
    by_row = np.concatenate([graph.leaves, np.flatnonzero(levels < 0), gates])
    rows = np.empty(len(levels), np.int64)
    rows[by_row] = np.arange(len(by_row))
    counts = np.diff(firsts, append=len(gates))
    return Runs(levels, gates, is_first, np.cumsum(is_first) - 1, firsts, counts, rows)


class Edges(NamedTuple):
    """The edges (a gate and one of its inputs) of `Runs.gates`: run by run, then input by input, then gate by gate.

    Attributes
    ----------
    gates : ndarray, shape (edges,), int64
        The gate of each edge, as an index into `Runs.gates`.
    positions : ndarray, shape (edges,), int64
        Which of the gate's inputs it is.
    numbers : ndarray, shape (edges,), int64
        The same edge as an index into `Graph.inputs`.
    starts : ndarray, shape (runs,), int64
        The first edge of each run.
    computed : ndarray, shape (edges,), bool
        Whether the vjp of the edge is computed: its input depends on the leaves, and the gate does not pass its
        upstream gradient through.
    """

    gates: np.ndarray
    positions: np.ndarray
    numbers: np.ndarray
    starts: np.ndarray
    computed: np.ndarray


def order_edges(graph: Graph, runs: Runs, passed_through: np.ndarray) -> Edges:
    """List the edges of the program's gates in the order in which kernels read them.

    Parameters
    ----------
    graph : Graph
        The traced graph.
    runs : Runs
        Its gates in the order of the program.
    passed_through : ndarray, shape (kinds of gates, inputs), bool
        Whether the vjp of a gate's input is its upstream gradient, unchanged.

    Returns
    -------
    Edges
        The edges, so that a run's inputs of one position are next to each other.
    """
    arity = np.diff(graph.starts)[runs.gates]
    gates = np.repeat(np.arange(len(arity)), arity)  # at first gate by gate
    positions = np.arange(len(gates)) - np.repeat(np.cumsum(arity) - arity, arity)
    sizes = runs.counts * arity[runs.firsts]
    starts = np.cumsum(sizes) - sizes
    run = runs.run[gates]
    order = np.empty_like(gates)
    order[starts[run] + positions * runs.counts[run] + gates - runs.firsts[run]] = np.arange(len(gates))
    gates, positions = gates[order], positions[order]
    nodes = runs.gates[gates]
    numbers = graph.starts[nodes] + positions
    computed = (runs.levels[graph.inputs[numbers]] >= 0) & ~passed_through[graph.kinds[nodes], positions]
    return Edges(gates, positions, numbers, starts, computed)


class Slots(NamedTuple):
    """The slots of gradients: slot 0 for the root's, then those of the computed vjps, then those of the sums.

    Attributes
    ----------
    vjps : ndarray, shape (edges of the graph,), int64
        The slot of the vjp of each edge in `Graph.inputs`; 0 if the edge has none of its own.
    gradients : ndarray, shape (nodes,), int64
        The slot of each node's gradient.
    sums : ndarray, shape (sums,), int64
        The nodes whose gradient is a sum: gates with several vjps, by level, and then all leaves.
    first_sum : int
        The slot of the first sum; the other sums follow in order.
    ends : ndarray, shape (sums,), int64
        Where in `terms` the terms of each sum end.
    terms : ndarray, shape (terms,), int64
        The slots of the terms, sum by sum, in the order in which `backward()` adds them.
    """

    vjps: np.ndarray
    gradients: np.ndarray
    sums: np.ndarray
    first_sum: int
    ends: np.ndarray
    terms: np.ndarray


def assign_slots(graph: Graph, runs: Runs, edges: Edges) -> Slots:
    """Give every gradient a slot, and list the terms of each sum in the order of `backward()`.

    Parameters
    ----------
    graph : Graph
        The traced graph.
    runs : Runs
        Its gates in the order of the program.
    edges : Edges
        The edges of these gates.

    Returns
    -------
    Slots
        The slot of every vjp, sum and gradient.
    """
    computed = edges.numbers[edges.computed]
    vjps = np.zeros(len(graph.inputs), np.int64)
    vjps[computed] = 1 + np.arange(len(computed))
    counts = np.bincount(graph.inputs[edges.numbers], minlength=len(graph.kinds))  # how many vjps each node gets
    counts[-1] += 1  # the root gets the 1 of slot 0
    sums = np.append(runs.gates[counts[runs.gates] > 1], graph.leaves)
    ends, first_sum = np.cumsum(counts[sums]), 1 + len(computed)
    gradients, terms = _walk_back(graph.starts, graph.inputs, runs.levels, vjps, sums, first_sum, ends)
    return Slots(vjps, gradients, sums, first_sum, ends, terms)


def write_instructions(graph: Graph, runs: Runs, edges: Edges, slots: Slots) -> Schedule:
    """Write the table of instructions.

    Forward, there is an instruction for each run. Backward, from the highest level down, there is one for the sums of
    each level, and then one for each run and each input whose vjp is computed.

    Parameters
    ----------
    graph : Graph
        The traced graph.
    runs : Runs
        Its gates in the order of the program.
    edges : Edges
        The edges of these gates.
    slots : Slots
        The slots of their gradients.

    Returns
    -------
    Schedule
        The program without its kernels and numbers.
    """
    rows, upstreams = runs.rows[graph.inputs[edges.numbers]], slots.gradients[runs.gates]
    at_upstreams = len(rows)  # where each list of `indices` begins; that of the rows begins at 0
    at_starts = at_upstreams + len(upstreams)
    at_terms = at_starts + len(slots.sums) + 1
    indices = np.concatenate([rows, upstreams, at_terms + np.append(0, slots.ends), slots.terms])

    first = runs.gates[runs.firsts]  # the node of each run's first gate
    kernels, outputs = graph.kinds[first], runs.rows[first]
    forward = _table(kernels, 0, edges.starts, 0, runs.counts, outputs, 0)

    pulls = np.flatnonzero(edges.computed & runs.is_first[edges.gates])  # one edge for each run and input
    run = runs.run[edges.gates[pulls]]
    rules, targets = 1 + edges.positions[pulls], slots.vjps[edges.numbers[pulls]]
    vjps = _table(
        kernels[run], rules, edges.starts[run], at_upstreams + runs.firsts[run], runs.counts[run], outputs[run], targets
    )

    levels = runs.levels[slots.sums]
    groups = np.flatnonzero(np.diff(levels, prepend=-1))  # the first sum of each level
    sizes = np.diff(groups, append=len(levels))
    sums = _table(len(graph.gates), 0, at_starts + groups, 0, sizes, 0, slots.first_sum + groups)

    by_level = np.argsort(-np.append(levels[groups], runs.levels[first[run]]), kind="stable")  # sums before vjps
    instructions = np.concatenate([forward, np.concatenate([sums, vjps])[by_level]])
    count = slots.first_sum + len(slots.sums)
    return Schedule(instructions, len(forward), indices.astype(np.int32), runs.rows, count)


def _table(*columns: np.ndarray | int) -> np.ndarray:
    """Columns side by side, numbers repeated: (rows, columns) int64."""
    return np.stack(np.broadcast_arrays(*columns), axis=1).astype(np.int64)


@compiled
def _levels(starts: np.ndarray, inputs: np.ndarray, leaves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The level of each node, and which of its inputs depend on the leaves, as the bits of a number: both (nodes,)."""
    levels, dependent = np.full(len(starts) - 1, -1), np.zeros(len(starts) - 1, np.int64)
    levels[leaves] = 0
    for node in range(len(levels)):
        for edge in range(starts[node], starts[node + 1]):
            if levels[inputs[edge]] >= 0:
                dependent[node] |= 1 << (edge - starts[node])
                levels[node] = max(levels[node], levels[inputs[edge]] + 1)
    return levels, dependent


@compiled
def _walk_back(
    starts: np.ndarray,
    inputs: np.ndarray,
    levels: np.ndarray,
    vjps: np.ndarray,
    sums: np.ndarray,
    first_sum: int,
    ends: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """`Slots.gradients` (nodes,) and `Slots.terms` (terms,), by a walk in the order of `backward()`."""
    gradients, terms = np.zeros(len(levels), np.int64), np.empty(ends[-1], np.int64)
    cursor = np.full(len(levels), -1)  # where a sum's next term goes; −1 for nodes without a sum
    for i, node in enumerate(sums):
        gradients[node], cursor[node] = first_sum + i, ends[i - 1] if i else 0
    if cursor[-1] >= 0:  # the root is itself a leaf: its first term is the 1 of slot 0
        terms[cursor[-1]] = 0
        cursor[-1] += 1
    for node in range(len(levels) - 1, -1, -1):
        for edge in range(starts[node], starts[node + 1]):
            to, vjp = inputs[edge], vjps[edge] or gradients[node]  # without a slot of its own: passed through
            if levels[to] < 0:
                continue
            if cursor[to] < 0:
                gradients[to] = vjp
            else:
                terms[cursor[to]] = vjp
                cursor[to] += 1
    return gradients, terms
