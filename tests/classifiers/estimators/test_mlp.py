"""MLPClassifier: learning, reproducibility, settings and errors."""

import pickle
from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from classifiers import MLPClassifier, preprocessing
from nn.schedules import Cosine, Plateau, WarmUp
from nn.training.loop import Training

RNG = np.random.default_rng(0)
LABELS = RNG.integers(3, size=300)
CENTRES = np.array([[0, 0, 5], [5, 0, 0], [0, 5, 0]])
X = (CENTRES[LABELS] + RNG.normal(size=(300, 3))).astype(np.float32)
NAMES = np.array(["cat", "car", "frog"])[LABELS]


def small(**settings):
    return MLPClassifier((16,), **{"epochs": 20, "batch_size": 32, "random_state": 0, **settings})


@parametrize_with_checks([MLPClassifier((50,), epochs=100, learning_rate=0.01)])
def test_passes_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_learns_with_every_activation_loss_and_optimiser(activation, loss, optimizer):
    model = small(activation=activation, loss=loss, optimizer=optimizer, learning_rate=0.02)
    assert model.fit(X, NAMES).score(X, NAMES) > 0.97
    assert set(model.predict(X)) == {"cat", "car", "frog"}


def test_depth_width_and_the_linear_model():
    for sizes, layers in (((), 2), ((8,), 5), ((8, 4), 8)):
        model = MLPClassifier(sizes, dropout=0.1, epochs=2, random_state=0).fit(X, LABELS)
        assert len(model.model_) == layers  # two, and for each hidden layer Linear, ReLU, Dropout
    assert len(MLPClassifier((8,), epochs=1).fit(X, LABELS).model_) == 4


def test_augments_training_batches_only():
    seen = []

    def augment(batch, rng):
        seen.append(len(batch))
        return -batch

    model = small(augment=augment, epochs=1).fit(X, LABELS, X_val=X, y_val=LABELS)
    assert sum(seen) == len(X)
    model.predict(X)
    assert sum(seen) == len(X)
    assert model.history_[0].validation_accuracy < 0.5  # it learned the negatives


def test_learns_the_standardisation_from_the_training_set_only():
    model = small(epochs=1).fit(X[:100], LABELS[:100], X_val=X[100:] + 1000, y_val=LABELS[100:])
    np.testing.assert_allclose(model.model_["standardize"].mean.data, X[:100].mean(axis=0), rtol=1e-5)
    model.predict(X + 1000)
    np.testing.assert_allclose(model.model_["standardize"].mean.data, X[:100].mean(axis=0), rtol=1e-5)
    assert len(small(epochs=1, standardize=False).fit(X, LABELS).model_) == 3


def test_clone_pickle_and_search():
    model = small().fit(X, NAMES)
    copy = pickle.loads(pickle.dumps(model))
    assert (copy.decision_function(X) == model.decision_function(X)).all()
    assert clone(model).get_params() == model.get_params()
    search = GridSearchCV(small(epochs=3), {"learning_rate": [1e-6, 0.02]}, cv=2).fit(X, NAMES)
    assert search.best_params_ == {"learning_rate": 0.02}


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"loss": "mse"}, r"loss must be one of cross_entropy, .*hinge, or a loss of nn"),
        (
            {"activation": ["relu", "tanh"]},
            r"activation must be one, or a list of 1, one for each hidden layer, got",
        ),
        ({"activation": [["relu"]]}, r"activation must be one of relu, .*, got \['relu'\]"),
        ({"activation": "gelu"}, r"activation must be one of relu, leaky_relu, .*, or a module of nn"),
        ({"activation": np.tanh}, r"activation must be one of .* or a module of nn, got <ufunc 'tanh'>"),
        (
            {"optimizer": "lion"},
            r"optimizer must be one of adamw, .* or a function of \(par",
        ),
        (
            {"schedule": "sometimes"},
            r"schedule must be one of constant, .* or a function of",
        ),
        ({"early_stopping": "yes"}, r"early_stopping must be True or False, got 'yes'"),
        ({"batch_norm": 1}, r"batch_norm must be True or False, got 1"),
        ({"validation_fraction": 1.0}, r"validation_fraction must be .* below 1"),
        ({"n_iter_no_change": 0}, r"n_iter_no_change must be a whole number, at least 1, or None, got 0"),
        ({"class_weight": "fair"}, r"class_weight.*'fair'"),
        ({"dropout": [0.1, 0.2]}, r"dropout must be one, or a list of 1, .* \[0.1, 0.2\]"),
        ({"hidden_layer_sizes": (16, 0)}, r"hidden_layer_sizes\[1\] must be a whole number, at least 1, got 0"),
        ({"hidden_layer_sizes": 1.5}, r"hidden_layer_sizes\[0\] must be .* 1.5"),
        ({"hidden_layer_sizes": "16"}, r"hidden_layer_sizes\[0\] must be .* '16'"),
        ({"epochs": 0}, r"epochs must be a whole number, at least 1, or None, got 0"),
        ({"batch_size": 2.5}, r"batch_size must be a whole number, at least 1, or None, got 2.5"),
        ({"dropout": 1.0}, r"at least 0 and below 1"),
        ({"learning_rate": 0.0}, r"learning_rate must be above 0"),
    ],
)
def test_rejects_wrong_settings(settings, match):
    with pytest.raises(ValueError, match=match):
        MLPClassifier(**{"hidden_layer_sizes": (16,), **settings}).fit(X, LABELS)


def test_accepts_any_activation_in_each_layer():
    class Swish(nn.Module):
        def forward(self, x):
            return x * x.sigmoid()

    model = MLPClassifier(
        (8, 8, 8, 8), activation=["leaky_relu", nn.Tanh, nn.LeakyReLU(0.2), Swish()], dropout=[0, 0.1, 0, 0.1],
        learning_rate=0.01, epochs=40, batch_size=32, random_state=0,
    )  # fmt: skip
    kinds = "Standardize Linear LeakyReLU Linear Tanh Dropout Linear LeakyReLU Linear Swish Dropout Linear"
    assert [type(layer).__name__ for layer in model.fit(X, NAMES).model_] == kinds.split()
    assert model.model_[7].slope == 0.2
    assert model.score(X, NAMES) > 0.97
    assert clone(model).fit(X, NAMES).score(X, NAMES) > 0.97


def test_accepts_any_loss_optimiser_and_schedule():
    class Margin(nn.Module):  # a user-defined loss
        def forward(self, scores, labels):
            right = scores[np.arange(len(labels)), labels].reshape(-1, 1)
            return (1 - right + scores).relu().sum(axis=1).mean() - 1

    chosen = [
        {"loss": "softmax", "optimizer": "rmsprop", "schedule": "cosine"},
        {"loss": "squared_hinge", "optimizer": "adam", "schedule": "step"},
        {"loss": nn.CrossEntropyLoss(label_smoothing=0.1), "optimizer": nn.optim.RMSProp, "schedule": "plateau"},
        {"loss": nn.HingeLoss(2.0), "optimizer": partial(nn.optim.SGD, momentum=0.8, nesterov=True)},
        {"loss": Margin(), "schedule": lambda optimizer, steps: WarmUp(Cosine(optimizer, total_steps=steps), steps=9)},
    ]
    for settings in chosen:
        model = small(**{"schedule": "constant", "learning_rate": 0.01, **settings}).fit(X, NAMES)
        assert model.score(X, NAMES) > 0.95, settings
        assert hasattr(model, "predict_proba") == ("softmax" in str(settings) or "CrossEntropyLoss" in str(settings))
    with pytest.raises(TypeError, match="Training: schedule must be"):
        small(schedule=lambda optimizer, steps: 3).fit(X, NAMES)
    with pytest.raises(TypeError, match=r"Margin.* accepts no sample weights"):
        small(loss=Margin()).fit(X, NAMES, np.ones(300))


def test_early_stopping_holds_out_samples_and_restores_the_best_weights():
    rng = np.random.default_rng(0)
    noisy = np.where(rng.random(300) < 0.3, rng.integers(3, size=300), LABELS)
    model = small(early_stopping=True, validation_fraction=0.2, n_iter_no_change=3, epochs=200, schedule="constant")
    model.fit(X, noisy)
    assert 4 <= model.n_iter_ < 200
    assert len(model.validation_scores_) == len(model.validation_loss_curve_) == model.n_iter_
    assert np.argmin(model.validation_loss_curve_) == model.n_iter_ - 4
    given = clone(model).fit(X[:200], LABELS[:200], X_val=X[200:], y_val=LABELS[200:])
    best = np.argmin(given.validation_loss_curve_)
    assert given.validation_scores_[best] == given.score(X[200:], LABELS[200:])
    assert small(early_stopping=True, epochs=300).fit(X[:60], LABELS[:60]).score(X, LABELS) > 0.9
    assert small(epochs=2).fit(X, NAMES).validation_scores_ is None
    with pytest.raises(ValueError, match=r"enough samples of each class, got 12 samples of which it holds out 0.1"):
        small(early_stopping=True).fit(X[:12], LABELS[:12])


def test_batch_norm_smoothing_and_whitening():
    model = small(batch_norm=True, label_smoothing=0.1, whiten=2, learning_rate=0.02).fit(X, NAMES)
    assert [type(layer).__name__ for layer in model.model_] == [
        "Standardize", "Linear", "Linear", "BatchNorm1d", "ReLU", "Linear"
    ]  # fmt: skip
    assert model.model_[2].bias is None
    assert model.score(X, NAMES) > 0.97
    assert np.median(model.predict_proba(X).max(axis=1)) < 0.96  # with smoothed labels, the optimum is 0.93
    with pytest.raises(ValueError, match=r"label_smoothing must be 0 unless loss='cross_entropy'"):
        small(loss="hinge", label_smoothing=0.1).fit(X, NAMES)
    with pytest.raises(ValueError, match="whiten must be a whole number, at least 1, or None, got 0"):
        small(whiten=0).fit(X, NAMES)
    with pytest.raises(ValueError, match=r"at most 3 principal components.* got 4"):
        small(whiten=4).fit(X, NAMES)


def test_resuming_with_early_stopping_holds_out_the_same_samples(tmp_path):
    settings = {"early_stopping": True, "epochs": 4}
    small(**settings, random_state=None).fit(X, NAMES, save_to=tmp_path / "c")
    with pytest.raises(ValueError, match=r"random_state must be an int to resume with early_stopping, .* got None"):
        small(**settings, random_state=None).fit(X, NAMES, resume_from=tmp_path / "c")


def test_held_out_samples_have_weights():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(400, 3))
    truth = (noise[:, 0] > 0).astype(int)
    wrong = rng.random(400) < 0.4
    labels, weights = np.where(wrong, 1 - truth, truth), np.where(wrong, 0.0, 1.0)
    model, equal = (
        small(early_stopping=True, epochs=60, learning_rate=0.02).fit(noise, labels, w) for w in (weights, None)
    )
    assert max(model.validation_scores_) > 0.95
    assert min(model.validation_loss_curve_) < 0.2 < 0.6 < min(equal.validation_loss_curve_)


@pytest.fixture
def split(monkeypatch):
    """For each fit: the rows to train on, the rows held out, and the rows that the preprocessing is learned from."""
    seen = []
    run, learn = Training.run, preprocessing.learn

    def recording_learn(rows, **settings):
        seen.append({"learned": rows.copy()})
        return learn(rows, **settings)

    def recording_run(self, samples, **settings):
        seen[-1].update(train=samples, weights=settings["sample_weight"], held_out=settings["validation"])
        return run(self, samples, **settings)

    monkeypatch.setattr(preprocessing, "learn", recording_learn)
    monkeypatch.setattr(Training, "run", recording_run)
    return seen


def in_order(rows):
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize("settings", [{}, {"whiten": 2}, {"standardize": False}])
def test_early_stopping_splits_the_samples_in_two(split, settings):
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(X))
    model = small(early_stopping=True, validation_fraction=0.2, epochs=1, **settings).fit(X, LABELS, weights)
    (seen,) = split
    train, labels = seen["train"]
    held_out, their_labels, their_weights = seen["held_out"]
    assert (len(train), len(held_out)) == (240, 60)
    np.testing.assert_array_equal(in_order(np.concatenate([train, held_out])), in_order(X))  # disjoint, and all
    assert len(np.unique(np.concatenate([train, held_out]), axis=0)) == len(X)
    np.testing.assert_array_equal(seen["learned"], train)
    if settings.get("standardize", True):
        np.testing.assert_allclose(model.model_["standardize"].mean.data, np.average(
            train, axis=0, weights=seen["weights"]
        ), rtol=1e-4)  # fmt: skip
    position = {row.tobytes(): i for i, row in enumerate(X)}
    for rows, own, of_rows in ((train, labels, seen["weights"]), (held_out, their_labels, their_weights)):
        index = [position[row.tobytes()] for row in rows]
        np.testing.assert_array_equal(own, LABELS[index])
        np.testing.assert_allclose(of_rows, (weights / weights.mean())[index], rtol=1e-12)


def test_the_split_depends_on_the_random_state_alone(split, tmp_path):
    settings = {"early_stopping": True, "epochs": 4}
    small(**settings).fit(X, NAMES, save_to=tmp_path / "c")
    small(**settings).fit(X, NAMES, resume_from=tmp_path / "c")
    small(**settings, learning_rate=0.1, dropout=0.5, standardize=False).fit(X, NAMES)
    small(**{**settings, "random_state": 1}).fit(X, NAMES)
    first, *same, other = split
    for again in same:
        np.testing.assert_array_equal(again["held_out"][0], first["held_out"][0])
        np.testing.assert_array_equal(again["train"][0], first["train"][0])
    assert not np.array_equal(other["held_out"][0], first["held_out"][0])


def test_early_stopping_watches_the_held_out_samples():
    """Labels without a pattern: the training loss falls for ever, the validation loss soon rises."""
    rng = np.random.default_rng(0)
    noise, labels = rng.normal(size=(120, 20)), rng.integers(2, size=120)
    model = small(early_stopping=True, n_iter_no_change=4, epochs=300, learning_rate=0.05).fit(noise, labels)
    assert model.n_iter_ < 50
    assert model.n_iter_ - 4 == 1 + np.argmin(model.validation_loss_curve_)
    assert model.loss_curve_[-1] < model.loss_curve_[-5]


def test_a_plateau_of_an_estimator_gets_the_loss_of_the_held_out_samples():
    rng = np.random.default_rng(0)
    noise, labels = rng.normal(size=(120, 20)), rng.integers(2, size=120)
    model = small(
        early_stopping=True, n_iter_no_change=30, epochs=30, learning_rate=0.02,
        schedule=lambda optimizer, steps: Plateau(optimizer, patience=0, by=0.5),
    ).fit(noise, labels)  # fmt: skip
    rates = [epoch.learning_rate for epoch in model.history_]
    best, expected, rate = np.inf, [], 0.02
    for loss in model.validation_loss_curve_:
        rate, best = (rate, loss) if loss < best * (1 - 1e-4) else (rate / 2, best)
        expected.append(rate)
    assert rates == pytest.approx(expected)
    assert rates[-1] < rates[0]


def test_the_learning_rate_is_required():
    with pytest.raises(ValueError, match="MLPClassifier: learning_rate must be above 0 and finite, got None"):
        MLPClassifier(learning_rate=None).fit(np.zeros((4, 2)), [0, 1, 0, 1])
