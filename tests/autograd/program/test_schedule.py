"""The schedule: its four parts, on a graph small enough to follow by hand."""

import numpy as np
import pytest

from autograd import Value
from autograd.program.kernels import passed_through
from autograd.program.schedule import assign_slots, find_runs, order_edges, schedule, write_instructions
from autograd.program.trace import trace


@pytest.fixture
def graph():
    """x·y + y·y + tanh(2): two products form a run, tanh(2) does not depend on the leaves, two sums follow."""
    x, y = Value(3.0), Value(4.0)
    return trace(x * y + y * y + Value(2.0).tanh(), [x, y])


def names(graph, nodes):
    return [graph.gates[kind].name for kind in graph.kinds[nodes]]


def test_runs(graph):
    runs = find_runs(graph)
    assert names(graph, runs.gates) == ["mul", "mul", "add", "add"]
    assert runs.levels[runs.gates].tolist() == [1, 1, 2, 3]
    assert runs.run.tolist() == [0, 0, 1, 2]
    assert runs.firsts.tolist() == [0, 2, 3]
    assert runs.counts.tolist() == [2, 1, 1]
    assert runs.rows[graph.leaves].tolist() == [0, 1]
    assert runs.rows[runs.gates].tolist() == [4, 5, 6, 7]  # after the constant 2 and its tanh
    assert sorted(runs.rows) == list(range(len(graph.kinds)))


def test_edges_are_listed_run_by_run_and_input_by_input(graph):
    runs = find_runs(graph)
    edges = order_edges(graph, runs, passed_through(graph.gates))
    assert edges.gates.tolist() == [0, 1, 0, 1, 2, 2, 3, 3]
    assert edges.positions.tolist() == [0, 0, 1, 1, 0, 1, 0, 1]
    assert edges.starts.tolist() == [0, 4, 6]
    assert edges.computed.tolist() == 4 * [True] + 4 * [False]  # a sum passes its upstream gradient through
    assert sorted(graph.data[graph.inputs[edges.numbers[:4]]]) == [3.0, 4.0, 4.0, 4.0]


def test_slots(graph):
    runs = find_runs(graph)
    edges = order_edges(graph, runs, passed_through(graph.gates))
    slots = assign_slots(graph, runs, edges)
    assert slots.vjps[edges.numbers].tolist() == [1, 2, 3, 4, 0, 0, 0, 0]
    assert slots.gradients[runs.gates].tolist() == [0, 0, 0, 0]  # all share the slot of the root
    assert slots.sums.tolist() == graph.leaves.tolist()
    assert slots.gradients[graph.leaves].tolist() == [5, 6]
    assert slots.first_sum == 5
    assert slots.ends.tolist() == [1, 4]
    assert sorted(slots.terms[1:]) == sorted({1, 2, 3, 4} - {slots.terms[0]})


def test_instructions(graph):
    through = passed_through(graph.gates)
    runs = find_runs(graph)
    edges = order_edges(graph, runs, through)
    plan = write_instructions(graph, runs, edges, assign_slots(graph, runs, edges))
    assert plan.forward == 3
    assert plan.slots == 7
    assert plan.instructions[:3, 4].tolist() == [2, 1, 1]  # gates
    assert plan.instructions[:3, 5].tolist() == [4, 6, 7]  # rows of their values
    backward = plan.instructions[3:]
    assert backward[:, 1].tolist() == [1, 2, 0]  # the vjps of both inputs of the products, then the sums of the leaves
    assert backward[:, 6].tolist() == [1, 3, 5]  # the slots that they write
    assert backward[-1, 0] == len(graph.gates)
    whole = schedule(graph, through)
    np.testing.assert_array_equal(whole.instructions, plan.instructions)
    np.testing.assert_array_equal(whole.indices, plan.indices)
