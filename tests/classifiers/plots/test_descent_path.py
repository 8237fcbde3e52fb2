"""Descents: paths over the cost that is given, and the line of a regression."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from classifiers import plots

PATH = np.array([[4.0, -2.0], [2, -1], [1, 0.5]])
BEST = (-3.0, 1.0)


def cost(points):
    return 5 + ((points - BEST) ** 2 @ [1.0, 4.0])


def told(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_path_from_its_start_to_its_end():
    ax = plots.descent_path(PATH, cost, best=BEST, title="down")
    path, start, end, *_, best = ax.lines
    np.testing.assert_array_equal(path.get_xydata(), PATH)
    assert start.get_xydata().tolist() == [[4, -2]]
    assert end.get_xydata().tolist() == [[1, 0.5]]
    assert (best.get_xydata().tolist(), best.get_marker()) == ([[-3, 1]], "*")
    assert told(ax) == ["path", "start", "end", "best"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("θ₀", "θ₁", "down")


def test_contours_are_those_of_the_cost_and_reach_over_all():
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
    assert told(ax) == ["batch", "stochastic", "start", "end"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("bias", "slope")


def test_a_flat_cost_and_a_path_that_stays():
    ax = plots.descent_path(PATH[:1], lambda points: np.ones(len(points)))
    assert ax.get_xlim()[0] < 4 < ax.get_xlim()[1]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PATH[:, :1], r"shape \(steps \+ 1, 2\), .* got ndarray of shape \(3, 1\)"),
        (PATH[:0], "descent_path takes"),
        ({"a": PATH, "b": PATH * np.inf}, "of a path that diverged give the first steps"),
        ({}, "no path"),
        ([["a", "b"]], "finite numbers"),
    ],
)
def test_what_is_no_path_is_refused(path, text):
    with pytest.raises(ValueError, match=text):
        plots.descent_path(path, cost)


def test_a_cost_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"gave float"):
        plots.descent_path(PATH, lambda points: cost(points).sum())


def test_the_line_of_a_regression_over_its_samples():
    X, y = np.array([[3.0], [1], [2]], np.float32), np.array([7.0, 3, 5.5])
    regressor = SimpleNamespace(predict=lambda X: 2 * X[:, 0] + 1)
    ax = Figure().subplots()
    assert plots.regression_line(regressor, X, y, title="line", ax=ax) is ax
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), np.column_stack([X, y]))
    across, predicted = ax.lines[0].get_data()
    assert (across.min(), across.max()) == (1, 3)
    np.testing.assert_allclose(predicted, 2 * across + 1)
    assert told(ax) == ["samples", "prediction"]
    assert ax.get_title() == "line"


@pytest.mark.parametrize(("X", "y"), [((3, 2), 3), ((3,), 3), ((0, 1), 0), ((3, 1), 2)])
def test_a_regression_over_other_than_one_feature_is_refused(X, y):
    with pytest.raises(ValueError, match=r"X of shape \(n, 1\) and y of shape \(n,\)"):
        plots.regression_line(None, np.zeros(X), np.zeros(y))


@pytest.mark.parametrize("settings", [{"best": 1}, {"best": (np.nan, 1)}, {"best": "ab"}, {"names": ("a",)}])
def test_what_belongs_to_two_parameters_comes_in_twos(settings):
    with pytest.raises(ValueError, match=r"best is a point of two finite numbers|names of shape \(2,\)"):
        plots.descent_path(PATH, cost, **settings)


def test_ends_are_seen_within_the_best_and_no_two_contours_tell_the_same():
    ax = plots.descent_path(np.tile(PATH, (200, 1)), lambda points: 1e9 + cost(points), best=PATH[-1])
    best, end = (next(line for line in ax.lines if line.get_marker() == marker) for marker in "*s")
    assert best.get_markerfacecolor() == "none"
    assert best.get_zorder() < end.get_zorder()
    assert ax.lines[0].get_linewidth() < 1
    assert {text.get_text() for text in ax.texts} == {"1e+09"}


@pytest.mark.parametrize(("X", "y"), [([[np.nan]], [1]), ([[1]], [np.nan]), ([["a"]], [1]), ([[1]], ["a"])])
def test_a_regression_over_other_than_numbers_is_refused(X, y):
    with pytest.raises(ValueError, match="regression_line draws finite numbers"):
        plots.regression_line(None, X, y)
