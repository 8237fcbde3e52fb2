"""Hooks see a gradient when it is complete, may replace it, and can be removed."""

import gc

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.graph import hooks


def test_a_hook_sees_the_complete_gradient_of_leaves_and_inner_nodes():
    seen = {}
    x = Value(3.0)
    y = x * x
    z = y + y
    for name, node in (("x", x), ("y", y), ("z", z)):
        node.register_hook(lambda gradient, name=name: seen.update({name: gradient}))
    z.backward()
    assert seen == {"z": 1.0, "y": 2.0, "x": 12.0}


def test_what_a_hook_returns_replaces_the_gradient():
    t = Tensor([3.0, 4.0], requires_grad=True)
    inner = t * 2
    hook = inner.register_hook(lambda gradient: np.clip(gradient, -1, 1))
    (inner * 10).sum().backward()
    assert t.grad.tolist() == [2.0, 2.0]
    hook.remove()
    hook.remove()
    t.zero_grad()
    (inner * 10).sum().backward()
    assert t.grad.tolist() == [20.0, 20.0]


def test_a_hook_on_a_recorded_gradient_sees_a_node():
    x, seen = Value(3.0), []
    x.register_hook(seen.append)
    (x * x * x).backward(create_graph=True)
    (gradient,) = seen
    x.zero_grad()
    gradient.backward()
    assert x.grad == 18.0


def test_a_replacement_of_another_shape_is_refused():
    t = Tensor([3.0, 4.0], requires_grad=True)
    t.register_hook(lambda gradient: gradient.sum())
    with pytest.raises(ValueError, match=r"of the node's shape \(2,\).* got float64"):
        t.sum().backward()
    assert t.grad is None


def test_a_hook_does_not_outlive_its_node():
    before = len(hooks.hooks)
    x = Value(1.0)
    x.register_hook(print)
    assert len(hooks.hooks) == before + 1
    del x
    gc.collect()
    assert len(hooks.hooks) == before


def test_a_hook_on_the_input_of_a_block_runs_once_when_the_walk_is_recorded():
    x, seen = Tensor([1.0, 2.0], requires_grad=True), []
    y = x * 1.0
    y.register_hook(seen.append)
    y.logsumexp().backward(create_graph=True)
    assert len(seen) == 1


@pytest.mark.parametrize("node", [Value(3.0), Tensor([3.0], requires_grad=True)])
def test_hooks_of_one_node_run_in_the_order_of_registration(node):
    for number in range(4):  # each appends a digit
        node.register_hook(lambda gradient, number=number: 10 * gradient + number)
    (node * 1.0).backward()
    assert np.sum(node.grad) == 10123
