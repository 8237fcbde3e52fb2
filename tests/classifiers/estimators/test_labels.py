"""Labels of any kind as indices into the classes learned from them."""

import numpy as np
import pytest

from classifiers.estimators.labels import find_classes, learn_classes


@pytest.mark.parametrize("names", [["b", "a", "b", "c"], [7, -3, 7, 100], [True, False, True, True]])
def test_indices_lead_back_to_the_labels(names):
    y = np.array(names)
    classes, indices = learn_classes("Anybody", y)
    assert list(classes) == sorted(set(names))
    np.testing.assert_array_equal(classes[indices], y)
    np.testing.assert_array_equal(find_classes("y_val", y[::-1], classes), indices[::-1])


def test_what_cannot_be_told_apart_or_was_never_seen():
    with pytest.raises(ValueError, match=r"Anybody got labels of one class only, \[1\]"):
        learn_classes("Anybody", np.array([1, 1]))
    with pytest.raises(ValueError, match="Unknown label type"):
        learn_classes("Anybody", np.array([0.5, 1.5]))
    with pytest.raises(ValueError, match=r"y_val has labels \[4, 9\], but the classes learned are \[1, 2\]"):
        find_classes("y_val", np.array([1, 9, 4]), np.array([1, 2]))
