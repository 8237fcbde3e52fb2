"""plots.rate_range: the loss over the learning rate, and the suggested rate."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots
from nn.training.rate_range import RateRange


def test_marks_the_suggestion_and_leaves_out_the_divergence():
    rates, losses = np.geomspace(1e-4, 1, 5), np.array([2.0, 1.9, 1.0, 0.5, 500.0])
    ax = plots.rate_range(RateRange(rates, losses, losses), title="SGD")
    raw, smoothed, suggested = ax.lines
    assert (raw.get_ydata() == losses).all()
    assert (smoothed.get_xdata() == rates).all()
    assert suggested.get_xdata() == pytest.approx([0.01, 0.01])
    assert ax.get_legend().get_texts()[-1].get_text() == "suggested: 1.0e-02"
    assert ax.get_ylim()[0] < 0.5 < 2.0 < ax.get_ylim()[1] < 10
    assert (ax.get_xscale(), ax.get_title()) == ("log", "SGD")


def test_without_a_suggestion():
    for losses in (np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])):
        ax = Figure().subplots()
        assert plots.rate_range(RateRange(np.geomspace(1e-4, 1, 3), losses, losses), ax=ax) is ax
        assert len(ax.lines) == 2


def test_a_single_step_is_visible():
    ax = plots.rate_range(RateRange(*np.ones((3, 1))))
    assert [line.get_marker() for line in ax.lines] == ["o", "o"]
