"""The architecture of a model as plain data, and models built from it."""

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import Linear, Module, ReLU, Sequential, save
from nn.saving.architecture import OWN_MODULES, ArchitectureError, build, describe_architecture


def test_own_modules_are_the_public_modules_of_nn():
    public = {thing for name in nn.__all__ if isinstance(thing := getattr(nn, name), type)}
    assert {kind for kind in public if issubclass(kind, Module)} == OWN_MODULES


def test_describes_classes_and_arguments():
    assert describe_architecture(Sequential(Linear(2, 1), ReLU())) == {
        "module": "Sequential",
        "arguments": {
            "layers": {
                "named": {
                    "0": {"module": "Linear", "arguments": {"in_features": 2, "out_features": 1, "bias": True}},
                    "1": {"module": "ReLU", "arguments": {}},
                }
            }
        },
    }


def test_builds_what_it_described():
    shared = Linear(2, 2)
    model = Sequential({"first": shared, "relu": ReLU()}).append(shared)
    again = build(describe_architecture(model), OWN_MODULES)
    assert repr(again) == repr(model)
    assert again["first"] is again[2]


@pytest.mark.parametrize(
    "plain", [3, "Linear", [], {"shared": 0}, {"module": "Linear", "arguments": {}}, {"module": 1}]
)
def test_rejects_data_that_does_not_describe_a_model(plain):
    with pytest.raises(ArchitectureError):
        build(plain, OWN_MODULES)


def test_builds_no_layer_larger_than_the_file():
    architecture = describe_architecture(Linear(10, 10))
    assert build(architecture, OWN_MODULES, size=110).out_features == 10
    with pytest.raises(ArchitectureError, match="at most 99 numbers, as the file holds, got a Linear of 100"):
        build(architecture, OWN_MODULES, size=99)


class Sized(Module):
    def __init__(self, sizes, scale):
        self.sizes, self.scale = sizes, scale


def test_arguments_become_plain():
    plain = describe_architecture(Sized((1, np.int64(2)), np.float32(0.5)))
    assert plain == {"module": "Sized", "arguments": {"sizes": [1, 2], "scale": 0.5}}
    with pytest.raises(ArchitectureError, match="got Tensor; return only those from arguments"):
        describe_architecture(Sized((), Tensor(1.0)))


class Forgets(Module):
    def __init__(self, by=1.0):
        self._by = by


class Collects(Module):
    def __init__(self, *layers):
        self.layers = list(layers)


class Residual(Sequential):
    def __init__(self, *layers, scale=1.0):
        super().__init__(*layers)
        self.scale = scale


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Forgets(3.0), r"does not return these arguments of __init__: by=1\.0\. Store each"),
        (Collects(ReLU()), r"these arguments of __init__: \*layers\."),
        (Residual(ReLU(), scale=2.0), r"these arguments of __init__: \*layers, scale=1\.0"),
        (type("ReLU", (Module,), {})(), "two classes of modules named 'ReLU'"),
        (Sequential(type("A", (Module,), {})(), type("A", (Module,), {})()), "two classes of modules named 'A'"),
    ],
)
def test_rejects_models_that_would_not_be_rebuilt(model, text, tmp_path):
    with pytest.raises(ArchitectureError, match=text):
        save(tmp_path / "model", model)
    assert list(tmp_path.iterdir()) == []


def test_rejects_a_model_that_contains_itself(tmp_path):
    model = Sequential(ReLU())
    model[0] = model
    with pytest.raises(ArchitectureError, match="contains itself"):
        save(tmp_path / "model", model)
