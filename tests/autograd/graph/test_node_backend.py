"""The back end of nodes: functions record their gates, and give plain results for plain inputs."""

import math

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.gates import GATES
from autograd.gates.backends import arrays, floats
from autograd.graph import node_backend
from autograd.graph.node_backend import times, where

BINARY = {"arctan2", "divide", "floor_divide", "hypot", "logaddexp", "maximum", "minimum", "power", "remainder"}
RECORDED = sorted(set(arrays.__all__) - {"equal", "flat", "holds", "ratio", "step", "where"})


@pytest.mark.parametrize("name", RECORDED)
def test_a_function_of_nodes_records_its_gate(name):
    plain = (1.5, 2.5) if name in BINARY else (1.5 if name == "arccosh" else 0.5,)
    x = Value(plain[0])
    out = getattr(node_backend, name)(x, *plain[1:])
    assert out.inputs[0] is x
    assert name in (out.gate.name, *out.gate.ufuncs)
    assert out.data == getattr(floats, name)(*plain)
    t = Tensor([plain[0]] * 2, requires_grad=True)
    np.testing.assert_allclose(getattr(node_backend, name)(t, *plain[1:]).data, [out.data] * 2, rtol=1e-14)


def test_a_function_of_plain_inputs_gives_a_plain_result():
    """The logarithm of a constant base in the gradient of `pow`."""
    assert type(node_backend.log(2.0)) is float
    assert math.isinf(node_backend.log(0.0))
    assert type(node_backend.log(np.array([1.0, 2.0]))) is np.ndarray


def test_piecewise_constant_functions_give_plain_data():
    x, t = Value(2.0), Tensor([2.0, 3.0], requires_grad=True)
    assert node_backend.equal(x, 2.0) is True
    assert node_backend.step(x, 2.0, 0.5) == 0.5
    assert node_backend.holds(node_backend.equal(x, 1.0)) == 0.0
    found = node_backend.step(t, 2.5, 0.5)
    assert type(found) is np.ndarray
    assert found.tolist() == [0.0, 1.0]


def test_where_by_a_single_bool_records_no_gate():
    x, y = Value(2.0), Value(3.0)
    assert where(True, x, y) is x
    assert where(False, x, y) is y
    t = Tensor([1.0, 2.0], requires_grad=True)
    assert where(False, 0.0, t) is t
    filled = where(True, 0.0, t)  # as `t` is an array, so is what replaces it
    assert type(filled) is np.ndarray
    assert filled.tolist() == [0.0, 0.0]


def test_where_by_an_array():
    t = Tensor([1.0, 2.0], requires_grad=True)
    assert where(np.array([False, False]), 0.0, t) is t
    out = where(np.array([True, False]), 0.0, t)
    assert out.gate is GATES["where"]
    assert out.data.tolist() == [0.0, 2.0]
    wider = where(np.zeros((3, 2), bool), 0.0, t)  # `y` alone would lack an axis
    assert wider.shape == (3, 2)
    assert type(where(np.array([True, False]), 1.0, 0.0)) is np.ndarray


def test_times_leaves_out_a_factor_of_1():
    x, t = Value(2.0), Tensor([2.0], requires_grad=True)
    assert times(1.0, x) is x
    assert times(x, 1.0) is x
    assert times(x, x).gate is GATES["mul"]
    assert times(1.0, t).gate is GATES["mul"]  # a factor may broadcast the upstream gradient


def test_rules_on_nodes_can_be_differentiated():
    rules = GATES["tanh"].on(node_backend)
    x = Value(0.3)
    out = rules.forward(x)
    local = rules.local_gradients[0](out, x)
    local.backward()
    assert local.data == 1.0 - math.tanh(0.3) ** 2
    assert x.grad == pytest.approx(-2.0 * math.tanh(0.3) * (1.0 - math.tanh(0.3) ** 2), rel=1e-14)
