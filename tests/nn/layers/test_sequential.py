"""Sequential passes its input through its layers in turn."""

import numpy as np
import pytest

from nn import Linear, ReLU, Sequential


def test_applies_the_layers_in_turn():
    first, second = Linear(3, 4, rng=0), Linear(4, 2, rng=1)
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    expected = np.maximum(x @ first.weight.data.T, 0) @ second.weight.data.T
    np.testing.assert_allclose(Sequential(first, ReLU(), second)(x).data, expected, rtol=1e-5)


def test_repr_shows_the_layers():
    assert repr(Sequential(Linear(3072, 512), ReLU(), Linear(512, 10, bias=False))) == (
        "Sequential(\n  0: Linear(3072, 512)\n  1: ReLU()\n  2: Linear(512, 10, bias=False)\n)"
    )


def test_rejects_other_objects_than_modules():
    with pytest.raises(TypeError, match=r"expected modules, passed one by one .* got list"):
        Sequential([Linear(1, 2)])


def test_repr_indents_nested_layers():
    assert repr(Sequential(Sequential(ReLU()))) == "Sequential(\n  0: Sequential(\n    0: ReLU()\n  )\n)"


def test_index_by_position_name_and_slice():
    model = Sequential({"hidden": Linear(4, 3, rng=0), "relu": ReLU()}).append(Linear(3, 2, rng=1))
    assert model[0] is model["hidden"] is model[-3]
    assert model[2] is model["2"]
    assert [name for name, _ in model.named_parameters()] == ["hidden.weight", "hidden.bias", "2.weight", "2.bias"]
    assert list(model[:2].layers) == ["hidden", "relu"]
    assert model[1:][1] is model[2]
    assert list(model) == list(model.layers.values())
    model[-1] = Linear(3, 5, rng=2)
    assert model(np.ones((1, 4), np.float32)).shape == (1, 5)


def test_unknown_layers_raise_an_index_error_that_lists_the_layers():
    for which in (3, -4, "3", "out"):
        with pytest.raises(IndexError, match=r"position or name of a layer \(0, 1, 2\), got"):
            Sequential(ReLU(), ReLU(), ReLU())[which]


@pytest.mark.parametrize("name", ["a.b", "", "1", 7])
def test_rejects_names_that_are_not_identifiers(name):
    with pytest.raises(ValueError, match=r"an unused identifier such as 'hidden' as the name of a layer, got"):
        Sequential({name: ReLU()})


def test_rejects_names_in_use():
    with pytest.raises(ValueError, match="in use: hidden"):
        Sequential({"hidden": ReLU()}).append(ReLU(), name="hidden")
