"""Activations: the gates as layers."""

import numpy as np
import pytest

from autograd import gradcheck
from nn import ReLU, Sigmoid, Tanh

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
