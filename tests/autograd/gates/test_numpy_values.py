"""A gate that is a NumPy function has NumPy's values and dtypes: at special numbers and random ones, in every dtype."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value
from autograd.gates import GATES

UFUNCS = [
    (gate, name) for gate in GATES.values() for name in gate.ufuncs if isinstance(getattr(np, name, None), np.ufunc)
]
SPECIAL = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 0.1, 2.0, -2.0, 3.0, 1.5, 2.5, math.inf, -math.inf, math.nan, 1e308, -1e308,
    5e-324, 2.0**53 + 1, 1e-8,
]  # fmt: skip
DTYPES = ["f2", "f4", "f8", "i1", "i4", "i8", "u1", "u8", "?"]
ULPS = {"logaddexp": 2, "tanh": 1, "power": 1}  # of Values: Python's libm and NumPy round the last bit differently


def special_numbers(dtype):
    if dtype.startswith("f"):
        return np.array(SPECIAL).astype(dtype)
    if dtype == "?":
        return np.array([False, True])
    limits = np.iinfo(dtype)
    small = [0, 1, 2, 3, 7] + ([-1, -2, -3, -7] if dtype.startswith("i") else [])
    return np.array([*small, limits.max, limits.max - 1, limits.min], dtype)


def close(got, expected, ulps):
    with np.errstate(all="ignore"):
        off = np.abs(got - expected) <= ulps * np.spacing(np.abs(expected))
    return (got == expected) | (np.isnan(got) & np.isnan(expected)) | off


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("gate", "name"), UFUNCS, ids=lambda x: x if isinstance(x, str) else "")
def test_tensors(gate, name, dtype):
    ufunc = getattr(np, name)
    pairs = zip(*itertools.product(special_numbers(dtype), repeat=gate.arity), strict=True)
    inputs = [np.array(column, dtype) for column in pairs]
    try:
        expected = ufunc(*inputs)
    except (TypeError, ValueError) as error:  # subtract of booleans, a negative power of integers
        with pytest.raises(type(error)):
            ufunc(*map(Tensor, inputs))
        return
    got = ufunc(*map(Tensor, inputs)).data
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)
    if got.dtype.kind == "f" and name not in ("maximum", "minimum"):  # of ±0 NumPy takes either
        np.testing.assert_array_equal(np.signbit(got[got == 0]), np.signbit(expected[got == 0]))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("gate", "name"), UFUNCS, ids=lambda x: x if isinstance(x, str) else "")
def test_values(gate, name):
    ufunc = getattr(np, name)
    for inputs in itertools.product(SPECIAL, repeat=gate.arity):
        if name == "power" and inputs[1] == 0.5 and inputs[0] == -math.inf:
            continue  # NumPy takes the square root, NaN; C's pow, Python and torch have infinity
        got, expected = ufunc(*map(Value, inputs)).data, ufunc(*inputs)
        assert close(got, expected, ULPS.get(name, 0)), (inputs, got, expected)


@given(st.lists(st.tuples(st.integers(-100, 100), st.integers(-20, 20).filter(bool)), min_size=1))
def test_floor_divide_and_remainder_of_numbers_of_one_decimal(pairs):
    """floor(x / y) is wrong for one in 25 of them: 1.0 / 0.1 is rounded up to 10."""
    x, y = (np.array(column) / 10 for column in zip(*pairs, strict=True))
    np.testing.assert_array_equal((Tensor(x) // y).data, x // y)
    np.testing.assert_array_equal((Tensor(x) % y).data, x % y)
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        assert (Value(a) // b).data == a // b
        assert (a // Value(b)).data == a // b
        assert (Value(a) % b).data == a % b


def test_the_examples_of_floor_divide():
    assert (Value(1.0) // 0.1).data == 9.0
    assert (Value(1.0) // -math.inf).data == -1.0
    whole = Tensor([7, 2**53 + 1]) // 1
    assert whole.dtype.kind == "i"
    assert whole.data.tolist() == [7, 2**53 + 1]


@pytest.mark.parametrize("function", [np.var, np.std])
@pytest.mark.parametrize("ddof", [0, 1, 2, 3, 4, 5.5])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_variance_beyond_the_number_of_elements(function, ddof):
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(function(Tensor(x), ddof=ddof).data, function(x, ddof=ddof))
    equal = np.ones((2, 3))
    np.testing.assert_allclose(function(Tensor(equal), axis=1, ddof=ddof).data, function(equal, axis=1, ddof=ddof))
