"""Activation layers apply the gates of their names."""

import numpy as np
import pytest

from autograd import gradcheck
from nn import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh

X = np.array([[-1000.0, -0.5], [0.25, 1000.0]])


@pytest.mark.parametrize(
    ("layer", "function"),
    [(ReLU(), lambda x: np.maximum(x, 0)), (Tanh(), np.tanh),
     (Sigmoid(), lambda x: np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x)))))],
)  # fmt: skip
def test_value_and_gradient(layer, function):
    np.testing.assert_allclose(layer(X).data, function(X))
    assert gradcheck(layer, X / 1000 + 0.1)
    assert repr(layer) == f"{type(layer).__name__}()"


def test_leaky_relu_has_a_slope_below_zero():
    np.testing.assert_allclose(LeakyReLU()(X).data, [[-10, -0.005], [0.25, 1000]])
    np.testing.assert_allclose(LeakyReLU(0.2)(X).data, [[-200, -0.1], [0.25, 1000]])
    assert LeakyReLU(0.2)(X.astype(np.float32)).dtype == np.float32
    assert repr(LeakyReLU(0.2)) == "LeakyReLU(slope=0.2)"
    with pytest.raises(ValueError, match=r"slope must be at least 0, got -0\.1"):
        LeakyReLU(-0.1)


def test_softmax_of_scores_of_any_size():
    np.testing.assert_allclose(Softmax()(X).data, [[0, 1], [0, 1]], atol=1e-300)
    np.testing.assert_allclose(Softmax()([[3.2, 5.1, -1.7]]).data.round(2), [[0.13, 0.87, 0.0]])  # the slides' cat
    np.testing.assert_allclose(Softmax(axis=0)(X).data.sum(axis=0), 1)
    assert repr(Softmax(0)) == "Softmax(axis=0)"
