"""Arguments: checks that several plots share."""

import numpy as np
import pytest

from classifiers.plots.shared.arguments import check_one_for_each, finite_array


def test_one_for_each():
    check_one_for_each("p", "names", (3,), 3)
    for shape in ((2,), (3, 1), ()):
        with pytest.raises(ValueError, match=r"p expected names of shape \(3,\), got shape \(.*\); pass one for each"):
            check_one_for_each("p", "names", shape, 3)


@pytest.mark.parametrize("values", [[1, 2], 0.5, np.float32([[1.5]]), np.array([1, 2], object)])
def test_numbers_become_an_array(values):
    np.testing.assert_array_equal(finite_array(values), np.asarray(values, float))


@pytest.mark.parametrize("values", [None, [], [np.nan], [np.inf], ["a"], [[1], [1, 2]], [True], [1j], [1, None]])
def test_anything_else_becomes_none(values):
    assert finite_array(values) is None
