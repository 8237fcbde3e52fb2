"""The back end of floats: NumPy's results, never an exception."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.gates.backends import arrays, floats

UNARY = ["exp", "log", "sqrt", "sin", "cos", "tanh", "abs"]
BINARY = ["power", "divide", "maximum", "minimum"]
any_float = st.floats(allow_nan=True, allow_infinity=True)


def same(ours, numpys):
    return type(ours) is float and (ours == pytest.approx(numpys, rel=1e-14, abs=0, nan_ok=True))


@pytest.mark.parametrize("name", UNARY)
@given(x=any_float)
def test_unary_functions_agree_with_numpy(name, x):
    with np.errstate(all="ignore"):
        assert same(getattr(floats, name)(x), float(getattr(arrays, name)(np.float64(x))))


@pytest.mark.parametrize("name", BINARY)
@given(x=any_float, y=any_float)
def test_binary_functions_agree_with_numpy(name, x, y):
    with np.errstate(all="ignore"):
        assert same(getattr(floats, name)(x, y), float(getattr(arrays, name)(np.float64(x), np.float64(y))))


def test_has_every_function():
    assert all(callable(getattr(floats, name)) for name in arrays.__all__)


def test_gives_inf_or_nan_where_python_raises_or_gives_a_complex_number():
    assert floats.exp(1000.0) == math.inf
    assert floats.divide(1.0, 0.0) == math.inf
    assert floats.divide(-1.0, 0.0) == -math.inf
    assert math.isnan(floats.divide(0.0, 0.0))
    assert floats.log(0.0) == -math.inf
    assert math.isnan(floats.log(-1.0))
    assert math.isnan(floats.power(-8.0, 1 / 3))
    assert floats.power(0.0, -1.0) == math.inf


@given(x=st.floats(-5, 5), y=st.sampled_from([-1.0, 0.0, 2.0]), tie=st.sampled_from([0.0, 0.5]))
def test_step_and_where_agree_with_arrays(x, y, tie):
    assert floats.step(x, y, tie) == arrays.step(np.array([x]), y, tie)[0]
    assert floats.where(x > y, x, y) == arrays.where(np.array([x > y]), x, y)[0]
