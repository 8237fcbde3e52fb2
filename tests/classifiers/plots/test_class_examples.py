"""plots.class_examples: a row of images for each class."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

X = np.repeat(np.arange(10, 70, 10, dtype=np.uint8), 16).reshape(6, 16)  # six grey images of 4 × 4 pixels
LABELS = [1, 0, 1, 1, 2, 1]


def page(ax):
    """The shade of each tile, or None if it is white."""
    shades = np.asarray(ax.images[0].get_array())[::5, ::5] * 255
    return [[None if shade == 255 else round(shade) for shade in row] for row in shades.tolist()]


def test_the_first_of_each_class_in_its_row():
    ax = plots.class_examples(X, LABELS, names=["cat", "dog", "frog"], count=3, title="three")
    assert page(ax) == [[20, None, None], [10, 30, 40], [50, None, None]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat", "dog", "frog"]
    assert list(ax.get_yticks()) == [1.5, 6.5, 11.5]


def test_labels_without_names_and_on_the_axes_given():
    ax = Figure().subplots()
    assert plots.class_examples(X, LABELS, count=1, ax=ax) is ax
    assert page(ax) == [[20], [10], [50]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "1", "2"]
    colours = plots.class_examples(np.zeros((2, 12)), ["a", "b"], count=2)
    assert colours.images[0].get_array().shape == (5, 5, 3)


def test_rejects_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"class_examples expected labels of shape \(6,\), got shape \(5,\)"):
        plots.class_examples(X, LABELS[:5])
    with pytest.raises(ValueError, match="labels that index the 2 names, got label 2"):
        plots.class_examples(X, LABELS, names=["cat", "dog"])
    with pytest.raises(ValueError, match="class_examples expected images as an array"):
        plots.class_examples([], [])
    with pytest.raises(ValueError, match="count"):
        plots.class_examples(X, LABELS, count=0)
