"""plots.stacked_bars: totals and their parts."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots


def test_draws_bars_with_their_heights():
    ax = plots.stacked_bars([3.2, 5.1, -1.7], ["cat", "car", "frog"], number=".2f", ylabel="score", title="scores")
    assert [bar.get_height() for bar in ax.patches] == [3.2, 5.1, -1.7]
    assert [text.get_text() for text in ax.texts] == ["3.20", "5.10", "−1.70"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "car", "frog"]
    assert (ax.get_ylabel(), ax.get_title(), ax.get_legend()) == ("score", "scores", None)
    assert ax.get_ylim()[0] < -1.7


def test_parts_are_stacked_and_add_up():
    ax = Figure().subplots()
    parts = {"data loss": np.array([1.0, 2.0]), "λR(W)": [0.5, 0.0]}
    assert plots.stacked_bars(parts, [0.001, 0.1], ax=ax) is ax
    assert [(bar.get_y(), bar.get_height()) for bar in ax.patches] == [(0, 1), (0, 2), (1, 0.5), (2, 0)]
    assert [text.get_text() for text in ax.texts] == ["1.5", "2"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["data loss", "λR(W)"]
    assert len({bar.get_hatch() for bar in ax.patches}) == 2  # distinguishable without colour
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize(
    "heights",
    [[1.0], [[1.0, 2.0]], [1.0, np.nan], ["a", "b"], [], {}, {"a": [1.0, 2.0], "b": [1.0]}, {"a": [1.0, -2.0]}],
)
def test_rejects_arguments_that_do_not_fit(heights):
    with pytest.raises(ValueError, match=r"finite numbers of shape \(2,\).*"):
        plots.stacked_bars(heights, ["A", "B"])
