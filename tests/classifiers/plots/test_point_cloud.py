"""plots.point_cloud: samples, their mean and their standard deviation."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

POINTS = np.random.default_rng(0).normal(size=(50, 2)) * [3.0, 1.0] + [5.0, -2.0]


def test_draws_samples_mean_and_deviations():
    ax = Figure().subplots()
    assert plots.point_cloud(POINTS, title="raw", ax=ax) is ax
    dots, *bars = ax.collections
    np.testing.assert_array_equal(dots.get_offsets(), POINTS)
    along, up = (bar.get_segments()[0] for bar in bars)
    mean, deviation = POINTS.mean(axis=0), POINTS.std(axis=0)
    np.testing.assert_allclose(along, mean + np.outer([-1, 1], [deviation[0], 0]))
    np.testing.assert_allclose(up, mean + np.outer([-1, 1], [0, deviation[1]]))
    assert ax.get_title() == "raw"


def test_limits_are_as_given_or_include_all_points_and_the_origin():
    ax = plots.point_cloud(POINTS, limits=(-20, 15))
    assert ax.get_xlim() == ax.get_ylim() == (-20, 15)
    ax = plots.point_cloud(POINTS)
    assert ax.get_xlim() == ax.get_ylim()
    assert ax.get_xlim()[0] < min(0, POINTS.min()) < POINTS.max() < ax.get_xlim()[1]
    ax = plots.point_cloud([[0, 0]])
    assert ax.get_xlim() == (-1, 1)


@pytest.mark.parametrize("wrong", [POINTS.T, POINTS[0], [[np.nan, 1.0]], "cloud", np.empty((0, 2))])
def test_rejects_other_than_two_finite_features(wrong):
    with pytest.raises(ValueError, match=r"point_cloud expected samples X of two features, .*; pass two columns"):
        plots.point_cloud(wrong)


@pytest.mark.parametrize("wrong", [(1, -1), (0, 0), (1,), (0, np.inf), "ab"])
def test_rejects_what_is_not_limits(wrong):
    with pytest.raises(ValueError, match=r"expected limits as two numbers \(low, high\), low below high, got"):
        plots.point_cloud(POINTS, limits=wrong)
