"""What a gate is: the contract of its rules, their binding to back ends, and how a gate enters and leaves the table."""

import math
import pickle
from types import FunctionType

import numpy as np
import pytest

from autograd import Tensor, Value, gates, gradcheck
from autograd.gates import GATES, gate, remove_gate
from autograd.gates.backends import arrays, floats, formulas
from autograd.gates.gate import BY_UFUNC, Gate, bind
from autograd.graph.node import apply


def half(**options):
    """A gate that is in no table."""
    return Gate("half", "½", lambda x: 0.5 * x, lambda out, x: 0.5, samples=[(1.0,)], **options)


# The table


def test_a_new_gate_works_at_once():
    rule = lambda x: xp.divide(x, 1.0 + xp.abs(x))  # noqa: F821
    local = lambda out, x: xp.divide(1.0, (1.0 + xp.abs(x)) * (1.0 + xp.abs(x)))  # noqa: F821
    try:
        entry = gate("softsign", "softsign", rule, local, samples=[(0.4,)])
        assert GATES["softsign"] is entry
        x = Value(-3.0)
        y = x.softsign()
        y.backward()
        assert (y.data, x.grad) == (-0.75, 1 / 16)
        assert gradcheck(lambda t: t.softsign(), np.array([[0.5, -2.0]]))
    finally:
        remove_gate("softsign")


def test_a_removed_gate_is_gone_except_from_graphs():
    entry = gate("halved", "½", lambda x: 0.5 * x, lambda out, x: 0.5, samples=[(1.0,)], ufunc=("halve", "halfway"))
    assert BY_UFUNC["halve"] is BY_UFUNC["halfway"] is entry
    x = Value(3.0)
    y, pickled = x.halved(), pickle.dumps(x.halved())
    assert pickle.loads(pickled).gate is entry
    remove_gate("halved")
    assert "halved" not in GATES
    assert not {"halve", "halfway"} & BY_UFUNC.keys()
    assert not hasattr(Value, "halved")
    assert not hasattr(Tensor, "halved")
    y.backward()
    assert x.grad == 0.5
    with pytest.raises(LookupError, match="has a gate 'halved', which is not in the table"):
        pickle.loads(pickled)


def test_refuses_names_that_are_taken():
    with pytest.raises(ValueError, match="has a gate or a method of that name"):
        gate("add", "+", lambda x: x, lambda out, x: 1.0, samples=[])
    with pytest.raises(ValueError, match="Tensor has a gate or a method of that name"):
        gate("sum", "Σ", lambda x: x, lambda out, x: 1.0, samples=[])
    with pytest.raises(ValueError, match="'exp', as the table has a gate"):
        gate("exponential", "exp", lambda x: x, lambda out, x: 1.0, samples=[], ufunc="exp")
    assert not hasattr(Value, "sum")


@pytest.mark.parametrize("name", ["we/ird", 'a"', "", "2x"])
def test_refuses_names_that_no_method_can_have(name):
    with pytest.raises(ValueError, match="no name of a method"):
        gate(name, "?", lambda x: x, lambda out, x: 1.0, samples=[])


# The contract of rules


def test_refuses_rules_that_break_the_contract():
    factor = 2.0
    with pytest.raises(TypeError, match=r"has 2 inputs, got 1 local gradients"):
        gate("half", "½", lambda x, y: x, lambda out, x, y: 1.0, samples=[])
    with pytest.raises(TypeError, match=r"names \['np'\]"):
        gate("half", "½", lambda x: np.exp(x), lambda out, x: 1.0, samples=[])
    with pytest.raises(TypeError, match="factor"):
        gate("half", "½", lambda x: x * factor, lambda out, x: 2.0, samples=[])
    with pytest.raises(TypeError, match="expected rules that are Python functions of a line or two"):
        gate("half", "½", np.exp, np.exp, samples=[])
    assert "half" not in GATES


def test_bind_makes_the_same_code_a_function_over_another_back_end():
    rule = lambda x, slope=2.0: xp.exp(x) * slope  # noqa: F821
    on_floats, on_arrays, as_text = (bind(rule, backend, "name") for backend in (floats, arrays, formulas))
    assert on_floats.__code__ is on_arrays.__code__ is rule.__code__
    assert on_floats(0.0) == 2.0
    assert on_arrays(np.zeros(2), 3.0).tolist() == [3.0, 3.0]
    assert str(as_text("x", formulas.symbol("a"))) == "exp(x) · a"


def test_rules_are_bound_once_for_each_back_end():
    entry = half()
    assert entry.on(floats) is entry.floats
    assert entry.on(arrays) is entry.arrays
    assert entry.on(formulas) is entry.on(formulas)
    assert isinstance(entry.floats.forward, FunctionType)


# What a gate knows


def test_attributes():
    mul, leaky_relu = GATES["mul"], GATES["leaky_relu"]
    assert (mul.name, mul.symbol, mul.arguments, mul.arity, mul.operator) == ("mul", "×", ("x", "y"), 2, "mul")
    assert mul.argument(1) == "y"
    assert mul.ufuncs == ("multiply",)
    assert (leaky_relu.arguments, leaky_relu.defaults) == (("x", "slope"), (0.01,))
    assert half().ufuncs == ("half",)
    assert repr(gates.GATES["mul"]) == "<gate mul ×>"


def test_local_gradients_of_numbers_and_arrays():
    tanh = GATES["tanh"]
    assert tanh.local_gradient(0, 0.5, 7.0) == 0.75
    assert tanh.local_gradient(0, np.array([0.5, 0.0]), np.array([7.0, 0.0])).tolist() == [0.75, 1.0]
    assert GATES["reciprocal"].local_gradient(0, math.inf, 0.0) == -math.inf  # silently


def test_vjp_is_local_gradient_times_upstream_gradient():
    x, y, upstream = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([10.0, 100.0])
    assert GATES["mul"].vjp(0)(upstream, x * y, x, y).tolist() == [30.0, 400.0]
    assert GATES["mul"].vjp(1)(upstream, x * y, x, y).tolist() == [10.0, 200.0]


@pytest.mark.parametrize("upstream", [math.inf, -math.inf, math.nan])
def test_an_input_that_was_not_chosen_gets_0_whatever_the_upstream_gradient(upstream):
    maximum = GATES["maximum"]
    assert maximum.selects
    x, y = np.array([1.0, 4.0]), np.array([2.0, 3.0])
    with np.errstate(invalid="ignore"):  # as the walk does
        found = maximum.vjp(0)(np.full(2, upstream), np.maximum(x, y), x, y)
    np.testing.assert_array_equal(found, [0.0, upstream])
    assert maximum.floats.downstream(0.0, upstream) == 0.0
    np.testing.assert_array_equal(maximum.floats.downstream(1.0, upstream), upstream)
    assert math.isnan(GATES["mul"].floats.downstream(0.0, upstream))  # a product that does not select


def test_kinks():
    assert GATES["relu"].kink(np.array([-2.0, 0.0])).tolist() == [-2.0, 0.0]
    assert GATES["mul"].kink(np.array([1.0]), np.array([2.0])) is None
    assert half(kink=lambda x: x - 1.0).kink(np.array([1.0])).tolist() == [0.0]


def test_a_gate_outside_the_table_can_be_recorded():
    x = Value(3.0)
    y = apply(half(), x)
    y.backward()
    assert (y.data, x.grad) == (1.5, 0.5)
