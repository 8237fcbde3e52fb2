"""LinearClassifier: linear scores, losses and penalties, three kinds of gradient descent."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifiers import LinearClassifier
from nn import HingeLoss

RNG = np.random.default_rng(0)
CENTRES = np.array([[0, 0], [4, 0], [0, 4]])
LABELS = RNG.integers(3, size=240)
X = CENTRES[LABELS] + RNG.normal(size=(240, 2))
NAMES = np.array(["a", "b", "c"])[LABELS]


@parametrize_with_checks(
    [LinearClassifier(epochs=100), LinearClassifier(loss="hinge", penalty="l1", epochs=100, schedule="step")]
)
def test_passes_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("loss", ["softmax", "cross_entropy", "hinge", "squared_hinge", HingeLoss(0.5)])
@pytest.mark.parametrize("batch_size", [1, 32, None])
def test_learns_with_every_loss_and_kind_of_descent(loss, batch_size):
    epochs = {1: 2, 32: 10, None: 100}[batch_size]
    model = LinearClassifier(loss=loss, batch_size=batch_size, epochs=epochs, learning_rate=0.01, random_state=0)
    assert model.fit(X, NAMES).score(X, NAMES) > 0.93
    assert model.n_iter_ == epochs
    assert hasattr(model, "predict_proba") == (loss in ("softmax", "cross_entropy"))


def test_scores_are_wx_plus_b_of_the_original_features():
    images = np.random.default_rng(1).integers(256, size=(60, 12), dtype=np.uint8)
    model = LinearClassifier(epochs=3, random_state=0).fit(images, LABELS[:60])
    assert model.coef_.shape == (3, 12)
    assert model.intercept_.shape == (3,)
    expected = images.astype(float) @ model.coef_.T + model.intercept_
    np.testing.assert_allclose(model.decision_function(images), expected, rtol=1e-3, atol=1e-5)
    plain = LinearClassifier(epochs=3, standardize=False, learning_rate=1e-5).fit(images, LABELS[:60])
    assert len(plain.model_) == 1


def test_softmax_with_l2_reaches_the_optimum_of_the_objective():
    """Another solver finds the same optimum of the convex objective, mean cross-entropy + λ Σ W²."""
    alpha = 0.01
    standard = (X - X.mean(axis=0)) / X.std(axis=0)
    other = LogisticRegression(C=1 / (2 * alpha * len(X)), tol=1e-10, max_iter=1000).fit(standard, LABELS)
    ours = LinearClassifier(alpha=alpha, batch_size=None, learning_rate=0.1, schedule="constant", epochs=600)
    ours.fit(standard, LABELS)
    np.testing.assert_allclose(ours.coef_, other.coef_, atol=1e-5)
    np.testing.assert_allclose(ours.predict_proba(standard), other.predict_proba(standard), atol=1e-5)


def test_penalties_shrink_the_weights_and_l1_makes_them_sparse():
    noise = np.random.default_rng(1).normal(size=(240, 8))  # eight features that say nothing about the class:
    for label in range(3):  # their mean is the same in each
        of_class = np.flatnonzero(label == LABELS)
        noise[of_class] -= noise[of_class].mean(axis=0)
    noise = np.hstack([X, noise])

    def weights(**settings):
        model = LinearClassifier(
            batch_size=None, learning_rate=0.02, schedule="cosine", epochs=400, random_state=0, **settings
        )
        return np.abs(model.fit(noise, LABELS).coef_)

    free = weights(penalty=None)
    assert weights(penalty="l2", alpha=0.1).sum() < 0.5 * free.sum()
    sparse = weights(penalty="l1", alpha=0.02)
    assert sparse[:, :2].max() > 0.5
    assert sparse[:, 2:].max() < 0.02 < free[:, 2:].max()
    np.testing.assert_array_equal(free, weights(penalty="l2", alpha=0.0))


def test_partial_fit_and_weights():
    model = LinearClassifier(learning_rate=0.01, random_state=0)
    for _ in range(20):
        model.partial_fit(X, NAMES, classes=["a", "b", "c"])
    assert model.score(X, NAMES) > 0.93
    heavy = LinearClassifier(class_weight={"a": 50, "b": 1, "c": 1}, learning_rate=0.01, random_state=0).fit(X, NAMES)
    assert (heavy.predict(X[LABELS == 0]) == "a").all()


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"loss": "logistic"}, r"LinearClassifier: loss must be one of .*softmax.* got 'logistic'"),
        ({"penalty": "l3"}, r"penalty must be one of l1, l2, or None, got 'l3'"),
        ({"alpha": -1.0}, r"alpha must be at least 0"),
        ({"batch_size": 0}, r"batch_size must be a whole number, at least 1, or None, got 0"),
        ({"learning_rate": -0.1}, r"learning_rate must be above 0"),
        ({"standardize": None}, r"standardize must be True or False"),
    ],
)
def test_rejects_wrong_settings(settings, match):
    with pytest.raises(ValueError, match=match):
        LinearClassifier(**settings).fit(X, LABELS)


def test_rejects_a_single_class():
    with pytest.raises(
        ValueError, match=r"LinearClassifier expected labels of at least two classes, got one class only, \[1\]"
    ):
        LinearClassifier().fit(X, np.ones(240, int))
