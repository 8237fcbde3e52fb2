"""save and load: a model comes back as it was, from a file that runs no code."""

import numpy as np
import pytest

from autograd import Tensor
from nn import (
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    LayerNorm,
    Linear,
    Module,
    ReLU,
    Sequential,
    Tanh,
    load,
    optim,
    save,
)
from nn.saving import files
from nn.saving.architecture import ArchitectureError, describe_architecture

X = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)


def model():
    return Sequential({"hidden": Linear(4, 3, rng=0), "act": Sequential(Tanh(), Dropout(0.25, rng=1))}).append(
        Linear(3, 2, bias=False, rng=2)
    )


class Scaled(Module):
    """A module of a user, with a module and a list of them among its arguments."""

    def __init__(self, inner, others, *, scale=2.0):
        self.inner, self.others, self.scale = inner, others, scale

    def forward(self, x):
        for layer in [self.inner, *self.others]:
            x = layer(x)
        return x * np.float32(self.scale)


def test_one_line_each(tmp_path):
    ours = model().eval()
    again = load(save(tmp_path / "model.safetensors", ours))
    assert repr(again) == repr(ours)
    assert (again(X).data == ours(X).data).all()
    assert not any(module.training for module in again.modules())


def test_dtypes_stay(tmp_path):
    ours = model().astype(float)
    ours.hidden_copy = None
    again = load(save(tmp_path / "model", ours))
    assert {p.dtype for p in again.parameters()} == {np.dtype(float)}


def test_a_layer_in_two_places_stays_one(tmp_path):
    shared = Linear(4, 4, rng=0)
    again = load(save(tmp_path / "model", Sequential(shared, ReLU(), shared)))
    assert again[0] is again[2]
    assert list(again.state_dict()) == ["0.weight", "0.bias"]


def test_own_modules_are_named_by_the_one_who_loads(tmp_path):
    ours = Scaled(Linear(4, 4, rng=0), [ReLU(), Linear(4, 2, rng=1)], scale=3.0)
    path = save(tmp_path / "model", ours)
    with pytest.raises(ArchitectureError, match=r"module 'Scaled', which is not known here .*modules=\[\.\.\.\]"):
        load(path)
    again = load(path, modules=[Scaled])
    assert (again(X).data == ours(X).data).all()
    assert again.scale == 3.0


def test_a_model_that_cannot_be_told_is_refused_before_anything_is_written(tmp_path):
    late = Sequential(Linear(2, 2))
    late[0].extra = Tensor([1.0], requires_grad=True)
    with pytest.raises(ArchitectureError, match=r"a Sequential made anew .* other names or shapes: 0\.extra"):
        save(tmp_path / "model", late)
    with pytest.raises(ArchitectureError, match="got function"):
        save(tmp_path / "model", Scaled(Linear(1, 1), [], scale=len.__class__ and (lambda: 1)))
    assert list(tmp_path.iterdir()) == []


def test_into_a_model_that_is_there(tmp_path):
    path, other = save(tmp_path / "model", model()), model()
    other["hidden"].weight.data = other["hidden"].weight.data + 1
    assert load(path, into=other) is other
    assert (other["hidden"].weight.data == model()["hidden"].weight.data).all()
    assert other.training
    small = Sequential(Linear(4, 2, rng=0))
    with pytest.raises(ValueError, match=r"holds another model.*does not fit Sequential") as caught:
        load(path, into=small)
    assert "unexpected: hidden.weight (3, 4)" in str(caught.value)
    assert (small[0].weight.data == Linear(4, 2, rng=0).weight.data).all()


def test_a_file_of_someone_else(tmp_path):
    from safetensors.numpy import save_file

    save_file(Linear(4, 2, rng=5).state_dict(), tmp_path / "theirs")
    with pytest.raises(ArchitectureError, match=r"no architecture.*nn\.load\(path, into=model\)"):
        load(tmp_path / "theirs")
    ours = load(tmp_path / "theirs", into=Linear(4, 2))
    assert (ours.weight.data == Linear(4, 2, rng=5).weight.data).all()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing")


@pytest.mark.parametrize(
    "architecture",
    [
        {"module": "Linear", "arguments": {"in_features": 4, "none": 2}},
        {"module": "Linear", "arguments": {"in_features": 4}},
        {"module": "Sequential", "arguments": {"layers": {"named": {"0": {"shared": 3}}}}},
        {"module": "Module.__init__", "arguments": {}},
        {"module": "os.system", "arguments": {"command": "true"}},
        {"something": 1},
    ],
)
def test_an_architecture_that_makes_no_model(architecture, tmp_path):
    path = files.write(tmp_path / "model", {}, {"architecture": architecture})
    with pytest.raises(ArchitectureError):
        load(path)


def test_the_same_model_in_torch_takes_the_weights(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is only an oracle")
    from safetensors.torch import load_file
    from safetensors.torch import save as serialise

    from classifiers import Training

    layers = [Linear(4, 3, rng=0), BatchNorm1d(3), ReLU(), Dropout(0.5), LayerNorm(3), Linear(3, 2, rng=1)]
    ours = Sequential(*layers)
    optimizer = optim.AdamW(ours.parameters(), lr=0.1)
    training = Training(ours, CrossEntropyLoss(), optimizer, batch_size=5)
    training.run((X, np.array([0, 1, 0, 1, 1])), epochs=3, save_to=tmp_path / "checkpoint.safetensors")
    kinds = torch.nn.Linear, torch.nn.BatchNorm1d, torch.nn.LayerNorm
    theirs = torch.nn.Sequential(
        kinds[0](4, 3), kinds[1](3), torch.nn.ReLU(), torch.nn.Dropout(0.5), kinds[2](3), kinds[0](3, 2)
    ).eval()
    theirs.load_state_dict(load_file(save(tmp_path / "model.safetensors", ours)))
    np.testing.assert_allclose(theirs(torch.from_numpy(X)).detach().numpy(), ours(X).data, rtol=1e-5)
    (tmp_path / "theirs.safetensors").write_bytes(serialise(theirs.state_dict()))
    again = load(tmp_path / "theirs.safetensors", into=Sequential(*layers))  # and back, with what torch counts besides
    assert (again(X).data == ours(X).data).all()


def test_what_an_architecture_is():
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


def test_a_file_that_asks_for_more_than_it_has(tmp_path):
    for inputs in (10_000, 10**9, 10**30):
        architecture = {"module": "Linear", "arguments": {"in_features": inputs, "out_features": inputs}}
        path = files.write(tmp_path / "model", {"weight": np.zeros(3)}, {"architecture": architecture})
        with pytest.raises(ArchitectureError, match=r"asks for more numbers \([\d,]+\) than the file has \(3\)"):
            load(path)


def test_what_is_not_learned_stays_so(tmp_path):
    ours = Sequential(Linear(4, 3, rng=0), Linear(3, 2, rng=1))
    ours[0].weight.requires_grad = False
    again = load(save(tmp_path / "model", ours))
    assert [name for name, _ in again.named_parameters()] == ["0.bias", "1.weight", "1.bias"]


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
        (Forgets(3.0), r"__init__ takes by=1\.0, which arguments\(\) does not tell"),
        (Collects(ReLU()), r"takes \*layers, which"),
        (Residual(ReLU(), scale=2.0), r"takes \*layers, scale=1\.0"),
        (type("ReLU", (Module,), {})(), "two classes of modules named 'ReLU'"),
        (Sequential(type("A", (Module,), {})(), type("A", (Module,), {})()), "two classes of modules named 'A'"),
    ],
)
def test_a_model_that_would_come_back_as_another_is_not_saved(model, text, tmp_path):
    with pytest.raises(ArchitectureError, match=text):
        save(tmp_path / "model", model)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_contains_itself(tmp_path):
    model = Sequential(ReLU())
    model[0] = model
    with pytest.raises(ArchitectureError, match="contains itself"):
        save(tmp_path / "model", model)


def test_two_tensors_of_one_name_are_refused(tmp_path):
    model = Sequential({"a": Linear(2, 2)})
    model.a = Linear(2, 2)
    with pytest.raises(ValueError, match=r"two Tensors of the name 'a\.weight'"):
        save(tmp_path / "model", model)


def test_notes_of_ones_own(tmp_path):
    path = save(tmp_path / "model", model(), notes={"trained": "on Sunday"})
    assert files.read(path).notes["trained"] == "on Sunday"
    with pytest.raises(ValueError, match="keep 'architecture' for what gatewise writes there"):
        save(tmp_path / "model", model(), notes={"architecture": {}})
