"""plots.probabilities: a bar for each class, the most probable on top."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots


def test_draws_sorted_bars_with_their_numbers():
    ax = plots.probabilities([0.25, 0.7, 0.05], ["cat", "dog", "frog"], title="a dog")
    assert [bar.get_width() for bar in ax.patches] == [0.7, 0.25, 0.05]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["dog", "cat", "frog"]
    assert [text.get_text() for text in ax.texts] == ["70.0%", "25.0%", "5.0%"]
    assert ax.yaxis_inverted()
    assert ax.get_title() == "a dog"


def test_draws_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.probabilities(np.float32([1, 0]), ["a", "b"], ax=ax) is ax


@pytest.mark.parametrize("got", [[0.5, 0.5], [[0.2, 0.3, 0.5]], [1.5, -0.5, 0], [np.nan, 0, 0], ["a", "b", "c"]])
def test_rejects_what_is_not_probabilities(got):
    with pytest.raises(ValueError, match="numbers from 0 to 1 that add up to 1, one for each of 3 classes"):
        plots.probabilities(got, ["cat", "dog", "frog"])


def test_rejects_probabilities_that_do_not_add_up_to_1():
    for got, names in (([0.5, 0.4], "ab"), ([1, 1], "ab"), ([], [])):
        with pytest.raises(ValueError, match=r"numbers from 0 to 1 that add up to 1, .* got"):
            plots.probabilities(got, names)
