"""Value: construction, repr, detaching, and what it refuses."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.gates.arrays import MATMUL
from autograd.graph.node import apply


@pytest.mark.parametrize("number", [2, 2.0, True, np.float32(2), np.int8(2), np.array(2.0), Fraction(4, 2)])
def test_accepts_any_single_real_number(number):
    value = Value(number)
    assert type(value.data) is float
    assert value.data == float(number)
    assert type((Value(1.0) * number).data) is float


@pytest.mark.parametrize("thing", [np.array([1.0]), [1.0], "1", None, 1j, np.array(1j), {}])
def test_refuses_everything_else(thing):
    with pytest.raises(TypeError, match="expected one real number"):
        Value(thing)


def test_grad_is_zero_before_backward_and_after_zero_grad():
    x = Value(2.0)
    assert x.grad == 0.0
    (x * x).backward()
    x.zero_grad()
    assert x.grad == 0.0


def test_the_upstream_gradient_scales_all_gradients():
    x = Value(3.0)
    (x * x).backward(0.5)
    assert x.grad == 3.0


def test_no_gradient_flows_through_detach():
    x = Value(2.0, label="x")
    y = x * x.detach()
    y.backward()
    assert x.grad == 2.0
    assert x.detach().label == "x"


def test_repr():
    x = Value(2.0, label="x")
    (x * 3).backward()
    assert repr(x) == "Value(2.0, label='x', grad=3.0)"
    assert repr((x * 3).inputs[1]) == "Constant(3.0)"


def test_refuses_inputs_of_different_kinds():
    with pytest.raises(TypeError, match=r"Value and a Tensor cannot meet.*Tensor\(value.data\)"):
        Value(1.0) + Tensor([1.0])
    with pytest.raises(TypeError, match=r"Value and a Tensor cannot meet"):
        Tensor([1.0]) + Value(1.0)
    with pytest.raises(TypeError, match="gate 'matmul' is a gate over arrays, got Values"):
        apply(MATMUL, Value(1.0), Value(2.0))
    with pytest.raises(TypeError, match="expected one real number"):
        Value(1.0) * 1j
    with pytest.raises(TypeError, match="real floats in a regular shape, got"):
        Tensor([1.0]) * 1j
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) + "1"
    with pytest.raises(TypeError, match="gate 'add' of a Value expected"):
        Value(1.0).add("1")


def test_numpy_scalars_record_on_either_side():
    x = Value(3.0)
    y = np.float64(2) * x
    y.backward()
    assert isinstance(y, Value)
    assert x.grad == 2.0


def test_numpys_functions_record_gates():
    x = Value(0.5)
    y = np.exp(x) + np.maximum(0.25, x) + np.tanh(x) * np.int64(2)
    y.backward()
    assert isinstance(y, Value)
    assert x.grad == pytest.approx(np.exp(0.5) + 1 + 2 * (1 - np.tanh(0.5) ** 2))
    for call in (lambda: np.spacing(x), lambda: np.add.reduce(x), lambda: np.exp(x, dtype=float), lambda: np.sum(x)):
        with pytest.raises(TypeError, match=r"np.\w+ of a Value has no gate for"):
            call()


def test_formats_and_truth_are_those_of_the_number():
    assert f"{Value(2.25):.1f} {Value(2.0):5.1f} {Tensor([3.0]):.3f}" == "2.2   2.0 3.000"
    assert f"{Value(2.0)}" == repr(Value(2.0))
    assert not Value(0.0)
    assert Value(-1.0)


def test_methods_have_a_name_and_a_docstring():
    assert (Value.sigmoid.__name__, Value.sigmoid.__doc__) == ("sigmoid", "Record the gate sigmoid (σ).")
    with pytest.raises(TypeError):
        Value(1.0).relu(3)


def test_numpy_scalars_compare_on_either_side():
    assert np.float64(1.0) < Value(2.0)
    assert not np.float32(3.0) <= Value(2.0)
    assert Value(2.0) > np.float64(1.0)
    assert np.isfinite(Value(2.0))


def test_with_an_array_gives_an_array_of_values():
    x, array = Value(3.0), np.array([[1.0, 2.0]])
    for out in (array * x, x * array, np.multiply(x, array)):
        assert out.shape == (1, 2)
        assert [type(value) for value in out.flat] == [Value, Value]
        assert [value.data for value in out.flat] == [3.0, 6.0]
    total = (np.exp(array * x) + np.where(array > 1, x, 0.0)).sum()
    total.backward()
    assert x.grad == pytest.approx(np.exp(3) + 2 * np.exp(6) + 1)
    assert (array < x).all()
    assert np.clip(array, 0.0, x)[0, 0].inputs[2] is x
    scalar = np.array(2.0) * x
    assert (type(scalar), scalar.data) == (Value, 6.0)


def test_conversion_to_plain_numbers():
    x = Value(2.5)
    assert (float(x), int(x), round(x), x.item(), x.numpy().tolist()) == (2.5, 2, 2, 2.5, 2.5)
    assert x.astype(float) is x
    with pytest.raises(TypeError, match=r"a Value is a float64, got astype\(float32\)"):
        x.astype(np.float32)


def test_methods_with_several_inputs_have_names_and_defaults():
    x = Value(3.0)
    assert [x.clip(0, 1).data, x.clip(high=2).data, x.clip(low=5).data, x.clip().data] == [1.0, 2.0, 5.0, 3.0]
    assert (-x).leaky_relu().data == pytest.approx(-0.03)
    assert (-x).leaky_relu(slope=0.1).data == pytest.approx(-0.3)
    for call in (lambda: x.clip(0, 1, 2), lambda: x.maximum(), lambda: x.clip(hihg=2), lambda: x.clip(0, low=1)):
        with pytest.raises(TypeError):
            call()


NUMBERS_EQUAL_TO_3 = [3, 3.0, np.float64(3), np.float32(3), np.int8(3), np.array(3.0), Fraction(3), Decimal(3)]


@pytest.mark.parametrize("number", NUMBERS_EQUAL_TO_3)
def test_a_value_and_a_plain_number_compare_as_numbers(number):
    value, other = Value(3.0), Value(4.0)
    assert value == number
    assert number == value
    assert not operator.ne(value, number)
    assert not operator.ne(number, value)
    assert other != number
    assert number != other
    assert not operator.eq(other, number)
    assert not operator.eq(number, other)


def test_equality_in_loops_lists_and_assertions():
    loss, steps = Value(3.0), 0
    while loss != 0.0:
        loss, steps = loss - 1.0, steps + 1
    assert steps == 3
    assert Value(2.0) * 3 == 6
    assert Value(1.0) == True  # noqa: E712
    assert Value(0.0) == np.False_
    assert 3.0 in [Value(1.0), Value(3.0)]
    assert Value(3.0) in [1.0, 3.0]
    assert math.isclose(Value(3.0), 3.0)
    assert Value(3.0) != "3"
    assert Value(3.0) != None  # noqa: E711
    assert (
        (Value(3.0) == np.array([3.0, 4.0])).tolist() == (np.array([3.0, 4.0]) == Value(3.0)).tolist() == [True, False]
    )
    assert (Value(3.0) == Tensor([3.0, 4.0])).tolist() == (Tensor([3.0, 4.0]) == Value(3.0)).tolist() == [True, False]


def test_nan_equals_no_number():
    value = Value(math.nan)
    for nan in (math.nan, np.nan, np.float32("nan"), np.array(np.nan)):
        assert not operator.eq(value, nan)
        assert not operator.eq(nan, value)
        assert value != nan
        assert nan != value


def test_two_values_are_equal_only_if_they_are_the_same_node():
    a, b = Value(3.0), Value(3.0)
    assert a == a
    assert a != b
    assert len({a, b, a}) == 2
    assert {a: 1, b: 2}[a] == 1
    assert [a, b].index(b) == 1
    assert b not in [a]
    assert len({a, 3.0}) == 2  # sets distinguish a node from a number


def test_numpys_clip_without_a_bound():
    for number, clipped in ((-1e300, 2.0), (1e300, 1e300), (np.inf, np.inf)):
        assert np.clip(Value(number), 2.0, None).data == clipped
        assert np.clip(Value(-number), None, -2.0).data == -clipped
    x = Value(3.0)
    (np.clip(x, 2.0, None) + np.clip(x, None, 4.0)).backward()
    assert x.grad == 2.0
    assert np.clip(x, None, None).data == 3.0
