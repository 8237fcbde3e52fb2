"""Linear computes x Wᵀ + b."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import gradcheck
from nn import Linear


@given(shape=st.sampled_from([(3,), (1, 3), (4, 3), (2, 4, 3)]), bias=st.booleans())
def test_value_and_gradient(shape, bias):
    layer = Linear(3, 2, bias=bias, rng=0, dtype=float)
    if bias:
        layer.bias.data[:] = [1.0, -1.0]
    x = np.random.default_rng(1).normal(size=shape)
    expected = x @ layer.weight.data.T + (layer.bias.data if bias else 0)
    np.testing.assert_allclose(layer(x).data, expected)
    assert gradcheck(layer, x)


def test_a_seed_gives_the_same_weights():
    assert (Linear(5, 4, rng=7).weight.data == Linear(5, 4, rng=7).weight.data).all()
    assert (Linear(5, 4, rng=7).weight.data != Linear(5, 4, rng=8).weight.data).any()
    rng = np.random.default_rng(7)
    assert (Linear(5, 4, rng=rng).weight.data != Linear(5, 4, rng=rng).weight.data).any()


def test_rejects_inputs_of_another_shape():
    with pytest.raises(ValueError, match=r"Linear\(3, 2\) expected inputs of shape \(n, 3\), got shape \(5, 4\)"):
        Linear(3, 2)(np.ones((5, 4)))
    with pytest.raises(ValueError, match=r"shape \(\)"):
        Linear(3, 2)(np.array(1.0))


def test_stores_sizes_as_python_integers():
    layer = Linear(np.int64(3), np.int64(2))
    assert repr(layer) == "Linear(3, 2)"
    assert {type(size) for size in (layer.in_features, layer.out_features)} == {int}


@pytest.mark.parametrize("sizes", [(0, 2), (3, -1), (3, 2.5), ("3", 2)])
def test_rejects_sizes_that_are_not_positive_integers(sizes):
    with pytest.raises(ValueError, match=r"_features must be a whole number, at least 1"):
        Linear(*sizes)
