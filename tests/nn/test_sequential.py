"""Sequential: one after the other."""

import numpy as np
import pytest

from nn import Linear, ReLU, Sequential


def test_passes_through_each_in_turn():
    first, second = Linear(3, 4, rng=0), Linear(4, 2, rng=1)
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    expected = np.maximum(x @ first.weight.data.T, 0) @ second.weight.data.T
    np.testing.assert_allclose(Sequential(first, ReLU(), second)(x).data, expected, rtol=1e-5)


def test_repr_shows_the_layers():
    assert repr(Sequential(Linear(3072, 512), ReLU(), Linear(512, 10, bias=False))) == (
        "Sequential(\n  Linear(3072, 512)\n  ReLU()\n  Linear(512, 10, bias=False)\n)"
    )


def test_takes_modules_alone():
    with pytest.raises(TypeError, match=r"takes modules, one after the other .* but list"):
        Sequential([Linear(1, 2)])


def test_repr_of_nested_ones_is_indented():
    assert repr(Sequential(Sequential(ReLU()))) == "Sequential(\n  Sequential(\n    ReLU()\n  )\n)"
