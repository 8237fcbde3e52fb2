"""Nodes: identity, operators, and the methods that the table of gates gives them."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Tensor, Value, maximum, minimum
from autograd.gates import GATES


def test_equality_is_identity_and_order_is_of_data():
    a, b = Value(1.0), Value(1.0)
    assert a != b
    assert len({a, b, a}) == 2
    assert a <= b and a >= b and not a < b and a < 2 and a < 2  # noqa: PT018
    t = Tensor([1.0, 3.0])
    assert (t > 2).tolist() == [False, True]
    assert (np.array([2.0, 2.0]) < t).tolist() == [False, True]


def test_every_gate_is_a_method_of_both_kinds():
    for name, gate in GATES.items():
        for kind in (Value, Tensor):
            assert callable(getattr(kind, name, None)) == gate.method, name
            if gate.operator:
                assert callable(getattr(kind, f"__{gate.operator}__"))


def test_reflected_operators_keep_the_order():
    x = Value(2.0)
    assert [(3 - x).data, (3 / x).data, (3**x).data, (3 + x).data, (3 * x).data] == [1.0, 1.5, 9.0, 5.0, 6.0]
    t = Tensor([2.0])
    assert [(3 - t).item(), (3 / t).item(), (3**t).item()] == [1.0, 1.5, 9.0]
    assert (1 / x).gate is GATES["reciprocal"]
    assert (2 / x).gate is GATES["div"]
    assert (1 / t).data.tolist() == [0.5]


def test_in_place_operators_make_new_nodes():
    x = y = Value(2.0)
    y += 1
    y *= 2
    y.backward()
    assert (x.data, y.data, x.grad) == (2.0, 6.0, 2.0)


def test_maximum_accepts_numbers_on_either_side():
    x = Value(2.0)
    assert maximum(3, x).data == 3.0
    assert maximum(x, 1).data == 2.0
    assert minimum(3, x).data == 2.0
    assert maximum(np.array([1.0, 5.0]), Tensor([2.0, 2.0])).data.tolist() == [2.0, 5.0]
    with pytest.raises(TypeError, match="make one of them a Value or a Tensor"):
        maximum(1, 2)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_a_copy_of_a_graph_is_independent(duplicate):
    for x in (Value(2.0, label="x"), Tensor([2.0, 3.0], requires_grad=True, label="x")):
        y = (x * x + 1).exp() if isinstance(x, Value) else (x * x + 1).sum()
        again = duplicate(y)
        again.backward()
        assert again.gate is y.gate
        leaf = again
        while leaf.gate:
            leaf = leaf.inputs[0]
        assert leaf.label == "x"
        assert np.all(leaf.grad != 0)
        assert x.grad == x.initial_gradient  # None for a Tensor, 0.0 for a Value


def test_conversions_and_unary_operators():
    x = Value(-2.0)
    assert +x is x
    assert abs(x).data == 2.0
    assert float(x) == -2.0
    assert x.item() == -2.0
    assert Tensor([[4.0]]).item() == 4.0


def test_refuses_other_things_as_inputs():
    for call in (lambda: maximum(Value(1.0), [1, 2]), lambda: minimum(Tensor([1.0]), None)):
        with pytest.raises(TypeError, match=r"gate '(max|min)imum' of a \w+ expected nodes of its own kind"):
            call()
