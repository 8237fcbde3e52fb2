"""The training loop: epochs and batches, metrics of an epoch, rejected arguments, and divergence."""

import pickle

import numpy as np
import pytest

from nn import CrossEntropyLoss, Dropout, Linear, Module, MSELoss, Sequential, optim
from nn.schedules import Cosine, Plateau
from nn.training.callbacks import Callback, EarlyStopping
from nn.training.evaluation import evaluate
from nn.training.loop import Diverged, Training
from nn.training.metrics import top_k

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)
DATA = X, LABELS


class Seen(Callback):
    """Keep the batches that the model receives."""

    def __init__(self):
        self.batches = []

    def on_start(self, training):
        forward = training.model.forward

        def recording(x):
            if training.model.training:
                self.batches.append(x.data)
            return forward(x)

        training.model.forward = recording


def make(lr=0.1, dropout=0.0, **settings):
    model = Sequential(Linear(4, 2, rng=0, dtype=float), Dropout(dropout, rng=2))
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return Training(model, CrossEntropyLoss(), optimizer, **{"batch_size": 16, "rng": 1, **settings})


def test_each_epoch_visits_every_sample_once_in_a_new_order():
    seen = Seen()
    make(callbacks=[seen]).run(DATA, epochs=2)
    assert [len(batch) for batch in seen.batches] == [16, 16, 16, 2] * 2
    first, second = np.concatenate(seen.batches[:4]), np.concatenate(seen.batches[4:])
    assert (np.sort(first, axis=0) == np.sort(X, axis=0)).all()
    assert (np.sort(second, axis=0) == np.sort(X, axis=0)).all()
    assert (first != second).any()


def test_loss_and_accuracy_of_an_epoch_are_means_over_its_samples():
    training = make(lr=1e-12)  # so small that the model hardly changes
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


def test_a_seed_gives_the_same_weights_and_runs_continue():
    one, two, other = make(dropout=0.3), make(dropout=0.3), make(dropout=0.3, rng=7)
    one.run(DATA, epochs=4)
    two.run(DATA, epochs=1)
    assert len(two.run(DATA, epochs=4)) == 4
    other.run(DATA, epochs=4)
    assert weights(one) == weights(two) != weights(other)
    assert one.run(DATA, epochs=3) == one.history  # it has four already


def test_a_plateau_schedule_gets_the_validation_loss():
    """With the opposite labels it rises while the training loss falls."""
    by_validation, by_training = make(), make()
    for training, validation in ((by_validation, (X, 1 - LABELS)), (by_training, None)):
        training.schedule = Plateau(training.optimizer, by=0.5, patience=0, threshold=0.01)
        training.run(DATA, epochs=3, validation=validation)
    assert [epoch.learning_rate for epoch in by_validation.history] == [0.1, 0.05, 0.025]
    assert [epoch.learning_rate for epoch in by_training.history] == [0.1, 0.1, 0.1]
    assert by_validation.schedule.best == by_validation.history[0].validation_loss
    assert by_training.schedule.best == by_training.history[-1].loss


def test_early_stopping_gets_the_validation_loss():
    stopping = EarlyStopping(2)
    history = make(callbacks=[stopping]).run(DATA, epochs=9, validation=(X, 1 - LABELS))
    assert (stopping.best, stopping.best_epoch, len(history)) == (history[0].validation_loss, 1, 3)


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), CrossEntropyLoss(weight=[0.5, 3.0])], ids=str)
def test_the_validation_loss_counts_sample_weights_like_repeated_samples(loss):
    counts = np.random.default_rng(1).integers(4, size=50)
    weighted, repeated = make(), make()
    weighted.loss = repeated.loss = loss
    one = weighted.run(DATA, epochs=2, validation=(X, LABELS, counts))
    other = repeated.run(DATA, epochs=2, validation=(X.repeat(counts, axis=0), LABELS.repeat(counts)))
    unweighted = make().run(DATA, epochs=2, validation=DATA)
    for epoch, expected, different in zip(one, other, unweighted, strict=True):
        assert epoch.validation_loss == pytest.approx(expected.validation_loss, rel=1e-12)
        assert epoch.validation_accuracy == pytest.approx(expected.validation_accuracy, rel=1e-12)
        assert epoch.validation_loss != pytest.approx(different.validation_loss, rel=1e-3)


def test_penalty_and_clipping():
    free, held = make(), make(penalty=lambda model: 10.0 * (model[0].weight ** 2).sum(), lr=0.01)
    free.run(DATA, epochs=20)
    held.run(DATA, epochs=20)
    assert np.linalg.norm(held.model[0].weight.data) < 0.1 * np.linalg.norm(free.model[0].weight.data)
    short = make(lr=1.0, clip_norm=1e-6)
    before = short.model.state_dict()
    short.run(DATA, epochs=1)
    assert np.abs(before["0.weight"] - short.model[0].weight.data).max() < 1e-4


def test_regression_has_no_accuracy():
    class Squares(Module):
        def forward(self, out, wanted):
            return ((out - wanted) ** 2).mean()

    model = Linear(4, 1, rng=0, dtype=float)
    training = Training(model, Squares(), optim.SGD(model.parameters(), lr=0.1), batch_size=10, rng=0)
    history = training.run((X, X[:, :1]), epochs=20, validation=(X, X[:, :1]))
    assert history[-1].loss < 1e-3
    assert (history[-1].accuracy, history[-1].validation_accuracy) == (None, None)


class SetsWeights(Callback):
    """Set a weight to NaN, or another value, after a step."""

    def __init__(self, step, value=np.nan):
        self.step, self.value = step, value

    def on_step(self, training):
        if training.steps == self.step:
            training.model[0].weight.data = np.full((2, 4), self.value)


@pytest.mark.parametrize(("step", "kept"), [(2, "the start"), (6, "the end of epoch 1"), (11, "the end of epoch 2")])
def test_a_loss_of_nan_stops_the_run_and_restores_the_last_good_weights(step, kept):
    good = make()
    if step > 4:
        good.run(DATA, epochs=step // 4)
    training = make(callbacks=[SetsWeights(step)])
    with pytest.raises(Diverged, match=f"the loss became nan at step {step + 1} .*reset to {kept}.*learning rate"):
        training.run(DATA, epochs=5)
    assert weights(training) == weights(good)


def test_detects_weights_that_become_infinite_in_the_last_step():
    training = make(callbacks=[SetsWeights(8, np.inf)])
    with pytest.raises(Diverged, match=r"0\.weight became NaN or infinite") as caught:
        training.run(DATA, epochs=2)
    assert caught.value.model is training.model
    assert np.isfinite(training.model[0].weight.data).all()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"batch_size": 51}, "batch_size must be a whole number from 1 to 50 for 50 samples, got 51"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"epochs": 0}, "epochs must be a whole number, at least 1, got 0"),
        ({"samples": (X, LABELS[:9])}, "samples must be a pair .* one row per sample"),
        ({"samples": (X[:0], LABELS[:0])}, "at least one"),
        ({"samples": X}, "samples must be a pair"),
        ({"validation": (X, LABELS[:9])}, "validation must be a pair"),
        ({"validation": np.ones(50)}, r"validation expected \(X, labels\) or .* got ndarray of shape \(50,\)"),
        ({"validation": (X,)}, r"validation expected \(X, labels\) or"),
        ({"validation": (X, LABELS, None, None)}, r"validation expected \(X, labels\) or"),
        ({"validation": 3}, r"validation expected \(X, labels\) or .* got int 3"),
    ],
)
def test_rejects_invalid_samples_and_settings(change, text):
    run = {"epochs": 1, "samples": DATA, **{key: value for key, value in change.items() if key != "batch_size"}}
    with pytest.raises(ValueError, match=text):
        make(**{key: value for key, value in change.items() if key == "batch_size"}).run(run.pop("samples"), **run)


def test_clears_gradients_and_the_model_can_be_pickled():
    training = make()
    training.run(DATA, epochs=1)
    assert all(parameter.grad is None for parameter in training.model.parameters())
    assert pickle.loads(pickle.dumps(training.model))[0].weight.shape == (2, 4)


def test_evaluating_during_a_run_changes_nothing():
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


def test_without_a_schedule_the_user_sets_the_rate():
    class Slower(Callback):
        def on_epoch(self, training):
            training.optimizer.lr = 1e-5

    history = make(callbacks=[Slower()]).run(DATA, epochs=2)
    assert [epoch.learning_rate for epoch in history] == [0.1, 1e-5]


def _many(scores, labels):
    return np.ones(3)


def test_raises_errors_before_the_first_step():
    training = make(metrics=[_many])
    with pytest.raises(ValueError, match=r"expected one number from the metric _many, got ndarray of shape \(3,\)"):
        training.run(DATA, epochs=1, validation=DATA)
    broken = X.copy()
    broken[7, 1] = np.nan
    for data, options, text in (
        ((broken, LABELS), {}, "samples must be finite, got NaN or infinity, first in row 7"),
        (
            DATA,
            {"validation": (X[:, :2], LABELS)},
            r"validation expected .* \(50, 4\), got \(50, 2\)",
        ),
        (DATA, {"save_every": 2}, "a file to write checkpoints to, got none; pass save_to="),
        (DATA, {"save_every": 0.5, "save_to": "x"}, "save_every must be a whole number"),
    ):
        with pytest.raises(ValueError, match=text):
            make().run(data, epochs=1, **options)
    short = make()
    short.schedule = Cosine(short.optimizer, total_steps=9)
    with pytest.raises(ValueError, match="would end with step 12: the schedule has 9 steps"):
        short.run(DATA, epochs=3)
    assert short.steps == 0


def test_integer_targets_of_a_regression_have_no_accuracy():
    model = Linear(4, 1, rng=0, dtype=float)
    training = Training(model, MSELoss(), optim.SGD(model.parameters(), lr=0.01), batch_size=10, rng=0)
    assert training.run((X, LABELS[:, None]), epochs=1, validation=(X, LABELS[:, None]))[0].validation_accuracy is None


@pytest.mark.parametrize("method", ["on_start", "on_step", "on_epoch", "on_end"])
@pytest.mark.parametrize("error", [StopIteration, KeyError])
def test_an_error_in_a_callback_is_raised_unchanged(method, error):
    def fail(training):
        raise error

    callback = Callback()
    setattr(callback, method, fail)
    with pytest.raises(error):
        make(callbacks=[callback]).run(DATA, epochs=1)


def test_the_loss_that_diverged_is_the_batch_loss():
    class Broken(CrossEntropyLoss):
        def forward(self, scores, labels):
            return super().forward(scores, labels) * float("nan")

    training = make()
    training.loss = Broken()
    with pytest.raises(Diverged):
        training.run(DATA, epochs=1)
    assert np.isnan(training.batch_loss)
