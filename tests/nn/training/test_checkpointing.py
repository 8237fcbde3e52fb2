"""Checkpoints: runs resume bit for bit; checkpoints of other runs are rejected."""

import os
import signal
import sys

import numpy as np
import pytest

from autograd import Tensor
from nn import CrossEntropyLoss, Dropout, Linear, Module, Sequential, load, optim, save
from nn.saving import files
from nn.training import checkpointing
from nn.training.callbacks import Callback
from nn.training.loop import Diverged, Training

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)
DATA = X, LABELS


def make(lr=0.1, dropout=0.0, **settings):
    model = Sequential(Linear(4, 2, rng=0, dtype=float), Dropout(dropout, rng=2))
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return Training(model, CrossEntropyLoss(), optimizer, **{"batch_size": 16, "rng": 1, **settings})


def weights(training):
    return np.concatenate([array.ravel() for array in training.model.state_dict().values()]).tobytes()


class SetsWeights(Callback):
    """Set a weight to NaN, or another value, after a step."""

    def __init__(self, step, value=np.nan):
        self.step, self.value = step, value

    def on_step(self, training):
        if training.steps == self.step:
            training.model[0].weight.data = np.full((2, 4), self.value)


class PressCtrlC(Callback):
    def __init__(self, step, times=1):
        self.step, self.times = step, times

    def on_step(self, training):
        if training.steps == self.step:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


def test_a_run_resumed_at_any_step_ends_with_the_same_weights(tmp_path):
    class Copy(Callback):
        def on_step(self, training):
            training.save(tmp_path / str(training.steps))

    def training(*callbacks):
        return make(dropout=0.3, augment=lambda batch, rng: batch + rng.normal(size=batch.shape), callbacks=callbacks)

    unbroken = training(Copy())
    history = unbroken.run(DATA, epochs=3)
    for step in range(1, 13):
        again = training()
        again.resume(tmp_path / str(step))
        assert [epoch[:2] for epoch in again.run(DATA, epochs=3)] == [epoch[:2] for epoch in history]
        assert weights(again) == weights(unbroken)


def test_a_checkpoint_holds_the_model(tmp_path):
    training = make()
    training.run(DATA, epochs=1, save_to=tmp_path / "c")
    assert (load(tmp_path / "c")(X).data == training.model(X).data).all()


def test_resumes_a_loss_with_parameters(tmp_path):
    class Tempered(Module):
        def __init__(self):
            self.loss, self.heat = CrossEntropyLoss(), Tensor(np.ones(1), requires_grad=True)

        def forward(self, scores, labels):
            return self.loss(scores * self.heat, labels)

    def training():
        model, loss = Linear(4, 2, rng=0, dtype=float), Tempered()
        optimizer = optim.SGD([*model.parameters(), *loss.parameters()], lr=0.1)
        return Training(model, loss, optimizer, batch_size=16, rng=0)

    unbroken, first, again = training(), training(), training()
    unbroken.run(DATA, epochs=4)
    first.run(DATA, epochs=2, save_to=tmp_path / "c")
    again.resume(tmp_path / "c")
    again.run(DATA, epochs=4)
    assert again.loss.heat.data == unbroken.loss.heat.data != 1


def _run_of(model, optimizer=optim.SGD):
    return Training(model, CrossEntropyLoss(), optimizer(model.parameters(), lr=0.1), batch_size=16)


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (lambda: make(batch_size=8), r"expected batch_size 8, got 16"),
        (lambda: make(dropout=0.1), r"another model"),
        (lambda: _run_of(Linear(4, 2, rng=0)), r"(?s)another model.*Linear\(4, 2\)"),
        (lambda: _run_of(make().model, optim.AdamW), "the type must be 'AdamW'"),
    ],
)
def test_rejects_checkpoints_of_another_run_and_changes_nothing(other, text, tmp_path):
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    training = other()
    before = weights(training), str(training.optimizer.state_dict())
    with pytest.raises(ValueError, match=text):
        training.resume(tmp_path / "c")
    assert (weights(training), str(training.optimizer.state_dict())) == before
    assert training.steps == 0


def test_rejects_files_without_a_training_run(tmp_path):
    with pytest.raises(files.FileError, match="contains no training run"):
        make().resume(save(tmp_path / "model", make().model))
    with pytest.raises(FileNotFoundError):
        make().resume(tmp_path / "nothing")


def test_rejects_other_samples_within_an_epoch(tmp_path):
    broken, again = make(callbacks=[PressCtrlC(2)]), make()
    broken.run(DATA, epochs=1, save_to=tmp_path / "c")
    again.resume(tmp_path / "c")
    with pytest.raises(ValueError, match="within an epoch over 50 samples, got 40"):
        again.run((X[:40], LABELS[:40]), epochs=1)


def test_rejects_a_checkpoint_with_another_kind_of_generator(tmp_path):
    make(rng=np.random.Generator(np.random.Philox(1))).run(DATA, epochs=1, save_to=tmp_path / "c")
    training = make()
    before = weights(training)
    with pytest.raises(ValueError, match="PCG64"):
        training.resume(tmp_path / "c")
    assert weights(training) == before


def test_rejects_a_model_that_cannot_be_saved_before_the_first_step(tmp_path):
    training = make()
    training.model[0].late = Tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="rebuilt from its arguments"):
        training.run(DATA, epochs=1, save_to=tmp_path / "c")
    assert training.steps == 0


def test_never_replaces_a_checkpoint_by_weights_of_nan(tmp_path):
    training = make(callbacks=[SetsWeights(7)])
    with pytest.raises(Diverged):
        training.run(DATA, epochs=3, save_to=tmp_path / "c", save_every=1)
    again = make()
    again.resume(tmp_path / "c")
    assert again.steps == 6
    assert np.isfinite(again.model[0].weight.data).all()


def test_ctrl_c_does_not_save_weights_of_nan(tmp_path):
    training = make(callbacks=[SetsWeights(6), PressCtrlC(6)])
    with pytest.raises(Diverged):
        training.run(DATA, epochs=3, save_to=tmp_path / "c")
    again = make()
    again.resume(tmp_path / "c")
    assert again.steps == 4


def test_continues_from_the_last_good_state_after_divergence():
    training, good = make(callbacks=[SetsWeights(6)]), make()
    good.run(DATA, epochs=1)
    with pytest.raises(Diverged):
        training.run(DATA, epochs=5)
    assert (training.steps, len(training.history)) == (4, 1)
    training.callbacks = []
    training.run(DATA, epochs=3)
    good.run(DATA, epochs=3)
    assert weights(training) == weights(good)


def test_warns_if_blas_used_another_number_of_threads(tmp_path, monkeypatch):
    """OpenBLAS rounds products of float32 by the number of threads."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    written = files.read(tmp_path / "c").metadata["training"]["blas_threads"]
    assert written == checkpointing.blas_threads() >= 1
    make().resume(tmp_path / "c")  # without a warning
    monkeypatch.setattr(threadpoolctl, "threadpool_info", lambda: [{"user_api": "blas", "num_threads": 99}])
    with pytest.warns(
        UserWarning, match=rf"BLAS used {written} threads, now it uses 99.*OPENBLAS_NUM_THREADS={written} "
    ):
        make().resume(tmp_path / "c")


def test_the_number_of_threads_is_unknown_without_threadpoolctl(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    assert files.read(tmp_path / "c").metadata["training"]["blas_threads"] is None
    make().resume(tmp_path / "c")


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", -1), ("steps", "many"), ("seconds", [1]), ("epoch", []), ("epoch", [None, 0, 0, 0, "x"]),
     ("epoch", [np.array([0, 0]), 0, 0, 0, 0.0]), ("epoch", [[0, 1], 0, 0, 0, 0.0]), ("epoch", [None, -1, 0, 0, 0.0]),
     ("history", 3), ("history", [[]]), ("optimizer", None), ("optimizer", {}), ("loss", 1), ("callbacks", 3),
     ("random", None), ("random", [["rng", 3]])],
)  # fmt: skip
def test_rejects_a_checkpoint_with_impossible_content_and_changes_nothing(tmp_path, name, value):
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    arrays, metadata = files.read(tmp_path / "c")
    metadata["training"][name] = value
    files.write(tmp_path / "c", arrays, metadata)
    training = make()
    before = weights(training), str(training._progress())
    with pytest.raises(ValueError, match=r"c (belongs to another|does not fit this) training run"):
        training.resume(tmp_path / "c")
    assert (weights(training), str(training._progress())) == before


def test_rejects_a_checkpoint_without_a_part(tmp_path):
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    arrays, metadata = files.read(tmp_path / "c")
    del metadata["training"]["random"]
    files.write(tmp_path / "c", arrays, metadata)
    with pytest.raises(files.FileError, match="a training run without random"):
        make().resume(tmp_path / "c")
