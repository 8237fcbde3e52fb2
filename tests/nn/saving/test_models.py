"""save and load: the loaded model equals the saved one, and the file runs no code."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
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
from nn.saving import ArchitectureError, files

try:
    import torch
except ImportError:
    torch = None

X = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)


def model():
    return Sequential({"hidden": Linear(4, 3, rng=0), "act": Sequential(Tanh(), Dropout(0.25, rng=1))}).append(
        Linear(3, 2, bias=False, rng=2)
    )


class Scaled(Module):
    """A user's module, with a module and a list of modules among its arguments."""

    def __init__(self, inner, others, *, scale=2.0):
        self.inner, self.others, self.scale = inner, others, scale

    def forward(self, x):
        for layer in [self.inner, *self.others]:
            x = layer(x)
        return x * np.float32(self.scale)


def test_nn_loads_saving_on_first_use():
    code = "import sys, nn; print('nn.saving' in sys.modules, nn.saving.load is nn.load, 'nn.saving' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.split() == ["False", "True", "True"]


def test_load_returns_the_saved_model(tmp_path):
    ours = model().eval()
    again = load(save(tmp_path / "model.safetensors", ours))
    assert repr(again) == repr(ours)
    assert (again(X).data == ours(X).data).all()
    assert not any(module.training for module in again.modules())


def test_keeps_dtypes(tmp_path):
    ours = model().astype(float)
    ours.hidden_copy = None
    again = load(save(tmp_path / "model", ours))
    assert {p.dtype for p in again.parameters()} == {np.dtype(float)}


def test_a_shared_layer_stays_shared(tmp_path):
    shared = Linear(4, 4, rng=0)
    again = load(save(tmp_path / "model", Sequential(shared, ReLU(), shared)))
    assert again[0] is again[2]
    assert list(again.state_dict()) == ["0.weight", "0.bias"]


def test_loading_a_users_module_needs_its_class(tmp_path):
    ours = Scaled(Linear(4, 4, rng=0), [ReLU(), Linear(4, 2, rng=1)], scale=3.0)
    path = save(tmp_path / "model", ours)
    with pytest.raises(ArchitectureError, match=r"got an unknown module 'Scaled'; .*modules=\[\.\.\.\]"):
        load(path)
    again = load(path, modules=[Scaled])
    assert (again(X).data == ours(X).data).all()
    assert again.scale == 3.0


def test_a_model_that_cannot_be_described_is_not_written(tmp_path):
    late = Sequential(Linear(2, 2))
    late[0].extra = Tensor([1.0], requires_grad=True)
    with pytest.raises(ArchitectureError, match=r"Sequential rebuilt from .* other names or shapes: 0\.extra"):
        save(tmp_path / "model", late)
    with pytest.raises(ArchitectureError, match="got function"):
        save(tmp_path / "model", Scaled(Linear(1, 1), [], scale=len.__class__ and (lambda: 1)))
    assert list(tmp_path.iterdir()) == []


def test_load_into_a_model(tmp_path):
    path, other = save(tmp_path / "model", model()), model()
    other["hidden"].weight.data = other["hidden"].weight.data + 1
    assert load(path, into=other) is other
    assert (other["hidden"].weight.data == model()["hidden"].weight.data).all()
    assert other.training
    small = Sequential(Linear(4, 2, rng=0))
    with pytest.raises(ValueError, match=r"contains another model.*does not fit Sequential") as caught:
        load(path, into=small)
    assert "unexpected: hidden.weight (3, 4)" in str(caught.value)
    assert (small[0].weight.data == Linear(4, 2, rng=0).weight.data).all()


def test_a_file_without_an_architecture(tmp_path):
    from safetensors.numpy import save_file

    save_file(Linear(4, 2, rng=5).state_dict(), tmp_path / "theirs")
    with pytest.raises(ArchitectureError, match=r"no architecture.*nn\.load\(path, into=model\)"):
        load(tmp_path / "theirs")
    ours = load(tmp_path / "theirs", into=Linear(4, 2))
    assert (ours.weight.data == Linear(4, 2, rng=5).weight.data).all()


def test_a_missing_file(tmp_path):
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
def test_rejects_architectures_that_do_not_describe_a_model(architecture, tmp_path):
    path = files.write(tmp_path / "model", {}, {"architecture": architecture})
    with pytest.raises(ArchitectureError):
        load(path)


def trained_layers(folder):
    from classifiers import Training

    layers = [Linear(4, 3, rng=0), BatchNorm1d(3), ReLU(), Dropout(0.5, rng=2), LayerNorm(3), Linear(3, 2, rng=1)]
    ours = Sequential(*layers)
    optimizer = optim.AdamW(ours.parameters(), lr=0.1)
    training = Training(ours, CrossEntropyLoss(), optimizer, batch_size=5, rng=3)
    training.run((X, np.array([0, 1, 0, 1, 1])), epochs=3, save_to=folder / "checkpoint.safetensors")
    return layers, ours


def test_the_file_has_the_names_and_shapes_of_torch(tmp_path):
    """Read by safetensors alone, and computed by hand; and a file as torch writes it, with its counter of batches."""
    from safetensors.numpy import load_file, save_file

    layers, ours = trained_layers(tmp_path)
    state = load_file(save(tmp_path / "model.safetensors", ours))
    normal = ("weight", "bias", "running_mean", "running_var")
    assert {name: array.shape for name, array in state.items()} == {
        "0.weight": (3, 4), "0.bias": (3,), **{f"1.{name}": (3,) for name in normal},
        "4.weight": (3,), "4.bias": (3,), "5.weight": (2, 3), "5.bias": (2,),
    }  # fmt: skip
    hidden = X @ state["0.weight"].T + state["0.bias"]
    hidden = (hidden - state["1.running_mean"]) / np.sqrt(state["1.running_var"] + 1e-5)
    hidden = np.maximum(hidden * state["1.weight"] + state["1.bias"], 0)
    mean, variance = hidden.mean(axis=1, keepdims=True), hidden.var(axis=1, keepdims=True)
    hidden = (hidden - mean) / np.sqrt(variance + 1e-5) * state["4.weight"] + state["4.bias"]
    np.testing.assert_allclose(ours(X).data, hidden @ state["5.weight"].T + state["5.bias"], rtol=1e-5)
    save_file({**state, "1.num_batches_tracked": np.array(9)}, tmp_path / "theirs.safetensors")
    assert (load(tmp_path / "theirs.safetensors", into=Sequential(*layers))(X).data == ours(X).data).all()


@pytest.mark.skipif(torch is None, reason="torch is only an oracle")
def test_torch_loads_the_weights_and_we_load_those_of_torch(tmp_path):
    from safetensors.torch import load_file
    from safetensors.torch import save as serialise

    layers, ours = trained_layers(tmp_path)
    kinds = torch.nn.Linear, torch.nn.BatchNorm1d, torch.nn.LayerNorm
    theirs = torch.nn.Sequential(
        kinds[0](4, 3), kinds[1](3), torch.nn.ReLU(), torch.nn.Dropout(0.5), kinds[2](3), kinds[0](3, 2)
    ).eval()
    theirs.load_state_dict(load_file(save(tmp_path / "model.safetensors", ours)))
    np.testing.assert_allclose(theirs(torch.from_numpy(X)).detach().numpy(), ours(X).data, rtol=1e-5)
    (tmp_path / "theirs.safetensors").write_bytes(serialise(theirs.state_dict()))
    again = load(tmp_path / "theirs.safetensors", into=Sequential(*layers))  # also the counter of batches of torch
    assert (again(X).data == ours(X).data).all()


def test_rejects_a_model_larger_than_the_file(tmp_path):
    for inputs in (10_000, 10**9, 10**30):
        architecture = {"module": "Linear", "arguments": {"in_features": inputs, "out_features": inputs}}
        path = files.write(tmp_path / "model", {"weight": np.zeros(3)}, {"architecture": architecture})
        with pytest.raises(ArchitectureError, match=r"at most 3 numbers, as the file holds, got a Linear of 1[\d,]+"):
            load(path)


def test_frozen_parameters_stay_frozen(tmp_path):
    ours = Sequential(Linear(4, 3, rng=0), Linear(3, 2, rng=1))
    ours[0].weight.requires_grad = False
    again = load(save(tmp_path / "model", ours))
    assert [name for name, _ in again.named_parameters()] == ["0.bias", "1.weight", "1.bias"]


def test_rejects_two_tensors_with_the_same_name(tmp_path):
    model = Sequential({"a": Linear(2, 2)})
    model.a = Linear(2, 2)
    with pytest.raises(ValueError, match=r"two Tensors named 'a\.weight'"):
        save(tmp_path / "model", model)


def test_metadata_of_the_user(tmp_path):
    for former in (False, True):
        path = save(tmp_path / "model", model(), **{"notes" if former else "metadata": {"trained": "on Sunday"}})
        assert files.read(path).metadata["trained"] == "on Sunday"
    with pytest.raises(ValueError, match="expected keys other than 'architecture', which is reserved"):
        save(tmp_path / "model", model(), metadata={"architecture": {}})


VERSION_1 = Path(__file__).with_name("version_1.safetensors")  # written by version 0.1.0


def test_reads_files_of_version_0_1_and_writes_the_same_bytes(tmp_path):
    old = load(VERSION_1)
    assert repr(old).splitlines() == [
        "Sequential(",
        "  norm: Standardize(3)",
        "  hidden: Linear(3, 3)",
        "  act: Sequential(",
        "    0: LeakyReLU(slope=0.2)",
        "    1: Dropout(p=0.25)",
        "    2: Softmax(axis=1)",
        "  )",
        "  3: BatchNorm1d(3, momentum=0.2)",
        "  4: Linear(3, 3)",
        "  5: Tanh()",
        "  6: Linear(3, 3)",
        "  7: LayerNorm(3)",
        "  8: Linear(3, 2, bias=False)",
        "  9: Flatten()",
        "  10: ReLU()",
        "  11: Sigmoid()",
        ")",
    ]
    arrays, metadata = files.read(VERSION_1)
    assert [metadata["é"], metadata["rates"], metadata["best"]["n"]] == ["x", [0.1, 2**70, None, True], 2.0]
    assert metadata["best"]["w"].tolist() == [0, 1, 2]
    assert files.write(tmp_path / "copy", arrays, metadata).read_bytes() == VERSION_1.read_bytes()
    users = {name: value for name, value in metadata.items() if name not in {"architecture", "buffers"}}
    assert save(tmp_path / "model", old, metadata=users).read_bytes() == VERSION_1.read_bytes()


def test_tied_weights_are_tied_again(tmp_path):
    encoder, decoder = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    decoder.weight = encoder.weight
    model = nn.Sequential(encoder, nn.Tanh(), nn.Sequential(decoder, nn.ReLU()))
    loaded = nn.load(nn.save(tmp_path / "tied.safetensors", model))
    assert loaded[2][0].weight is loaded[0].weight
    assert loaded[2][0].bias is not loaded[0].bias
    x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    np.testing.assert_array_equal(loaded(x).data, model.eval()(x).data)
    assert len(list(loaded.parameters())) == 3
    again = nn.load(nn.save(tmp_path / "again.safetensors", loaded))
    assert again[2][0].weight is again[0].weight


NOT_TIED = [{"0.weight": "9.weight"}, {"0.weight": "0.bias"}, {"x": "0.weight"}, ["0.weight"], 3, {"0.weight": 1}]


@pytest.mark.parametrize("tied", NOT_TIED, ids=repr)
def test_a_file_that_ties_what_is_not_there(tmp_path, tied):
    path = nn.save(tmp_path / "model.safetensors", nn.Sequential(nn.Linear(3, 3, rng=0)))
    content = nn.saving.read(path)
    nn.saving.write(path, content.arrays, {**content.metadata, "tied": tied})
    with pytest.raises(nn.saving.ArchitectureError, match="ties"):
        nn.load(path)


def test_the_name_of_the_tied_weights_is_reserved(tmp_path):
    with pytest.raises(ValueError, match="tied"):
        nn.save(tmp_path / "model.safetensors", nn.Linear(2, 2, rng=0), metadata={"tied": {}})
