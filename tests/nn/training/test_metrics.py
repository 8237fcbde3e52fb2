"""Metrics: they agree with scikit-learn's, without importing it."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from nn.training.metrics import accuracy, confusion_matrix, top_k

SIZES = st.tuples(st.integers(1, 20), st.integers(3, 6))
SEEDS = st.integers(0, 2**32 - 1)


def samples(sizes, seed):
    """Scores without ties, and labels."""
    n, classes = sizes
    rng = np.random.default_rng(seed)
    return rng.permuted(np.tile(np.arange(classes, dtype=np.float32), (n, 1)), axis=1), rng.integers(classes, size=n)


@given(SIZES, SEEDS)
def test_accuracy(sizes, seed):
    scores, labels = samples(sizes, seed)
    assert accuracy(scores, labels) == pytest.approx(sklearn.metrics.accuracy_score(labels, scores.argmax(axis=1)))


@given(SIZES, SEEDS, st.integers(1, 5))
def test_top_k(sizes, seed, k):
    scores, labels = samples(sizes, seed)
    k = min(k, sizes[1] - 1)
    expected = sklearn.metrics.top_k_accuracy_score(labels, scores, k=k, labels=np.arange(sizes[1]))
    assert top_k(k)(scores, labels) == pytest.approx(expected)
    assert top_k(sizes[1])(scores, labels) == 1


@given(SIZES, SEEDS, st.sampled_from([np.int64, np.uint8]))
def test_confusion_matrix(sizes, seed, dtype):
    scores, labels = samples(sizes, seed)
    predictions = scores.argmax(axis=1)
    expected = sklearn.metrics.confusion_matrix(labels, predictions, labels=np.arange(sizes[1]))
    np.testing.assert_array_equal(confusion_matrix(scores, labels.astype(dtype)), expected)
    by_predictions = confusion_matrix(predictions.astype(dtype), labels.astype(dtype), classes=sizes[1])
    np.testing.assert_array_equal(by_predictions, expected)
    assert expected.trace() / len(labels) == pytest.approx(accuracy(scores, labels))


def test_rows_of_the_confusion_matrix_are_the_true_classes():
    assert confusion_matrix([2, 0, 2], [1, 0, 1]).tolist() == [[1, 0, 0], [0, 0, 2], [0, 0, 0]]
    labels = np.full(3, 200, np.uint8)
    assert confusion_matrix(labels, labels)[200, 200] == 3


@given(SIZES, SEEDS)
def test_ties_go_to_the_first_class(sizes, seed):
    _, labels = samples(sizes, seed)
    scores = np.random.default_rng(seed).integers(2, size=sizes)
    assert top_k(1)(scores, labels) == accuracy(scores, labels)
    assert top_k(2)(np.zeros(sizes), labels) == np.mean(labels < 2)


def test_metrics_have_names_and_can_be_compared_and_pickled():
    assert [metric.__name__ for metric in (accuracy, top_k(5))] == ["accuracy", "top_5"]
    assert pickle.loads(pickle.dumps(top_k(5))) == top_k(5) != top_k(3)


SCORES = np.eye(3)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: accuracy([0.5, 1.0], [0, 1]), r"accuracy expected scores of shape \(n, classes\).* got list .*"),
        (lambda: top_k(2)(np.zeros((0, 3)), []), r"top_2 expected scores"),
        (lambda: confusion_matrix([["a"]], [0]), r"confusion_matrix expected scores"),
        (lambda: accuracy(SCORES, [[0], [1], [2]]), r"accuracy expected labels as integers of shape \(3,\).* got list"),
        (lambda: accuracy(SCORES, [0.0, 1.0, 2.0]), r"expected labels as integers"),
        (lambda: confusion_matrix(["cat", "dog"], ["cat", "cat"]), r"expected predictions as integers .*searchsorted"),
        (lambda: confusion_matrix([0, 1], [0]), r"expected labels as integers of shape \(2,\)"),
        (lambda: accuracy(SCORES, [0, 1, 3]), r"labels must be at least 0 and below 3, got 3 at sample 2"),
        (lambda: confusion_matrix([0, -1], [0, 0]), r"below the number of classes, got -1 at sample 1"),
        (lambda: confusion_matrix(SCORES, [0, 1, 1], classes=2), r"predictions must be .* below 2, got 2"),
        (lambda: top_k(0), r"top_k: k must be a whole number, at least 1, got 0"),
        (lambda: top_k(2.5), r"got 2.5"),
    ],
)
def test_rejects_scores_and_labels_that_do_not_fit(call, match):
    with pytest.raises(ValueError, match=match):
        call()


def test_does_not_import_scikit_learn():
    code = "import sys, nn.training.metrics; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
