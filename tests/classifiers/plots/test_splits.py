"""plots.splits: a bar for each split, its parts to scale."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

FOLDS = {
    "fold 1": [("training", 0), ("validation", 20), ("training", 80)],
    "fold 2": [("training", 20), ("validation", 20), ("training", 60)],
}


def bars(ax):
    """(row, left, width) of the filled bars."""
    filled = [bar for bar in ax.patches if bar.get_fill()]
    return [(round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width()) for bar in filled]


def test_draws_parts_to_scale():
    ax = plots.splits(FOLDS, title="folds")
    assert bars(ax) == [(0, 0, 20), (0, 20, 80), (1, 0, 20), (1, 20, 20), (1, 40, 60)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["fold 1", "fold 2"]
    assert ax.yaxis_inverted()
    assert [(text.get_text(), text.get_position()) for text in ax.texts][1] == ("80", (60, 0))
    assert ax.get_title() == "folds"


def test_a_role_has_one_colour():
    ax = plots.splits(FOLDS)
    colours = [bar.get_facecolor() for bar in ax.patches if bar.get_fill()]
    assert colours[0] == colours[3]
    assert colours[1] == colours[2] == colours[4]
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["training", "validation"]
    assert [patch.get_facecolor() for patch in legend.get_patches()] == [colours[1], colours[0]]
    assert colours[0] != colours[1]


def test_numbers_are_rotated_or_left_out_if_there_is_no_room():
    ax = plots.splits({"": [("a", 100_000), ("b", 5_000), ("c", 10)]})
    assert [(text.get_text(), text.get_rotation()) for text in ax.texts] == [("100,000", 0), ("5,000", 90)]


def test_draws_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.splits({"all": [("training", np.int64(5))]}, ax=ax) is ax


@pytest.mark.parametrize("split", [[], [("a", 0)], [("a", 5), ("b", -1)], [("a", 1.5)], [5]])
def test_rejects_what_is_not_a_split(split):
    for got in ({"fold": split}, {"whole": [("a", 1)], "fold": split}):
        with pytest.raises(ValueError, match=r"splits expected a dict of splits by name, .* got .*"):
            plots.splits(got)


@pytest.mark.parametrize("got", [{}, [("training", 5)], None])
def test_rejects_what_is_not_splits_by_name(got):
    with pytest.raises(ValueError, match="splits expected a dict of splits by name"):
        plots.splits(got)
