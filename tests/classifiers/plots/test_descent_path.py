"""plots.descent_path: paths over the contours of a cost."""

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from classifiers import plots

PATH = np.array([[4.0, -2.0], [2, -1], [1, 0.5]])
BEST = (-3.0, 1.0)


def cost(points):
    return 5 + ((points - BEST) ** 2 @ [1.0, 4.0])


def legend_texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_draws_the_path_from_start_to_end():
    ax = plots.descent_path(PATH, cost, best=BEST, title="down")
    path, start, end, *_, best = ax.lines
    np.testing.assert_array_equal(path.get_xydata(), PATH)
    assert start.get_xydata().tolist() == [[4, -2]]
    assert end.get_xydata().tolist() == [[1, 0.5]]
    assert (best.get_xydata().tolist(), best.get_marker()) == ([[-3, 1]], "*")
    assert legend_texts(ax) == ["path", "start", "end", "best"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("θ₀", "θ₁", "down")


def test_contours_are_those_of_the_cost_and_cover_all_points():
    ax = plots.descent_path(PATH, cost, best=BEST)
    lines = [one for one in ax.collections if isinstance(one, ContourSet)][1]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(cost(path.vertices), level, rtol=0.02)
    for (low, high), along in ((ax.get_xlim(), (-3, 4)), (ax.get_ylim(), (-2, 1))):
        assert low < along[0] < along[1] < high


def test_several_paths_differ_by_colour_and_line():
    ax = Figure().subplots()
    paths = {"batch": PATH, "stochastic": PATH + 0.1}
    assert plots.descent_path(paths, cost, names=("bias", "slope"), ax=ax) is ax
    lines = [line for line in ax.lines if len(line.get_xdata()) == 3]
    for line, path in zip(lines, paths.values(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), path)
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2
    assert legend_texts(ax) == ["batch", "stochastic", "start", "end"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("bias", "slope")


def test_a_flat_cost_and_a_path_without_steps():
    ax = plots.descent_path(PATH[:1], lambda points: np.ones(len(points)))
    assert ax.get_xlim()[0] < 4 < ax.get_xlim()[1]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PATH[:, :1], r"shape \(steps \+ 1, 2\), .* got ndarray of shape \(3, 1\)"),
        (PATH[:0], "descent_path expected a path"),
        ({"a": PATH, "b": PATH * np.inf}, "if a path diverged, pass its first steps"),
        ({}, "no path"),
        ([["a", "b"]], "finite numbers"),
    ],
)
def test_rejects_what_is_not_a_path(path, text):
    with pytest.raises(ValueError, match=text):
        plots.descent_path(path, cost)


def test_rejects_a_cost_of_another_shape():
    with pytest.raises(ValueError, match=r"cost to return finite numbers .*, got float"):
        plots.descent_path(PATH, lambda points: cost(points).sum())


@pytest.mark.parametrize("settings", [{"best": 1}, {"best": (np.nan, 1)}, {"best": "ab"}, {"names": ("a",)}])
def test_rejects_best_and_names_that_are_not_pairs(settings):
    with pytest.raises(ValueError, match=r"expected best as a point of two finite numbers|names of shape \(2,\)"):
        plots.descent_path(PATH, cost, **settings)


def test_ends_are_visible_within_best_and_contour_labels_differ():
    ax = plots.descent_path(np.tile(PATH, (200, 1)), lambda points: 1e9 + cost(points), best=PATH[-1])
    best, end = (next(line for line in ax.lines if line.get_marker() == marker) for marker in "*s")
    assert best.get_markerfacecolor() == "none"
    assert best.get_zorder() < end.get_zorder()
    assert ax.lines[0].get_linewidth() < 1
    assert {text.get_text() for text in ax.texts} == {"1e+09"}
