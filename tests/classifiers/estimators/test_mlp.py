"""MLPClassifier: learning, reproducibility, settings and errors."""

import os
import pickle
import signal
import warnings
from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from classifiers import MLPClassifier
from nn.schedules import Cosine, WarmUp
from nn.training.callbacks import Callback, EarlyStopping

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


def test_small_training_sets_get_more_epochs():
    from sklearn.datasets import load_iris

    samples, species = load_iris(return_X_y=True)
    model = MLPClassifier(16, random_state=0).fit(samples, species)
    assert len(model.history_) == 2000  # one batch each
    assert model.score(samples, species) > 0.97
    assert model.model_[1].weight.shape == (16, 4)


def test_probabilities_are_the_softmax_of_the_scores():
    model = small().fit(X, NAMES)
    probabilities, scores = model.predict_proba(X), model.decision_function(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.diff(np.log(probabilities)), np.diff(scores), rtol=1e-2, atol=1e-3)
    assert (model.classes_[probabilities.argmax(axis=1)] == model.predict(X)).all()


def test_hinge_has_no_probabilities():
    model = small(loss="hinge")
    assert not hasattr(model, "predict_proba")
    with pytest.raises(AttributeError, match="predict_proba"):
        model.fit(X, NAMES).predict_proba(X)


def weights(model):
    return np.concatenate([parameter.data.ravel() for parameter in model.model_.parameters()])


def test_a_seed_gives_the_same_weights_bit_for_bit():
    first, second = weights(small().fit(X, LABELS)), weights(small().fit(X, LABELS))
    assert first.tobytes() == second.tobytes()
    assert (first != weights(small(random_state=1).fit(X, LABELS))).any()


def test_validation_does_not_change_the_weights():
    plain, watched = small().fit(X, LABELS), small().fit(X, LABELS, X_val=X[:50], y_val=LABELS[:50])
    assert weights(plain).tobytes() == weights(watched).tobytes()
    assert plain.history_[-1].validation_accuracy is None
    assert watched.history_[-1].validation_accuracy == watched.score(X[:50], LABELS[:50])


def test_uint8_stays_uint8_and_is_computed_in_float32():
    images = RNG.integers(256, size=(60, 12), dtype=np.uint8)
    before = images.copy()
    model = small(epochs=1).fit(images, LABELS[:60])
    assert (images == before).all()
    assert images.dtype == np.uint8
    assert model.model_[1].weight.dtype == np.float32
    assert model.predict_proba(images).dtype == np.float32
    assert small(epochs=1).fit(X.astype(float), LABELS).predict_proba(X).dtype == np.float64


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


def test_verbose_shows_progress(capsys):
    small(epochs=2, verbose=True).fit(X, LABELS, X_val=X, y_val=LABELS)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("epoch   2  loss ")
    assert "validation" in lines[1]
    small(epochs=2).fit(X, LABELS)
    assert capsys.readouterr() == ("", "")


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


def test_rejects_wrong_data():
    broken = X.copy()
    broken[7, 2] = np.nan
    with pytest.raises(ValueError, match=r"X with NaN or infinity, first at sample 7, feature 2 \(1 in all\)"):
        small().fit(broken, LABELS)
    with pytest.raises(ValueError, match=r"0 sample\(s\) \(shape=\(0, 3\)\) while a minimum of 1 is required by MLP"):
        small().fit(X[:0], LABELS[:0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        small().fit(X, LABELS[:5])
    with pytest.raises(ValueError, match="Unknown label type"):
        small().fit(X, LABELS + 0.5)
    model = small(epochs=1)
    with pytest.raises(NotFittedError):
        model.predict(X)
    model.fit(X, LABELS)
    with pytest.raises(ValueError, match="X has 2 features, but MLPClassifier is expecting 3"):
        model.predict(X[:, :2])
    with pytest.raises(ValueError, match="first at sample 7"):
        model.predict(broken)
    with pytest.raises(ValueError, match=r"y_val expected labels among the learned classes \[0, 1, 2\], got \[3\]"):
        small().fit(X, LABELS, X_val=X[:1], y_val=[3])
    with pytest.raises(ValueError, match="got only X_val"):
        small().fit(X, LABELS, X_val=X)


def test_rejects_a_single_class():
    with pytest.raises(ValueError, match=r"at least two classes, got one class only, \['only'\]"):
        small(epochs=1).fit(X[:5], ["only"] * 5)


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


def test_sample_weights_equal_repeated_samples():
    """Exactly, in a single batch; a weight of 0 excludes a sample, from the standardisation, too."""
    weights = RNG.integers(4, size=60)
    one_batch = {"batch_size": None, "epochs": 50, "dropout": 0.0}
    weighted = small(**one_batch).fit(X[:60].astype(float), LABELS[:60], weights)
    again = small(**one_batch).fit(np.repeat(X[:60].astype(float), weights, axis=0), np.repeat(LABELS[:60], weights))
    np.testing.assert_allclose(weighted.decision_function(X), again.decision_function(X), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(weighted.loss_curve_, again.loss_curve_, rtol=1e-8)


def test_class_weights_move_the_boundary():
    rng = np.random.default_rng(1)
    samples, rare = rng.normal(size=(400, 2)), (np.arange(400) % 10 == 0)
    samples[rare] += 1.0
    found, settings = {}, {"learning_rate": 0.05, "random_state": 0}
    for weight in (None, "balanced", {False: 1, True: 9}):
        model = MLPClassifier((), epochs=30, class_weight=weight, **settings).fit(samples, rare)
        found[str(weight)] = model.predict(samples)[rare].mean()
    assert found["None"] < 0.4
    assert found["balanced"] > 0.6
    assert found["{False: 1, True: 9}"] == found["balanced"]  # 360 to 40
    doubled = MLPClassifier((), epochs=30, class_weight="balanced", **settings).fit(samples, rare, np.full(400, 2))
    assert doubled.predict(samples)[rare].mean() == found["balanced"]


def test_partial_fit_continues():
    model = small(learning_rate=0.01, dropout=0.1)
    for start in range(0, 300, 100):
        for _ in range(5):
            part = slice(start, start + 100)
            model.partial_fit(X[part], NAMES[part], classes=np.unique(NAMES))
    assert model.score(X, NAMES) > 0.95
    assert model.n_iter_ == len(model.loss_curve_) == 15
    rest = pickle.loads(pickle.dumps(model)).partial_fit(X, NAMES)  # with the state of its optimiser
    assert weights(rest).tobytes() == weights(model.partial_fit(X, NAMES)).tobytes()

    fitted = small(epochs=3).fit(X, NAMES)
    before = fitted.loss_curve_[-1]
    assert fitted.partial_fit(X, NAMES).partial_fit(X[:40], NAMES[:40]).n_iter_ == 5
    assert fitted.loss_curve_[3] < before
    assert fitted.fit(X, NAMES).n_iter_ == 3  # from the start

    with pytest.raises(ValueError, match="partial_fit expected classes= in its first call, got None"):
        small().partial_fit(X, NAMES)
    with pytest.raises(
        ValueError, match=r"the classes of the first call, \['car', 'cat', 'frog'\], got classes=\['car'\]"
    ):
        model.partial_fit(X, NAMES, classes=["car"])
    with pytest.raises(ValueError, match=r"^y expected labels among the learned classes .* got \['dog'\]"):
        model.partial_fit(X[:2], ["cat", "dog"])
    with pytest.raises(ValueError, match="X has 2 features"):
        model.partial_fit(X[:, :2], NAMES)
    with pytest.raises(ValueError, match="expected class_weight as a dict or None, got 'balanced'"):
        small(class_weight="balanced").partial_fit(X, NAMES, classes=np.unique(NAMES))
    with pytest.raises(ValueError, match="expected early_stopping=False, got True"):
        small(early_stopping=True).partial_fit(X, NAMES, classes=np.unique(NAMES))
    assert model.n_iter_ == 16


def test_early_stopping_holds_out_samples_and_restores_the_best_weights():
    noisy = np.where(RNG.random(300) < 0.3, RNG.integers(3, size=300), LABELS)
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


def test_failed_fit_leaves_the_estimator_unchanged():
    model = small().fit(X, NAMES)
    before = model.predict(X)
    for broken in ({"X_val": X}, {"X_val": X[:, :2], "y_val": NAMES}):
        with pytest.raises(ValueError, match=r"X_val|features"):
            model.fit(X, np.char.upper(NAMES), **broken)
    with pytest.raises(ValueError, match="dropout"):
        model.set_params(dropout=1.5).fit(X[:, :2], NAMES)
    assert (model.predict(X) == before).all()
    fresh = small(dropout=1.5)
    with pytest.raises(ValueError, match="dropout"):
        fresh.fit(X, NAMES)
    with pytest.raises(NotFittedError):
        fresh.predict(X)


def test_large_integers_keep_their_digits():
    times = 1_700_000_000 + np.arange(40)[:, None]
    model = small(batch_size=8, epochs=100, learning_rate=0.02).fit(times, np.arange(40) > 20)
    assert model.score(times, np.arange(40) > 20) > 0.9


def test_divergence_raises():
    with pytest.raises(FloatingPointError, match=r"the loss became (nan|inf) at step .* smaller learning rate"):
        small(optimizer="sgd", learning_rate=1e30).fit(X, LABELS)


def test_trained_models_keep_no_gradients():
    assert all(parameter.grad is None for parameter in small(epochs=1).fit(X, LABELS).model_.parameters())


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


def test_callbacks_and_early_stopping(tmp_path):
    stopping = EarlyStopping(3, least=10.0)
    model = small(epochs=200, callbacks=[stopping], learning_rate=0.02).fit(X, NAMES, X_val=X[:50], y_val=NAMES[:50])
    assert (len(model.history_), stopping.best_epoch) == (4, 1)
    again = model.fit(X, NAMES, X_val=X[:50], y_val=NAMES[:50])
    assert len(again.history_) == 4  # its state from the first fit is reset


def test_resumes_a_fit_and_saves_the_model_with_its_preprocessing(tmp_path):
    class Stop(Callback):
        def on_epoch(self, training):
            if len(training.history) == 3:
                os.kill(os.getpid(), signal.SIGINT)

    whole = small(epochs=6, dropout=0.2, whiten=3).fit(X, LABELS)
    path = tmp_path / "checkpoint"
    broken = small(epochs=6, dropout=0.2, whiten=3, callbacks=[Stop()]).fit(X, LABELS, save_to=path)
    assert len(broken.history_) == 3
    resumed = small(epochs=6, dropout=0.2, whiten=3).fit(X, LABELS, resume_from=path)
    assert weights(resumed).tobytes() == weights(whole).tobytes()
    alone = nn.load(nn.save(tmp_path / "model", whole.model_))
    assert (alone(X).data.argmax(axis=1) == whole.predict(X)).all()


def test_failed_partial_fit_leaves_the_estimator_unchanged():
    class Fuse(Callback):
        blow = None

        def on_step(self, training):
            if Fuse.blow is not None:
                raise Fuse.blow

    model = small(callbacks=[Fuse()]).partial_fit(X, NAMES, classes=np.unique(NAMES))
    before = weights(model)
    Fuse.blow = RuntimeError()
    with pytest.raises(RuntimeError):
        model.partial_fit(X, NAMES)
    assert weights(model).tobytes() == before.tobytes()
    Fuse.blow = None
    assert model.partial_fit(X[:50], NAMES[:50]).n_iter_ == 2


def test_partial_fit_ignores_early_stopping():
    stopping = EarlyStopping(2, watch="loss", least=10.0)
    model = small(callbacks=[stopping]).fit(X, NAMES)
    small(callbacks=[stopping]).fit(-X, NAMES)  # the same callback
    before = model.score(X, NAMES)
    for _ in range(4):
        model.partial_fit(X, NAMES)
    assert model.score(X, NAMES) >= before
    assert model.n_iter_ == 3 + 4
    assert stopping.weights == stopping.last == {}


def test_changed_settings_take_effect_in_partial_fit():
    still = small(learning_rate=1e-9).partial_fit(X, NAMES, classes=np.unique(NAMES))
    before = weights(still)
    still.set_params(learning_rate=0.1).partial_fit(X, NAMES)
    assert np.abs(weights(still) - before).max() > 0.01


def test_class_weights_apply_across_calls_of_partial_fit():
    def learned(weight):
        model = MLPClassifier((), class_weight={"cat": weight}, optimizer="sgd", learning_rate=0.05, random_state=0)
        for name in ("car", "cat", "frog"):  # sorted by class; the other classes have a weight of 1
            model.partial_fit(X[name == NAMES], NAMES[name == NAMES], classes=np.unique(NAMES))
        return model.decision_function(X)[:, 1].mean()

    assert learned(10.0) > learned(1.0) + 0.1
    for wrong in ({"dog": 1}, {"cat": -1.0}, [1, 2, 3]):
        with pytest.raises(ValueError, match="class_weight"):
            MLPClassifier(class_weight=wrong).fit(X, NAMES)


def test_resuming_with_early_stopping_holds_out_the_same_samples(tmp_path):
    settings = {"early_stopping": True, "epochs": 4}
    small(**settings, random_state=None).fit(X, NAMES, save_to=tmp_path / "c")
    with pytest.raises(ValueError, match=r"random_state must be an int to resume with early_stopping, .* got None"):
        small(**settings, random_state=None).fit(X, NAMES, resume_from=tmp_path / "c")


def test_held_out_samples_have_weights():
    noise = RNG.normal(size=(400, 3))
    truth = (noise[:, 0] > 0).astype(int)
    wrong = RNG.random(400) < 0.4
    model = small(early_stopping=True, epochs=60, learning_rate=0.02)
    model.fit(noise, np.where(wrong, 1 - truth, truth), np.where(wrong, 0.0, 1.0))
    assert max(model.validation_scores_) > 0.95


def test_refit_resets_the_estimator(tmp_path):
    model = small(epochs=1).fit(X, NAMES)
    model.feature_names_in_ = np.array(["a", "b", "c"], dtype=object)  # as from a data frame
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, NAMES).predict(X)


def test_divergence_is_raised_from_another_process():
    search = GridSearchCV(small(optimizer="sgd"), {"learning_rate": [1e30]}, cv=2, n_jobs=2, error_score="raise")
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        search.fit(X, LABELS)
