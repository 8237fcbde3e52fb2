"""plots.confusion_matrix: counts, coloured by their share of the row."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots


def test_writes_counts_and_colours_shares():
    ax = plots.confusion_matrix([[9, 1], [1500, 0]], ["cat", "a dog"])
    assert [text.get_text() for text in ax.texts] == ["9", "1", "1,500", "0"]
    assert [text.get_color() for text in ax.texts] == ["white", "black", "white", "black"]
    assert ax.texts[1].get_position() == (1, 0)
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.9, 0.1], [1, 0]])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["cat", "a dog"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_many_classes_have_no_counts_and_empty_rows_are_0():
    ax = Figure().subplots()
    assert plots.confusion_matrix(np.eye(21, dtype=int), ax=ax) is ax
    assert not ax.texts
    assert plots.confusion_matrix(np.zeros((2, 2), int)).images[0].get_array().max() == 0


def test_counts_shrink_with_the_axes():
    roomy, tight = (Figure(figsize=(side, side)).subplots() for side in (8, 2))
    for ax in (roomy, tight):
        plots.confusion_matrix(np.full((10, 10), 1000), ax=ax)
    assert tight.texts[0].get_fontsize() < 4 < roomy.texts[0].get_fontsize()


@pytest.mark.parametrize("matrix", [np.eye(3), np.ones((2, 3)), np.ones(2)])
def test_rejects_a_wrong_number_of_names(matrix):
    with pytest.raises(ValueError, match=r"and a name for each class, got shape \(.*\) and 2 names"):
        plots.confusion_matrix(matrix, ["cat", "dog"])


def test_writes_shares_in_few_digits():
    ax = plots.confusion_matrix([[0.25, 0.25], [0, 0]])
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.5, 0.5], [0, 0]])
    assert [text.get_text() for text in plots.confusion_matrix([[1 / 3, 2 / 3], [0, 1.0]]).texts] == [
        *(".33", ".67", "0", "1")
    ]


@pytest.mark.parametrize("matrix", [[[np.nan]], [[np.inf]], [[-1]], [], [["a"]], [[1, 2], [3]], None])
def test_rejects_what_is_not_a_matrix_of_counts(matrix):
    with pytest.raises(ValueError, match="finite numbers of at least 0 in shape"):
        plots.confusion_matrix(matrix)
