"""plots.parameter_sweep: the scores of folds, their means and deviations, and the best."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

KS = [8, 1, 3]
SCORES = np.array([[0.5, 0.7], [0.2, 0.3], [0.4, 0.4]])


def legend_texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_draws_folds_means_and_deviations_sorted_by_value():
    ax = plots.parameter_sweep(KS, SCORES, name="k", title="cross-validation")
    folds = ax.collections[0].get_offsets()
    np.testing.assert_allclose(folds, [[1, 0.2], [1, 0.3], [3, 0.4], [3, 0.4], [8, 0.5], [8, 0.7]])
    line, _, (bars,) = ax.containers[0]
    np.testing.assert_allclose(line.get_xydata(), [[1, 0.25], [3, 0.4], [8, 0.6]])
    lengths = [np.ptp(segment[:, 1]) / 2 for segment in bars.get_segments()]
    np.testing.assert_allclose(lengths, [0.05, 0, 0.1], atol=1e-12)
    (best,) = [line for line in ax.lines if line.get_marker() == "*"]
    np.testing.assert_allclose(best.get_xydata(), [[8, 0.6]])
    assert "best: k = 8, 60.0% ± 10.0%" in legend_texts(ax)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("k", "accuracy", "cross-validation")


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_fold_is_a_line(shape):
    ax = Figure().subplots()
    assert plots.parameter_sweep(KS, SCORES[:, 0].reshape(shape), score="R²", ax=ax) is ax
    assert not ax.collections
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[1, 0.2], [3, 0.4], [8, 0.5]])
    assert legend_texts(ax) == ["R²", "best: 8, 0.5"]
    assert ax.get_ylabel() == "R²"


@pytest.mark.parametrize(
    ("values", "log", "scale"),
    [
        ([1, 10, 100], None, "linear"),  # k, as in the slides
        ([1, 100, 1000], None, "log"),
        ([0.001, 0.01, 0.1], None, "log"),
        ([0.1, 0.5, 0.9], None, "linear"),
        ([0, 0.01, 10], None, "linear"),
        ([0.001, 0.01, 0.1], False, "linear"),
        ([1, 2, 3], True, "log"),
    ],
)
def test_the_scale_follows_the_span_of_the_values(values, log, scale):
    assert plots.parameter_sweep(values, SCORES, log=log).get_xscale() == scale


@pytest.mark.parametrize(
    ("values", "scores", "log", "text"),
    [
        ([1, 2, 4, 5], SCORES, None, r"values of shape \(n,\) and scores of shape \(n, folds\).* got .*\(3, 2\).*"),
        ([], [], None, "at least 1"),
        (["a", "b", "c"], SCORES, None, "finite numbers"),
        ([1, 2, np.inf], SCORES, None, "finite numbers"),
        (KS, SCORES * np.nan, None, "leave out values that could not be fitted"),
        ([1, 2], SCORES, None, r"pass scores.T, as the scores have a row for each fold"),
        ([1, 2, 2], SCORES, None, r"values that all differ, got list \[1, 2, 2\]"),
        (["1", "2", "3"], SCORES, None, "finite numbers"),
        ([1, None, 3], SCORES, None, "finite numbers"),
        (KS, [[0.5], [0.5, 0.4], [0.1]], None, "finite numbers"),
        (KS, np.zeros((3, 2, 2)), None, r"\(3, 2, 2\)"),
        ([0, 1, 2], SCORES, True, "values above 0 for a logarithmic scale, got 0; leave it out, or pass log=False"),
    ],
)
def test_rejects_arguments_that_do_not_fit(values, scores, log, text):
    with pytest.raises(ValueError, match=text):
        plots.parameter_sweep(values, scores, log=log)


def test_the_first_of_equal_means_is_the_best_and_ticks_are_whole():
    ax = plots.parameter_sweep([3, 1, 2], [[0.5, 0.7], [0.6, 0.6], [0.1, 0.2]], name="k")
    assert "best: k = 3, 60.0% ± 10.0%" in legend_texts(ax)
    assert all(float(tick).is_integer() for tick in ax.get_xticks())
