"""plots.score_bars: a bar for each classifier, in the given order."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots


def test_draws_bars_with_their_numbers_and_the_best_in_colour():
    ax = plots.score_bars({"KNN": 0.25, "MLP": np.float64(0.5), "linear": 0.3}, chance=0.1, title="three")
    assert [bar.get_width() for bar in ax.patches] == [0.25, 0.5, 0.3]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["KNN", "MLP", "linear"]
    assert [text.get_text() for text in ax.texts] == ["25.0%", "50.0%", "30.0%", " guessing"]
    assert [to_hex(bar.get_facecolor()) == "#0072b2" for bar in ax.patches] == [False, True, False]
    assert ax.yaxis_inverted()
    assert ax.get_xlim() == (0, 0.6)
    assert list(ax.lines[-1].get_xdata()) == [0.1, 0.1]


def test_draws_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.score_bars({"none right": 0.0}, ax=ax) is ax


@pytest.mark.parametrize("got", [{}, {"a": 40.0}, {"a": -0.1}, {"a": np.nan}, {"a": "b"}, {"a": [0.1]}, [0.1], None])
def test_rejects_what_is_not_scores(got):
    with pytest.raises(
        ValueError, match="scores as a dict of names and numbers from 0 to 1, not empty, and chance from 0"
    ):
        plots.score_bars(got)


@pytest.mark.parametrize("got", [-1, 5, np.nan, "a", [0.1]])
def test_rejects_what_is_not_a_chance(got):
    with pytest.raises(ValueError, match="and chance from 0 to 1 or None, got"):
        plots.score_bars({"a": 0.5}, chance=got)
