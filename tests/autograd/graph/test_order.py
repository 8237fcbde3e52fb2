"""The topological order of a graph, and the two slots that hold a node's inputs."""

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.graph import order
from autograd.graph.node import Constant


def test_branches_that_join_again_take_linear_time():
    x = y = Value(1.0)
    for _ in range(200):  # 2^200 paths
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad == 1.0
    assert len(order.topological_order(y)) == 601


def test_topological_order_puts_a_node_before_its_inputs():
    a = Value(1.0)
    b = a.exp()
    c = a * b
    assert order.topological_order(c) == [c, b, a]


def test_inputs_first_is_the_reverse():
    x = Value(2.0)
    y = x.exp() * x + x.sin()
    assert order.inputs_first(y) == order.topological_order(y)[::-1]
    position = {node: i for i, node in enumerate(order.inputs_first(y))}
    assert all(position[x] < position[node] for node in position for x in node.inputs if x in position)


def test_untracked_nodes_are_included_on_request():
    x, plain = Tensor([1.0], requires_grad=True), Tensor([2.0])
    out = x * plain + 3.0
    tracked, every = order.inputs_first(out), order.inputs_first(out, untracked=True)
    assert (len(tracked), len(every)) == (3, 5)
    assert not any(node is plain for node in tracked)  # by identity, as `==` compares elements
    assert any(node is plain for node in every)
    assert any(isinstance(node, Constant) for node in every)


def test_until_leaves_out_what_is_before_a_node():
    x = Value(2.0)
    inner = x.exp()
    out = inner.sin() + inner
    assert x not in order.topological_order(out, until=[inner])
    assert order.topological_order(out, until=[inner])[-1] is inner
    assert order.topological_order(inner, until=[inner]) == [inner]


def test_visit_continues_where_another_visit_ended():
    x = Value(2.0)
    y, z = x.exp(), x.sin()
    visited = {}
    order.visit([y], visited)
    order.visit([z, y], visited)
    assert list(visited) == [x, y, z]
    assert set(visited.values()) == {0.0}


@pytest.mark.parametrize("count", range(5))
def test_inputs_are_kept_in_two_slots(count):
    """One or two inputs need no tuple; more are one tuple in the first slot."""
    node, inputs = order.HasInputs(), tuple(Value(float(i)) for i in range(count))
    node.inputs = inputs
    assert node.inputs == inputs
    assert (node._x, node._y) == {
        0: (None, None), 1: (*inputs, None), 2: inputs,
    }.get(count, (inputs, None))  # fmt: skip
    if count:
        names = [f"x{i}" for i in range(count)]
        assert eval(order.slots(names), dict(zip(names, inputs, strict=True))) == (node._x, node._y)


def test_a_gate_with_many_inputs():
    inputs = [Tensor([float(i)], requires_grad=True) for i in range(4)]
    out = np.concatenate([*inputs, inputs[0] * 2.0])
    listed = order.inputs_first(out)
    assert listed[-1] is out
    assert len(listed) == 6
    assert all(any(node is x for node in listed) for x in inputs)
