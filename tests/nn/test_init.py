"""Initialisation: the scales that the names promise."""

import numpy as np
import pytest

from nn import Linear, init


@pytest.mark.parametrize(
    ("name", "std"),
    [(None, (3 * 400) ** -0.5), ("uniform", (3 * 400) ** -0.5), ("he", (2 / 400) ** 0.5),
     ("xavier", (2 / 700) ** 0.5), ("zeros", 0.0)],
)  # fmt: skip
def test_scale(name, std):
    weight = Linear(400, 300, init=name, rng=0).weight.data
    assert weight.std() == pytest.approx(std, rel=0.02)
    assert abs(weight.mean()) < 1e-3
    assert weight.dtype == np.float32


def test_a_function_serves_and_an_unknown_name_does_not():
    weight = Linear(2, 3, init=lambda shape, rng: np.full(shape, 7.0)).weight.data
    assert weight.tolist() == [[7, 7]] * 3
    with pytest.raises(ValueError, match=r"unknown initialisation 'best'; give one of uniform, he, xavier, zeros"):
        Linear(2, 3, init="best")
    assert set(init.NAMED) == {"uniform", "he", "xavier", "zeros"}


def test_a_weight_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"gave a weight of shape \(1, 3\), but \(2, 3\)"):
        Linear(3, 2, init=lambda shape, rng: np.zeros((1, 3)))
