"""fold returns a model with fewer layers and the same outputs."""

import numpy as np
import pytest

from nn import BatchNorm1d, Dropout, LayerNorm, Linear, ReLU, Sequential, Standardize, fold

RNG = np.random.default_rng(0)
X = RNG.normal(loc=120, scale=60, size=(50, 6))


def trained_norm(features):
    """A batch norm with statistics and parameters as after training."""
    norm = BatchNorm1d(features, dtype=float)
    for name, tensor in norm.named_tensors():
        tensor.data = RNG.uniform(0.5, 2.0, size=features) if name != "bias" else RNG.normal(size=features)
    return norm


def standardize(features, dtype=float):
    return Standardize.of(RNG.normal(size=features), RNG.uniform(1, 9, size=features), dtype=dtype)


def linear(inputs, outputs, **settings):
    layer = Linear(inputs, outputs, rng=RNG, dtype=float, **settings)
    if layer.bias is not None:
        layer.bias.data = RNG.normal(size=outputs)
    return layer


@pytest.mark.parametrize(
    ("layers", "left"),
    [
        ([standardize(6), linear(6, 4), ReLU(), Dropout(0.5), linear(4, 2)], ["Linear", "ReLU", "Linear"]),
        ([linear(6, 4, bias=False), trained_norm(4), ReLU()], ["Linear", "ReLU"]),
        ([standardize(6), trained_norm(6), linear(6, 3), linear(3, 5), trained_norm(5)], ["Linear"]),
        (
            [standardize(6), ReLU(), Sequential(linear(6, 4), linear(4, 3))],
            ["Standardize", "ReLU", "Linear"],
        ),
        ([linear(6, 4), LayerNorm(4, dtype=float), linear(4, 4)], ["Linear", "LayerNorm", "Linear"]),
        ([Dropout(0.5)], []),
    ],
)
def test_same_outputs_with_fewer_layers(layers, left):
    model = Sequential(*layers).train()
    before = model.state_dict()
    folded = fold(model)
    assert [type(layer).__name__ for layer in folded] == left
    np.testing.assert_allclose(folded(X).data, model.eval()(X).data, rtol=1e-10, atol=1e-10)
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    assert not folded.training


def test_keeps_float32_and_accepts_raw_pixels():
    pixels = np.random.default_rng(1).integers(256, size=(20, 6), dtype=np.uint8)
    model = Sequential(standardize(6, np.float32), Linear(6, 4, rng=0), ReLU(), Linear(4, 3, rng=1)).eval()
    folded = fold(model)
    assert {parameter.dtype for parameter in folded.parameters()} == {np.dtype(np.float32)}
    np.testing.assert_allclose(folded(pixels.astype(np.float32)).data, model(pixels).data, rtol=1e-4, atol=1e-4)


def test_rejects_other_modules_than_sequential():
    with pytest.raises(TypeError, match=r"fold expected a Sequential, got Linear"):
        fold(Linear(2, 2))


class Residual(Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Doubled(Linear):
    def forward(self, x):
        return 2 * super().forward(x)


@pytest.mark.parametrize("layer", [Residual(linear(6, 6)), Doubled(6, 6, rng=0, dtype=float)])
def test_subclasses_of_layers_are_not_folded(layer):
    model = Sequential(linear(6, 6), layer, linear(6, 2)).eval()
    np.testing.assert_allclose(fold(model)(X).data, model(X).data, rtol=1e-10)


def test_shares_no_module_with_the_model():
    model = Sequential(linear(6, 4), ReLU(), BatchNorm1d(4), ReLU()).train()
    folded = fold(model)
    assert model[2].training
    assert not {*folded.modules()} & {*model.modules()}
