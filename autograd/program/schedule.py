"""The order of a program: a recorded graph as steps, each of which is a kernel over a run of gates of one kind.

What a gate waits for is at a lower level than it, so all gates of a level could go at once, and those of one kind at
one level are a run. Forward, the levels go up; backward they go down, as what arrives at a node comes from above.

What a gate passes down to an input has a slot. Where several arrive at a node, they are added up in the order in which
`backward()` adds them, into a slot of the node's own: so the sum is the same to the last bit. Where one arrives, its
slot is the node's, and what a gate passes on unchanged, as a sum does, has the gate's: there is nothing to compute.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autograd.jit import compiled


class Graph(NamedTuple):
    """A graph in arrays; its nodes are numbered so that inputs come before what uses them, and the root is the last.

    kinds    (nodes,): the kind of gate that made each, −1 of leaves and constants
    begins   (nodes + 1,): the inputs of node i are sources[begins[i] : begins[i + 1]]
    sources  (edges,): nodes
    named    (inputs,): the leaves whose numbers may change
    """

    kinds: np.ndarray
    begins: np.ndarray
    sources: np.ndarray
    named: np.ndarray


class Schedule(NamedTuple):
    """A program without its kernels and numbers.

    steps     (steps, 7): kernel (a kind of gate, or for sums the one after the last), which of its rules, where in pool
              its operands and its upstream slots begin, how many gates, where in values the first of them stands, and
              the first slot that is written
    forward   how many of the steps compute the value
    pool      places in values, and slots
    places    (nodes,): where each node's number stands in values, that of the named ones first
    slots     how many there are; the last are the gradients of the named ones, the first is the root's, which is 1
    """

    steps: np.ndarray
    forward: int
    pool: np.ndarray
    places: np.ndarray
    slots: int


def schedule(graph: Graph, passes: np.ndarray) -> Schedule:
    """Put a graph in order; passes (kinds, inputs) says where a gate passes on to an input just what arrives."""
    kinds, begins, sources, named = graph
    levels, chosen = _levels(begins, sources, named)

    # The gates that depend on the named leaves, in order, and the runs that they make
    order = np.flatnonzero(levels > 0)
    order = order[np.lexsort((chosen[order], kinds[order], levels[order]))]
    keys = np.stack([levels[order], kinds[order], chosen[order]])
    leads = np.append(True, np.any(keys[:, 1:] != keys[:, :-1], axis=0))[: len(order)]  # is a gate the first of a run?
    run, firsts = np.cumsum(leads) - 1, np.flatnonzero(leads)
    counts = np.diff(firsts, append=len(order))
    standing = np.concatenate([named, np.flatnonzero(levels < 0), order])
    places = np.empty(len(kinds), np.int64)
    places[standing] = np.arange(len(standing))

    # Their edges, in the order of the operands in pool: run by run, there input by input, there gate by gate
    inputs = np.diff(begins)[order]
    gate = np.repeat(np.arange(len(order)), inputs)
    position = np.arange(len(gate)) - np.repeat(np.cumsum(inputs) - inputs, inputs)
    operands = np.cumsum(counts * inputs[firsts]) - counts * inputs[firsts]  # where those of each run begin
    by_run = np.empty_like(gate)
    by_run[operands[run[gate]] + position * counts[run[gate]] + gate - firsts[run[gate]]] = np.arange(len(gate))
    gate, position = gate[by_run], position[by_run]
    edge = begins[order[gate]] + position
    owns = (levels[sources[edge]] >= 0) & ~passes[kinds[order[gate]], position]
    own = np.zeros(len(sources), np.int64)  # the slot of each edge that has one
    own[edge[owns]] = 1 + np.arange(np.count_nonzero(owns))

    # The nodes that add up what arrives: gates at which several numbers do, by level, and the named leaves
    arrivals = np.bincount(sources[edge], minlength=len(kinds))
    arrivals[-1] += 1
    adding = np.append(order[arrivals[order] > 1], named)
    ends = np.cumsum(arrivals[adding])
    sums = 1 + np.count_nonzero(owns) + np.arange(len(adding))
    slot, arriving = _slots(begins, sources, levels, own, adding, sums, ends)

    # Forward, a step for each run; backward, for each level one that adds, then one for each input that has slots
    upstreams = len(edge)
    totals = upstreams + len(order)  # where in pool the sums stand: first where the terms of each begin
    terms = totals + len(adding) + 1 + np.append(0, ends)
    pool = np.concatenate([places[sources[edge]], slot[order], terms, arriving]).astype(np.int32)
    first = order[firsts]
    forward = _table(kinds[first], 0, operands, 0, counts, places[first], 0)
    pulls = np.flatnonzero(owns & leads[gate])
    of = run[gate[pulls]]
    passing = _table(
        kinds[first[of]], 1 + position[pulls], operands[of], upstreams + firsts[of], counts[of], places[first[of]],
        own[edge[pulls]],
    )  # fmt: skip
    groups = np.flatnonzero(np.diff(levels[adding], prepend=-1))
    sizes = np.diff(groups, append=len(adding))
    summing = _table(len(passes), 0, totals + groups, 0, sizes, 0, sums[groups])
    level = np.append(levels[adding[groups]], levels[first[of]])
    backward = np.concatenate([summing, passing])[np.argsort(-level, kind="stable")]
    return Schedule(np.concatenate([forward, backward]), len(forward), pool, places, int(sums[-1]) + 1)


def _table(*columns: np.ndarray | int) -> np.ndarray:
    return np.stack(np.broadcast_arrays(*columns), axis=1).astype(np.int64)


@compiled
def _levels(begins: np.ndarray, sources: np.ndarray, named: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The level of each node, 0 of the named leaves, −1 of what does not depend on them; and which of its inputs do, as
    the bits of a number.
    """
    levels, chosen = np.full(len(begins) - 1, -1), np.zeros(len(begins) - 1, np.int64)
    levels[named] = 0
    for node in range(len(levels)):
        for k in range(begins[node], begins[node + 1]):
            if levels[sources[k]] >= 0:
                chosen[node] |= 1 << (k - begins[node])
                levels[node] = max(levels[node], levels[sources[k]] + 1)
    return levels, chosen


@compiled
def _slots(
    begins: np.ndarray,
    sources: np.ndarray,
    levels: np.ndarray,
    own: np.ndarray,
    adding: np.ndarray,
    sums: np.ndarray,
    ends: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The slot of each node's gradient, and the slots that arrive at the nodes that add, in the order of a walk."""
    slot, arriving = np.zeros(len(levels), np.int64), np.empty(ends[-1], np.int64)
    cursor = np.full(len(levels), -1)
    for i, node in enumerate(adding):
        slot[node], cursor[node] = sums[i], ends[i - 1] if i else 0
    if cursor[-1] >= 0:  # the root is a named leaf, at which its own 1 arrives
        arriving[cursor[-1]] = 0
        cursor[-1] += 1
    for node in range(len(levels) - 1, -1, -1):
        for k in range(begins[node], begins[node + 1]):
            source, passed = sources[k], own[k] or slot[node]
            if levels[source] < 0:
                continue
            if cursor[source] < 0:
                slot[source] = passed
            else:
                arriving[cursor[source]] = passed
                cursor[source] += 1
    return slot, arriving
