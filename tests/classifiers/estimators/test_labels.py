"""Class labels of any kind, encoded as indices into the sorted classes."""

import re

import numpy as np
import pytest
from scipy import sparse

from classifiers import KNeighborsClassifier, LinearClassifier, MLPClassifier
from classifiers.estimators.labels import class_indices, learn_classes


@pytest.mark.parametrize("names", [["b", "a", "b", "c"], [7, -3, 7, 100], [True, False, True, True]])
def test_indices_decode_to_the_labels(names):
    y = np.array(names)
    classes, indices = learn_classes("Estimator", y)
    assert list(classes) == sorted(set(names))
    np.testing.assert_array_equal(classes[indices], y)
    np.testing.assert_array_equal(class_indices("y_val", y[::-1], classes), indices[::-1])


def test_rejects_a_single_class_numbers_and_unseen_labels():
    with pytest.raises(
        ValueError, match=r"Estimator expected labels of at least two classes, got one class only, \[1\]"
    ):
        learn_classes("Estimator", np.array([1, 1]))
    with pytest.raises(ValueError, match="Unknown label type"):
        learn_classes("Estimator", np.array([0.5, 1.5]))
    with pytest.raises(ValueError, match=r"y_val expected labels among the learned classes \[1, 2\], got \[4, 9\]"):
        class_indices("y_val", np.array([1, 9, 4]), np.array([1, 2]))


@pytest.mark.parametrize("kind", [int, bool, float, list, sparse.csr_matrix])
@pytest.mark.parametrize("estimator", [KNeighborsClassifier, LinearClassifier, MLPClassifier])
def test_one_hot_labels_are_told_the_way_out(estimator, kind):
    one_hot = np.eye(2)[[0, 1, 1, 0, 1, 0]]
    y = one_hot.tolist() if kind is list else kind(one_hot) if kind is sparse.csr_matrix else one_hot.astype(kind)
    way_out = "np.argmax(y.toarray(), axis=1)" if kind is sparse.csr_matrix else "np.argmax(y, axis=1)"
    fits = [estimator().fit]
    if estimator is not KNeighborsClassifier:
        fits.append(lambda X, y: estimator().partial_fit(X, y, classes=[0, 1]))
    for fit in fits:
        with pytest.raises(ValueError, match=re.escape(way_out)):
            fit(np.zeros((6, 2)), y)
