"""Sums stay accurate over many rows of float32 and in half precision, wherever the library adds numbers up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Tensor
from autograd.gates.summation import BLOCK, LONG, average, in_single, total

ROWS = 200_000  # NumPy's sum over axis 0 is off by 1e-4 to 1e-3


@given(
    rows=st.integers(0, 3 * LONG),
    columns=st.integers(0, 3),
    axis=st.sampled_from([None, 0, 1, -1, (0, 1), (1, 0), (0, 2), 2]),
    keepdims=st.booleans(),
    dtype=st.sampled_from([np.float16, np.float32, np.float64, np.int64, bool]),
    order=st.sampled_from("CF"),
)
def test_shape_dtype_and_value_are_those_of_numpy(rows, columns, axis, keepdims, dtype, order):
    x = np.asarray(np.random.default_rng(rows).normal(size=(rows, columns, 2)).astype(dtype), order=order)
    wide = x.astype(np.float64) if x.dtype.kind == "f" else x
    got, expected = total(x, axis, keepdims), np.sum(wide, axis=axis, keepdims=keepdims)
    assert got.shape == expected.shape
    assert got.dtype == np.sum(x[:1]).dtype
    tolerance = {"float16": 1e-3, "float32": 1e-6}.get(x.dtype.name, 1e-12)
    scale = np.sum(np.abs(wide), axis=axis, keepdims=keepdims)
    assert (np.abs(got - expected) <= tolerance * scale + 1e-7).all()


@pytest.mark.parametrize("shape", [(ROWS, 2), (2, ROWS, 3), (ROWS, 1), (ROWS,), (50_000, 2, 4)])
@pytest.mark.parametrize("axis", [0, 1, None, (0, -1)])
@pytest.mark.parametrize("number", [0.1, 100.0, 1 / 3])
def test_equal_numbers(shape, axis, number):
    """The worst case, as every rounding goes the same way."""
    if axis not in (None, 0) and len(shape) == 1:
        pytest.skip("one axis")
    x = np.full(shape, number, np.float32)
    exact = np.sum(x.astype(np.float64), axis=axis)
    np.testing.assert_allclose(total(x, axis), exact, rtol=1e-6)
    np.testing.assert_allclose(average(x, axis), x.flat[0], rtol=1e-6)
    np.testing.assert_allclose(Tensor(x).sum(axis).data, exact, rtol=1e-6)
    np.testing.assert_allclose(np.mean(Tensor(x), axis=axis).data, x.flat[0], rtol=1e-6)
    assert (np.abs(Tensor(x).std(axis).data) <= 1e-6 * number).all()


@pytest.mark.parametrize("number", [0.1, 100.0, 1 / 3])
def test_a_broadcast_input_gets_the_sum_over_all_rows(number):
    b = Tensor(np.zeros(2, np.float32), requires_grad=True)
    upstream = np.full((ROWS, 2), number, np.float32)
    (b + np.zeros((ROWS, 2), np.float32)).backward(upstream)
    np.testing.assert_allclose(b.grad, upstream.astype(float).sum(axis=0), rtol=1e-6)


def test_the_gradient_of_a_bias():
    layer = nn.Linear(1, 2, rng=0)
    (layer(np.zeros((ROWS, 1), np.float32)) * np.float32(0.1)).sum().backward()
    np.testing.assert_allclose(layer.bias.grad, ROWS * float(np.float32(0.1)), rtol=1e-6)


@pytest.mark.parametrize("layer", [nn.BatchNorm1d(1), nn.BatchNorm1d(1, dtype=np.float64)])
def test_statistics_of_a_large_batch(layer):
    x = np.full((ROWS, 1), 100.0, np.float32)
    x[::2] = 100.5
    out = layer(x)
    np.testing.assert_allclose(layer.running_mean.data, 0.1 * 100.25, rtol=1e-6)
    np.testing.assert_allclose(layer.running_var.data, 0.9 + 0.1 * 0.0625, rtol=1e-6)
    np.testing.assert_allclose(np.abs(out.data), 1.0, rtol=1e-3)


def test_cumsum():
    x = np.full(ROWS, 0.1, np.float32)
    np.testing.assert_allclose(Tensor(x).cumsum(0).data, np.cumsum(x.astype(float)), rtol=1e-6)


def test_a_short_sum_is_numpys():
    """Training on ordinary batches gives the bits that it gave before."""
    x = np.random.default_rng(0).normal(size=(LONG - 1, 3)).astype(np.float32)
    assert (total(x, 0) == x.sum(axis=0)).all()
    assert (average(x, 0) == x.mean(axis=0)).all()


def test_infinity_and_nan():
    x = np.ones((LONG + BLOCK + 1, 3), np.float32)
    x[5, 0], x[-1, 1] = np.inf, np.nan
    assert total(x, 0)[0] == np.inf
    assert np.isnan(total(x, 0)[1])
    assert total(x, 0)[2] == len(x)


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize(("shape", "axis", "expected"), [((70_000,), None, 1.0), ((70_000, 2), 0, 2.0)])
def test_ties_share_the_gradient(name, dtype, shape, axis, expected):
    """In float16 a count of 70,000 would be infinite, and above 2,048 odd counts do not exist."""
    x = Tensor(np.ones(shape, dtype), requires_grad=True)
    getattr(x, name)(axis=axis).sum().backward()
    assert x.grad.dtype == dtype
    assert x.grad.astype(float).sum() == pytest.approx(expected, rel=0.02)


def test_in_single():
    square = in_single(lambda x, y: x * x + y)
    half, wide = np.full(2, 200.0, np.float16), np.full(2, -39_000.0, np.float32)
    assert (square(half, half).dtype, square(half, wide).dtype, square(wide, wide).dtype) == ("f2", "f4", "f4")
    assert (square(half, np.full(2, -39_000.0, np.float16)) == 992).all()  # 40,000 − 39,008, the nearest to 39,000
    assert in_single(lambda x: 1.0)(half) == 1.0


@pytest.mark.parametrize("axis", [0, (0, 1), None, -1])
def test_half_precision_is_added_up_in_float32(axis):
    """Naively, a sum of 0.1 in float16 ends at 256, as 256 + 0.1 is 256 again."""
    numbers = np.full((5000, 3), 0.1, np.float16) if axis != -1 else np.full((3, 5000), 0.1, np.float16)
    found = total(numbers, axis)
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found, numbers.sum(axis=axis, dtype=float).astype(np.float16))


def test_the_gradient_of_a_bias_in_half_precision():
    bias = Tensor(np.zeros(2), dtype=np.float16, requires_grad=True)
    (Tensor(np.zeros((5000, 2), np.float16)) + bias).backward(np.full((5000, 2), 0.1, np.float16))
    assert bias.grad.tolist() == [500.0, 500.0]  # 499.87..., in steps of 0.25
