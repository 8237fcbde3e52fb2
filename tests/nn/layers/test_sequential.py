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
        "Sequential(\n  0: Linear(3072, 512)\n  1: ReLU()\n  2: Linear(512, 10, bias=False)\n)"
    )


def test_takes_modules_alone():
    with pytest.raises(TypeError, match=r"takes modules, one after the other .* got list"):
        Sequential([Linear(1, 2)])


def test_repr_of_nested_ones_is_indented():
    assert repr(Sequential(Sequential(ReLU()))) == "Sequential(\n  0: Sequential(\n    0: ReLU()\n  )\n)"


def test_layers_are_found_by_place_name_and_slice():
    model = Sequential({"hidden": Linear(4, 3, rng=0), "relu": ReLU()}).append(Linear(3, 2, rng=1))
    assert model[0] is model["hidden"] is model[-3]
    assert model[2] is model["2"]
    assert [name for name, _ in model.named_parameters()] == ["hidden.weight", "hidden.bias", "2.weight", "2.bias"]
    assert list(model[:2].layers) == ["hidden", "relu"]
    assert model[1:][1] is model[2]
    assert list(model) == list(model.layers.values())
    model[-1] = Linear(3, 5, rng=2)
    assert model(np.ones((1, 4), np.float32)).shape == (1, 5)


def test_a_layer_that_is_not_there_is_an_index_error_that_lists_them():
    for which in (3, -4, "3", "out"):
        with pytest.raises(IndexError, match=r"no layer .*; its layers are: 0, 1, 2"):
            Sequential(ReLU(), ReLU(), ReLU())[which]


@pytest.mark.parametrize("name", ["a.b", "", "1", 7])
def test_a_name_is_a_word(name):
    with pytest.raises(ValueError, match=r"a word of its own .*"):
        Sequential({name: ReLU()})


def test_a_name_stands_once():
    with pytest.raises(ValueError, match="taken are: hidden"):
        Sequential({"hidden": ReLU()}).append(ReLU(), name="hidden")
