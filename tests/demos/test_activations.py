"""Slide 35: the derivatives of sigmoid, tanh and ReLU, and the gradients of five layers of each."""

from types import SimpleNamespace

import activations
import numpy as np
import pytest
from activations import ACTIVATIONS, POINTS, Settings, backpropagate, main

VALUES = {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh, "ReLU": lambda x: np.maximum(0, x)}
# as functions of the output
DERIVATIVES = {"sigmoid": lambda y: y * (1 - y), "tanh": lambda y: 1 - y**2, "ReLU": lambda y: 1.0 * (y > 0)}


@pytest.fixture
def noise(monkeypatch):
    """50 images of noise instead of CIFAR-10."""
    rng = np.random.default_rng(0)
    data = SimpleNamespace(
        X_train=rng.integers(256, size=(50, 3072), dtype=np.uint8), y_train=rng.integers(10, size=50)
    )
    monkeypatch.setattr(activations, "load", lambda **_: data)


@pytest.mark.usefixtures("noise")
def test_derivatives_match_formulas_and_sigmoid_gradients_vanish(tmp_path, capsys):
    main(Settings(images=50, out=tmp_path))
    rows = {name: [] for name in ACTIVATIONS}
    for line in capsys.readouterr().out.splitlines():
        name, *numbers = line.split()
        if name in rows:
            rows[name].append([float(number) for number in numbers])
    for name, (slopes, _) in rows.items():
        np.testing.assert_allclose(slopes, DERIVATIVES[name](VALUES[name](POINTS)), atol=1e-5)
    *layers, share = rows["sigmoid"][1]
    assert layers == sorted(layers)  # gradients shrink towards the input
    assert share == pytest.approx(layers[0] / layers[-1], rel=0.05)
    assert share < 0.1 * min(rows["tanh"][1][-1], rows["ReLU"][1][-1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_those_of_backpropagation_by_hand(name):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 7)), rng.integers(3, size=20)
    layers = backpropagate(ACTIVATIONS[name], [7, 6, 5, 3], X, y, seed=1)
    outputs = [X]
    for layer in layers:
        sums = outputs[-1] @ layer.weight.data.T + layer.bias.data
        outputs.append(sums if layer is layers[-1] else VALUES[name](sums))
    shares = np.exp(outputs[-1])
    upstream = (shares / shares.sum(axis=1, keepdims=True) - np.eye(3)[y]) / len(y)
    for layer, below in zip(reversed(layers), reversed(outputs[:-1]), strict=True):
        np.testing.assert_allclose(layer.weight.grad, upstream.T @ below, atol=1e-6)
        upstream = (upstream @ layer.weight.data) * DERIVATIVES[name](below)


@pytest.mark.parametrize("wrong", ["images", "layers", "neurons"])
@pytest.mark.usefixtures("noise")
def test_wrong_settings(wrong, tmp_path):
    with pytest.raises(ValueError, match=f"--{wrong} must be .* 1.*, got 0"):
        main(Settings(**{wrong: 0}, out=tmp_path))
