"""Curves: the right lines on the right axes."""

import pytest
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.training import Epoch

HISTORY = [Epoch(1, 2.0, 0.3, 2.1, 0.25, 1.0), Epoch(2, 1.5, 0.4, 1.8, 0.35, 2.0)]


@pytest.mark.parametrize(
    ("plot", "training", "validation"),
    [(plots.loss_curves, [2.0, 1.5], [2.1, 1.8]), (plots.accuracy_curves, [0.3, 0.4], [0.25, 0.35])],
)
def test_both_lines(plot, training, validation):
    ax = plot(HISTORY, title="MLP")
    assert [list(line.get_ydata()) for line in ax.lines] == [training, validation]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert (ax.get_title(), ax.get_xlabel()) == ("MLP", "epoch")


def test_draws_on_the_axes_given_and_without_validation():
    ax = Figure().subplots()
    history = [epoch._replace(validation_loss=None, validation_accuracy=None) for epoch in HISTORY]
    assert plots.loss_curves(history, ax=ax) is ax
    assert len(ax.lines) == 1


def test_epochs_are_whole_numbers_even_if_there_is_but_one():
    for history in (HISTORY[:1], HISTORY):
        ticks = plots.loss_curves(history).get_xticks()
        assert all(float(tick).is_integer() for tick in ticks)
