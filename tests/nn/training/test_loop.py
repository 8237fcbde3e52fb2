"""The training loop: what an epoch's numbers mean, what it refuses, and that it leaves nothing behind."""

import os
import pickle
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import CrossEntropyLoss, Dropout, Linear, Module, MSELoss, Sequential, optim
from nn.saving import files
from nn.schedules import Cosine, Plateau
from nn.training.batches import batches
from nn.training.callbacks import Callback
from nn.training.evaluation import evaluate, predict_scores
from nn.training.loop import Diverged, Training
from nn.training.metrics import top_k

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)
DATA = X, LABELS


class Seen(Callback):
    """The batches that went into the model."""

    def __init__(self):
        self.batches = []

    def on_start(self, training):
        forward = training.model.forward

        def noting(x):
            if training.model.training:
                self.batches.append(x.data)
            return forward(x)

        training.model.forward = noting


def make(lr=0.1, dropout=0.0, **settings):
    model = Sequential(Linear(4, 2, rng=0, dtype=float), Dropout(dropout, rng=2))
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return Training(model, CrossEntropyLoss(), optimizer, **{"batch_size": 16, "rng": 1, **settings})


@given(n=st.integers(1, 40), size=st.integers(1, 12))
def test_batches_cover_every_sample_once_and_none_stands_alone(n, size):
    parts = batches(n, size)
    assert [i for part in parts for i in range(n)[part]] == list(range(n))
    sizes = [part.stop - part.start for part in parts]
    assert max(sizes) <= size + 1
    assert size == 1 or n == 1 or min(sizes) > 1


def test_every_sample_is_seen_once_an_epoch_in_another_order_each_time():
    seen = Seen()
    make(callbacks=[seen]).run(DATA, epochs=2)
    assert [len(batch) for batch in seen.batches] == [16, 16, 16, 2] * 2
    first, second = np.concatenate(seen.batches[:4]), np.concatenate(seen.batches[4:])
    assert (np.sort(first, axis=0) == np.sort(X, axis=0)).all()
    assert (np.sort(second, axis=0) == np.sort(X, axis=0)).all()
    assert (first != second).any()


def test_an_epochs_numbers_are_means_over_its_samples():
    training = make(lr=1e-12)  # so slow that the model stays what it was
    history = training.run(DATA, epochs=2)
    measured = evaluate(training.model, CrossEntropyLoss(), DATA)
    for epoch in history:
        assert epoch.loss == pytest.approx(measured.loss, rel=1e-6)
        assert epoch.accuracy == pytest.approx(measured.accuracy)
        assert (epoch.validation_loss, epoch.validation_accuracy, epoch.metrics) == (None, None, {})
    assert [epoch.number for epoch in history] == [1, 2]


def test_validation_is_measured_in_evaluation_mode_with_the_metrics():
    training = make(dropout=0.5, metrics=[top_k(2)])
    history = training.run(DATA, epochs=2, validation=(X[:10], LABELS[:10]))
    measured = training.evaluate((X[:10], LABELS[:10]))
    assert (history[-1].validation_loss, history[-1].validation_accuracy) == measured[:2]
    assert history[-1].metrics == measured.metrics == {"top_2": 1.0}
    assert not training.model.training


def weights(training):
    return np.concatenate([array.ravel() for array in training.model.state_dict().values()]).tobytes()


def test_a_seed_gives_the_same_weights_and_runs_go_on():
    one, two, other = make(dropout=0.3), make(dropout=0.3), make(dropout=0.3, rng=7)
    one.run(DATA, epochs=4)
    two.run(DATA, epochs=1)
    assert len(two.run(DATA, epochs=4)) == 4
    other.run(DATA, epochs=4)
    assert weights(one) == weights(two) != weights(other)
    assert one.run(DATA, epochs=3) == one.history  # there are four already


def test_scores_come_in_blocks_and_record_nothing(monkeypatch):
    model = make().model
    whole = predict_scores(model, X)
    monkeypatch.setattr("nn.training.evaluation.EVALUATED", 7)
    np.testing.assert_allclose(predict_scores(model, X), whole, rtol=1e-12)
    assert whole.shape == (50, 2)


def test_the_plateau_hears_of_the_validation_loss():
    training = make(lr=1e-9)
    training.schedule = Plateau(training.optimizer, by=0.5, patience=0, threshold=0.1)
    history = training.run(DATA, epochs=3, validation=DATA)
    assert [epoch.learning_rate for epoch in history] == [1e-9, 5e-10, 2.5e-10]


def test_penalty_and_clipping():
    free, held = make(), make(penalty=lambda model: 10.0 * (model[0].weight ** 2).sum(), lr=0.01)
    free.run(DATA, epochs=20)
    held.run(DATA, epochs=20)
    assert np.linalg.norm(held.model[0].weight.data) < 0.1 * np.linalg.norm(free.model[0].weight.data)
    short = make(lr=1.0, clip_norm=1e-6)
    before = short.model.state_dict()
    short.run(DATA, epochs=1)
    assert np.abs(before["0.weight"] - short.model[0].weight.data).max() < 1e-4


def test_labels_that_are_no_classes_have_no_accuracy():
    class Squares(Module):
        def forward(self, out, wanted):
            return ((out - wanted) ** 2).mean()

    model = Linear(4, 1, rng=0, dtype=float)
    training = Training(model, Squares(), optim.SGD(model.parameters(), lr=0.1), batch_size=10, rng=0)
    history = training.run((X, X[:, :1]), epochs=20, validation=(X, X[:, :1]))
    assert history[-1].loss < 1e-3
    assert (history[-1].accuracy, history[-1].validation_accuracy) == (None, None)


# What goes wrong


class Spoiled(Callback):
    """Makes a weight what it should not be, after a step."""

    def __init__(self, step, value=np.nan):
        self.step, self.value = step, value

    def on_step(self, training):
        if training.steps == self.step:
            training.model[0].weight.data = np.full((2, 4), self.value)


@pytest.mark.parametrize(("step", "kept"), [(2, "the start"), (6, "the end of epoch 1"), (11, "the end of epoch 2")])
def test_a_loss_that_turns_nan_stops_and_the_last_good_weights_stay(step, kept):
    good = make()
    if step > 4:
        good.run(DATA, epochs=step // 4)
    training = make(callbacks=[Spoiled(step)])
    with pytest.raises(Diverged, match=f"the loss became nan at step {step + 1} .*went back to {kept}.*learning rate"):
        training.run(DATA, epochs=5)
    assert weights(training) == weights(good)


def test_weights_that_the_last_step_spoiled_are_noticed():
    training = make(callbacks=[Spoiled(8, np.inf)])
    with pytest.raises(Diverged, match=r"0\.weight became NaN or infinite") as caught:
        training.run(DATA, epochs=2)
    assert caught.value.model is training.model
    assert np.isfinite(training.model[0].weight.data).all()


def test_a_checkpoint_is_not_overwritten_by_what_is_spoiled(tmp_path):
    training = make(callbacks=[Spoiled(7)])
    with pytest.raises(Diverged):
        training.run(DATA, epochs=3, save_to=tmp_path / "c", save_every=1)
    again = make()
    again.resume(tmp_path / "c")
    assert again.steps == 6
    assert np.isfinite(again.model[0].weight.data).all()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"batch_size": 51}, "batch_size must be a whole number from 1 to 50, got 51"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"epochs": 0}, "epochs must be a whole number, at least 1, got 0"),
        ({"samples": (X, LABELS[:9])}, "samples must be a pair .* one row a sample"),
        ({"samples": (X[:0], LABELS[:0])}, "at least one"),
        ({"samples": X}, "samples must be a pair"),
        ({"validation": (X, LABELS[:9])}, "validation must be a pair"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(change, text):
    run = {"epochs": 1, "samples": DATA, **{key: value for key, value in change.items() if key != "batch_size"}}
    with pytest.raises(ValueError, match=text):
        make(**{key: value for key, value in change.items() if key == "batch_size"}).run(run.pop("samples"), **run)


class PressCtrlC(Callback):
    def __init__(self, step, times=1):
        self.step, self.times = step, times

    def on_step(self, training):
        if training.steps == self.step:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("step", [3, 4, 6])
def test_ctrl_c_ends_cleanly_and_can_be_resumed(step, tmp_path, capsys):
    whole, broken, again = make(), make(callbacks=[PressCtrlC(step)]), make()
    whole.run(DATA, epochs=3)
    history = broken.run(DATA, epochs=3, save_to=tmp_path / "c")
    assert broken.steps == step
    assert len(history) == step // 4
    assert f"interrupted at step {step}: what was learned is kept" in capsys.readouterr().err
    assert not broken.model.training
    again.resume(tmp_path / "c")
    again.run(DATA, epochs=3)
    assert weights(again) == weights(whole)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_at_once():
    training = make(callbacks=[PressCtrlC(2, times=2)])
    with pytest.raises(KeyboardInterrupt):
        training.run(DATA, epochs=3)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_no_gradients_stay_behind_and_the_model_pickles():
    training = make()
    training.run(DATA, epochs=1)
    assert all(parameter.grad is None for parameter in training.model.parameters())
    assert pickle.loads(pickle.dumps(training.model))[0].weight.shape == (2, 4)


# Checkpoints


def test_resumed_anywhere_it_ends_where_the_whole_ends(tmp_path):
    class Copy(Callback):
        def on_step(self, training):
            training.save(tmp_path / str(training.steps))

    def training(*callbacks):
        return make(dropout=0.3, augment=lambda batch, rng: batch + rng.normal(size=batch.shape), callbacks=callbacks)

    whole = training(Copy())
    history = whole.run(DATA, epochs=3)
    for step in range(1, 13):
        again = training()
        again.resume(tmp_path / str(step))
        assert [epoch[:2] for epoch in again.run(DATA, epochs=3)] == [epoch[:2] for epoch in history]
        assert weights(again) == weights(whole)


def test_a_checkpoint_holds_the_model(tmp_path):
    from nn import load

    training = make()
    training.run(DATA, epochs=1, save_to=tmp_path / "c")
    assert (load(tmp_path / "c")(X).data == training.model(X).data).all()


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (lambda: make(batch_size=8), r"its batch_size: 16, here: 8"),
        (lambda: make(dropout=0.1), r"another model"),
        (lambda: _training(Linear(4, 2, rng=0)), r"(?s)another model.*Linear\(4, 2\)"),
        (lambda: _training(make().model, optim.AdamW), "the type must be 'AdamW'"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused_and_changes_nothing(other, text, tmp_path):
    make().run(DATA, epochs=1, save_to=tmp_path / "c")
    training = other()
    before = weights(training), str(training.optimizer.state_dict())
    with pytest.raises(ValueError, match=text):
        training.resume(tmp_path / "c")
    assert (weights(training), str(training.optimizer.state_dict())) == before
    assert training.steps == 0


def _training(model, optimizer=optim.SGD):
    return Training(model, CrossEntropyLoss(), optimizer(model.parameters(), lr=0.1), batch_size=16)


def test_a_file_without_a_training_is_refused(tmp_path):
    from nn import save

    with pytest.raises(files.FileError, match="holds no training that could go on"):
        make().resume(save(tmp_path / "model", make().model))
    with pytest.raises(FileNotFoundError):
        make().resume(tmp_path / "nothing")


def test_within_an_epoch_other_samples_are_refused(tmp_path):
    broken, again = make(callbacks=[PressCtrlC(2)]), make()
    broken.run(DATA, epochs=1, save_to=tmp_path / "c")
    again.resume(tmp_path / "c")
    with pytest.raises(ValueError, match="within an epoch over 50 samples, got 40"):
        again.run((X[:40], LABELS[:40]), epochs=1)


def test_a_model_that_cannot_be_saved_is_told_before_the_first_step(tmp_path):
    training = make()
    training.model[0].late = Tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="made anew"):
        training.run(DATA, epochs=1, save_to=tmp_path / "c")
    assert training.steps == 0


# What two readers found


def test_evaluating_on_the_way_changes_nothing():
    class Looks(Callback):
        def on_step(self, training):
            training.evaluate((X, LABELS))
            training.model.eval()

    plain, watched = make(dropout=0.5), make(dropout=0.5, callbacks=[Looks()])
    plain.run(DATA, epochs=2)
    watched.run(DATA, epochs=2)
    assert weights(plain) == weights(watched)
    plain.model.train()
    plain.evaluate(DATA)
    assert plain.model.training


def test_a_rate_of_the_users_stays_where_there_is_no_schedule():
    class Slower(Callback):
        def on_epoch(self, training):
            training.optimizer.lr = 1e-5

    history = make(callbacks=[Slower()]).run(DATA, epochs=2)
    assert [epoch.learning_rate for epoch in history] == [0.1, 1e-5]


def test_after_it_diverged_it_stands_where_it_was_good():
    training, good = make(callbacks=[Spoiled(6)]), make()
    good.run(DATA, epochs=1)
    with pytest.raises(Diverged):
        training.run(DATA, epochs=5)
    assert (training.steps, len(training.history)) == (4, 1)
    training.callbacks = []
    training.run(DATA, epochs=3)
    good.run(DATA, epochs=3)
    assert weights(training) == weights(good)


def test_ctrl_c_does_not_save_spoiled_weights(tmp_path):
    training = make(callbacks=[Spoiled(6), PressCtrlC(6)])
    with pytest.raises(Diverged):
        training.run(DATA, epochs=3, save_to=tmp_path / "c")
    again = make()
    again.resume(tmp_path / "c")
    assert again.steps == 4


def test_a_loss_that_learns_is_resumed_too(tmp_path):
    class Tempered(Module):
        def __init__(self):
            self.loss, self.heat = CrossEntropyLoss(), Tensor(np.ones(1), requires_grad=True)

        def forward(self, scores, labels):
            return self.loss(scores * self.heat, labels)

    def training():
        model, loss = Linear(4, 2, rng=0, dtype=float), Tempered()
        optimizer = optim.SGD([*model.parameters(), *loss.parameters()], lr=0.1)
        return Training(model, loss, optimizer, batch_size=16, rng=0)

    whole, first, again = training(), training(), training()
    whole.run(DATA, epochs=4)
    first.run(DATA, epochs=2, save_to=tmp_path / "c")
    again.resume(tmp_path / "c")
    again.run(DATA, epochs=4)
    assert again.loss.heat.data == whole.loss.heat.data != 1


def test_a_checkpoint_with_another_generator_changes_nothing(tmp_path):
    make(rng=np.random.Generator(np.random.Philox(1))).run(DATA, epochs=1, save_to=tmp_path / "c")
    training = make()
    before = weights(training)
    with pytest.raises(ValueError, match="PCG64"):
        training.resume(tmp_path / "c")
    assert weights(training) == before


def other():
    return make().model


def _one(scores, labels):
    return 1.0


def _many(scores, labels):
    return np.ones(3)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"optimizer": optim.SGD(other().parameters(), lr=1)}, "this optimizer is of another model"),
        ({"schedule": Plateau(optim.SGD(other().parameters(), lr=1))}, "this schedule is of another optimizer"),
        ({"loss": CrossEntropyLoss}, "takes as loss a loss of one number .* got type"),
        ({"loss": CrossEntropyLoss(reduction="sum")}, "takes as loss a loss of one number"),
        ({"schedule": Plateau}, "takes as schedule a schedule of nn.schedules, or None.* got type"),
        ({"penalty": Tensor(1.0)}, "takes as penalty a function of the model"),
        ({"callbacks": Callback()}, "takes as callbacks a list of Callbacks"),
        ({"callbacks": [Callback]}, "takes as callbacks a list of Callbacks"),
        ({"metrics": "accuracy"}, "takes as metrics a list of functions"),
        ({"metrics": [_one, _one]}, r"metrics are told apart by their names.* _one, _one"),
        ({"clip_norm": 0}, "clip_norm must be above 0"),
    ],
)
def test_what_is_no_part_of_this_training_is_refused(change, text):
    model = make().model
    parts = {"loss": CrossEntropyLoss(), "optimizer": optim.SGD(model.parameters(), lr=0.1), **change}
    with pytest.raises((TypeError, ValueError), match=text):
        Training(model, **parts)


def test_what_would_fail_on_the_way_is_told_before():
    training = make(metrics=[_many])
    with pytest.raises(ValueError, match=r"_many gave ndarray of shape \(3,\)"):
        training.run(DATA, epochs=1, validation=DATA)
    broken = X.copy()
    broken[7, 1] = np.nan
    for data, options, text in (
        ((broken, LABELS), {}, "samples have NaN or infinity, first in row 7"),
        (DATA, {"validation": (X[:, :2], LABELS)}, r"validation has samples of shape \(50, 2\)"),
        (DATA, {"save_every": 2}, "not where: give save_to"),
        (DATA, {"save_every": 0.5, "save_to": "x"}, "save_every must be a whole number"),
    ):
        with pytest.raises(ValueError, match=text):
            make().run(data, epochs=1, **options)
    short = make()
    short.schedule = Cosine(short.optimizer, total_steps=9)
    with pytest.raises(ValueError, match="ends with step 12 of the training: the schedule was made for 9 steps"):
        short.run(DATA, epochs=3)
    assert short.steps == 0


def test_whole_numbers_that_are_no_classes_have_no_accuracy():
    model = Linear(4, 1, rng=0, dtype=float)
    training = Training(model, MSELoss(), optim.SGD(model.parameters(), lr=0.01), batch_size=10, rng=0)
    assert training.run((X, LABELS[:, None]), epochs=1, validation=(X, LABELS[:, None]))[0].validation_accuracy is None
