"""Evaluation: scores in batches, mean losses, accuracy and metrics."""

import numpy as np
import pytest

from autograd import Tensor
from nn import CrossEntropyLoss, Dropout, Linear, Sequential
from nn.training.evaluation import checked_samples, checked_weights, evaluate, hits, predict_scores
from nn.training.metrics import accuracy, top_k

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)
DATA = X, LABELS


def make():
    return Sequential(Linear(4, 2, rng=0, dtype=float), Dropout(0.5, rng=2))


def test_scores_are_computed_in_batches(monkeypatch):
    model = make()
    whole = predict_scores(model, X)
    monkeypatch.setattr("nn.training.evaluation.EVALUATED", 7)
    np.testing.assert_allclose(predict_scores(model, X), whole, rtol=1e-12)
    assert whole.shape == (50, 2)


def test_evaluates_in_evaluation_mode():
    model = make()
    measured = evaluate(model, CrossEntropyLoss(), DATA, [accuracy, top_k(2)])
    scores = predict_scores(model, X)
    assert measured.loss == CrossEntropyLoss()(Tensor(scores), LABELS).item()
    assert measured.accuracy == measured.metrics["accuracy"] == accuracy(scores, LABELS)
    assert measured.metrics["top_2"] == 1.0
    assert model.training


def test_weights_count_as_repeated_samples():
    weights = np.array([2.0, 1.0, *[0.0] * 48])
    rows = [0, 0, 1]
    weighted = evaluate(make(), CrossEntropyLoss(), DATA, sample_weight=weights)
    repeated = evaluate(make(), CrossEntropyLoss(), (X[rows], LABELS[rows]))
    assert weighted[:2] == pytest.approx(repeated[:2])


def test_hits_need_labels_that_are_classes():
    scores = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert hits(scores, np.array([0, 0])).tolist() == [True, False]
    assert hits(scores, np.array([0.0, 0.0])) is None
    assert hits(scores, np.array([[0], [0]])) is None


def test_rejects_samples_and_weights_that_do_not_fit():
    for samples in (X, (X, LABELS[:3]), (X[:0], LABELS[:0]), 3):
        with pytest.raises(ValueError, match=r"samples must be a pair \(X, labels\) of arrays"):
            checked_samples("samples", samples)
    with pytest.raises(ValueError, match="samples must be finite, got NaN or infinity, first in row 1"):
        checked_samples("samples", ([[0.0], [np.nan]], [0, 1]))
    for weights in ([1.0], [-1.0] * 50, [0.0] * 50, [np.nan] * 50, ["a"] * 50):
        with pytest.raises(ValueError, match="sample weights must be 50 finite numbers"):
            checked_weights(weights, 50)
    assert checked_weights(None, 3).tolist() == [1.0, 1.0, 1.0]
