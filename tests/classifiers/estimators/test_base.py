"""What the estimators with a model of nn share: fit, partial_fit, predictions, weights and errors, on MLPClassifier."""

import os
import pickle
import signal
import warnings

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV

import nn
from classifiers import MLPClassifier
from nn.training.callbacks import Callback, EarlyStopping

RNG = np.random.default_rng(0)
LABELS = RNG.integers(3, size=300)
CENTRES = np.array([[0, 0, 5], [5, 0, 0], [0, 5, 0]])
X = (CENTRES[LABELS] + RNG.normal(size=(300, 3))).astype(np.float32)
NAMES = np.array(["cat", "car", "frog"])[LABELS]


def small(**settings):
    return MLPClassifier((16,), **{"epochs": 20, "batch_size": 32, "random_state": 0, **settings})


def weights(model):
    return np.concatenate([parameter.data.ravel() for parameter in model.model_.parameters()])


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
    images = np.random.default_rng(1).integers(256, size=(60, 12), dtype=np.uint8)
    before = images.copy()
    model = small(epochs=1).fit(images, LABELS[:60])
    assert (images == before).all()
    assert images.dtype == np.uint8
    assert model.model_[1].weight.dtype == np.float32
    assert model.predict_proba(images).dtype == np.float32
    assert small(epochs=1).fit(X.astype(float), LABELS).predict_proba(X).dtype == np.float64


def test_verbose_shows_progress(capsys):
    small(epochs=2, verbose=True).fit(X, LABELS, X_val=X, y_val=LABELS)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("epoch   2  loss ")
    assert "validation" in lines[1]
    small(epochs=2).fit(X, LABELS)
    assert capsys.readouterr() == ("", "")


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


def test_sample_weights_equal_repeated_samples():
    """Exactly, in a single batch; a weight of 0 excludes a sample, from the standardisation, too."""
    weights = np.random.default_rng(1).integers(4, size=60)
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


@pytest.mark.parametrize("callbacks", [None, EarlyStopping(3), [None], ["early_stopping"], EarlyStopping])
def test_callbacks_that_are_no_list_of_callbacks(callbacks):
    with pytest.raises(TypeError, match="MLPClassifier: callbacks must be a list of callbacks"):
        MLPClassifier((4,), epochs=1, callbacks=callbacks).fit(np.zeros((4, 2)), [0, 1, 0, 1])


def test_class_and_sample_weights_are_multiplied():
    weights, of_classes = np.random.default_rng(0).uniform(0.5, 2.0, 60), np.array([1.0, 3.0, 0.5])
    both = small(epochs=3, class_weight=dict(enumerate(of_classes))).fit(X[:60], LABELS[:60], weights)
    product = small(epochs=3).fit(X[:60], LABELS[:60], weights * of_classes[LABELS[:60]])
    np.testing.assert_allclose(both.decision_function(X), product.decision_function(X), rtol=1e-6)
