"""HeldOut: a test set that no search can use."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split

from classifiers import HeldOut, LinearClassifier

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2))
Y = (X[:, 0] > 0).astype(int)


def test_evaluates_one_estimator():
    test = HeldOut(X[40:], Y[40:])
    assert repr(test) == "HeldOut(20 samples, sealed)"
    model = LinearClassifier(epochs=20, random_state=0).fit(X[:40], Y[:40])
    score = test.score(model)
    assert score == model.score(X[40:], Y[40:])
    assert repr(test) == f"HeldOut(20 samples, LinearClassifier: {score:.4f})"
    for again in (model, LinearClassifier(epochs=1, random_state=0).fit(X[:40], Y[:40])):
        with pytest.raises(PermissionError, match=rf"was already used \(LinearClassifier: {score:.4f}\)"):
            test.score(again)


@pytest.mark.parametrize(
    "ask",
    [
        np.asarray,
        list,
        lambda test: test[0],
        lambda test: train_test_split(test, Y),
        lambda test: cross_val_score(LinearClassifier(epochs=1), test, Y, error_score="raise"),
        lambda test: GridSearchCV(LinearClassifier(), {"epochs": [1]}, error_score="raise").fit(test, Y),
        lambda test: LinearClassifier(epochs=1).fit(X, Y, X_val=test, y_val=Y),
        lambda test: LinearClassifier(epochs=1).fit(X, test),
    ],
)
def test_rejects_searches(ask):
    with pytest.raises(PermissionError, match=r"held out for the final evaluation.*choose by validation"):
        ask(HeldOut(X, Y))


def test_rejects_an_empty_test_set():
    with pytest.raises(ValueError, match="the test set must be a pair"):
        HeldOut(X[:0], Y[:0])
