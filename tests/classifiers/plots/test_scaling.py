"""plots.scaling: measured costs and the straight lines that fit them best."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

SIZES = np.array([1000, 2000, 4000])


def test_draws_points_and_fitted_lines():
    noise = np.array([2, -3, 1])  # orthogonal to any straight line over these sizes
    costs = {"training": [5, 5, 5], "prediction": 1 + 0.01 * SIZES + noise}
    ax = plots.scaling(SIZES, costs, names=("known images", "ms"), title="O(n)")
    flat, flat_points, rising, points = ax.lines
    np.testing.assert_allclose(flat.get_xydata(), [[0, 5], [4000, 5]])
    np.testing.assert_allclose(rising.get_xydata(), [[0, 1], [4000, 41]])
    np.testing.assert_allclose(points.get_xydata(), np.column_stack([SIZES, costs["prediction"]]))
    assert flat_points.get_marker() != points.get_marker()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "prediction"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("known images", "ms", "O(n)")


def test_draws_on_the_given_axes_with_whole_numbers():
    ax = Figure().subplots()
    assert plots.scaling(SIZES, {"a": SIZES}, ax=ax) is ax
    ax.figure.draw_without_rendering()
    assert "4,000" in [tick.get_text() for tick in ax.get_xticklabels()]


@pytest.mark.parametrize(
    ("sizes", "costs", "names", "text"),
    [
        (SIZES, {}, ("n", "s"), "a dict of costs"),
        ([7, 7], {"a": [1, 2]}, ("n", "s"), "two of which differ"),
        ([-5, -1], {"a": [1, 2]}, ("n", "s"), "at least 0"),
        (SIZES, {"a": [1, 2]}, ("n", "s"), r"costs of shape \(n,\) by name.* list \[1, 2\]"),
        (SIZES, {"a": [1, 2, np.nan]}, ("n", "s"), "finite numbers"),
        (SIZES[None], {"a": SIZES}, ("n", "s"), r"\(1, 3\)"),
        (SIZES, {"a": SIZES}, ("n",), r"names of shape \(2,\), got shape \(1,\)"),
    ],
)
def test_rejects_what_does_not_determine_a_line(sizes, costs, names, text):
    with pytest.raises(ValueError, match=text):
        plots.scaling(sizes, costs, names=names)
