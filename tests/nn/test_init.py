"""Initialisations have the documented scale."""

import numpy as np
import pytest

from nn import Dropout, LeakyReLU, Linear, ReLU, Sequential, Sigmoid, Softmax, Tanh, init


@pytest.mark.parametrize(
    ("name", "std"),
    [(None, (3 * 400) ** -0.5), ("uniform", (3 * 400) ** -0.5), ("he", (2 / 400) ** 0.5),
     ("xavier", (2 / 700) ** 0.5), ("zeros", 0.0), ("normal", 0.01), ("orthogonal", 400**-0.5),
     (ReLU, (2 / 400) ** 0.5), (ReLU(), (2 / 400) ** 0.5), (LeakyReLU, (2 / (1 + 0.01**2) / 400) ** 0.5),
     (LeakyReLU(0.5), (2 / 1.25 / 400) ** 0.5), (Tanh, (2 / 700) ** 0.5), (Sigmoid, (2 / 700) ** 0.5),
     (Softmax(), (2 / 700) ** 0.5)],
)  # fmt: skip
def test_scale(name, std):
    weight = Linear(400, 300, init=name, rng=0).weight.data
    assert weight.std() == pytest.approx(std, rel=0.02)
    assert abs(weight.mean()) < 1e-3
    assert weight.dtype == np.float32


def test_accepts_functions_and_rejects_unknown_names():
    weight = Linear(2, 3, init=lambda shape, rng: np.full(shape, 7.0)).weight.data
    assert weight.tolist() == [[7, 7]] * 3
    with pytest.raises(ValueError, match=r"unknown initialisation 'best'; pass one of uniform, normal, he, xavier,"):
        Linear(2, 3, init="best")
    with pytest.raises(ValueError, match=r"unknown initialisation \['he'\]"):
        Linear(2, 3, init=["he"])
    assert set(init.NAMED) == {"uniform", "normal", "he", "xavier", "orthogonal", "zeros"}


@pytest.mark.parametrize("follows", [Dropout, Dropout(), Linear, int])
def test_rejects_modules_without_an_initialisation(follows):
    with pytest.raises(TypeError, match=r"no initialisation is known for a Linear before"):
        Linear(2, 3, init=follows)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (1, 6), (6, 1)])
def test_orthogonal_rows_or_columns(shape):
    weight = init.orthogonal(shape, np.random.default_rng(0))
    short = weight if shape[0] <= shape[1] else weight.T
    np.testing.assert_allclose(short @ short.T, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_weights_have_random_signs():
    rng = np.random.default_rng(0)
    corners = [init.orthogonal((2, 2), rng)[0, 0] for _ in range(400)]
    assert abs(np.mean(corners)) < 0.1  # QR alone would make them all negative


@pytest.mark.parametrize("name", sorted(set(init.NAMED) - {"zeros"}))
def test_a_seed_gives_the_same_weights(name):
    first, same, other = (Linear(4, 3, init=name, rng=seed).weight.data for seed in (1, 1, 2))
    assert (first == same).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("std", "holds"),
    [
        ("normal", lambda a: a.std() < 1e-5),  # collapses
        ("xavier", lambda a: a.std() >= 0.2),  # holds: std 1/√n
        (lambda shape, rng: init.normal(shape, rng, std=1.0), lambda a: (np.abs(a) > 0.99).mean() > 0.9),  # saturates
    ],
    ids=["0.01 collapses", "1/√n holds", "1 saturates"],
)
def test_activations_of_ten_tanh_layers_on_the_slides(std, holds):
    rng = np.random.default_rng(0)
    layers = [layer for _ in range(10) for layer in (Linear(500, 500, init=std, rng=rng), Tanh())]
    assert holds(Sequential(*layers)(rng.normal(size=(1000, 500)).astype(np.float32)).data)


def test_rejects_functions_that_return_another_shape():
    with pytest.raises(ValueError, match=r"expected init to return a weight of shape \(2, 3\).* got shape \(1, 3\)"):
        Linear(3, 2, init=lambda shape, rng: np.zeros((1, 3)))
