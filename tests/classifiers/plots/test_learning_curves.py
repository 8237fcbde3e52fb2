"""Curves: the right lines, of one training or of several."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots
from nn.training.loop import Epoch
from nn.training.rate_range import RateRange

HISTORY = [Epoch(1, 2.0, 0.3, 2.1, 0.25, {}, 0.1, 1.0), Epoch(2, 1.5, 0.4, 1.8, 0.35, {}, 0.1, 2.0)]
UNWATCHED = [epoch._replace(validation_loss=None, validation_accuracy=None) for epoch in HISTORY]


def told(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("plot", "training", "validation"),
    [(plots.loss_curves, [2.0, 1.5], [2.1, 1.8]), (plots.accuracy_curves, [0.3, 0.4], [0.25, 0.35])],
)
def test_both_lines(plot, training, validation):
    ax = plot(HISTORY, title="MLP")
    assert [list(line.get_ydata()) for line in ax.lines] == [training, validation]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert told(ax) == ["training", "validation"]
    assert (ax.get_title(), ax.get_xlabel()) == ("MLP", "epoch")


def test_draws_on_the_axes_given_and_without_validation():
    ax = Figure().subplots()
    assert plots.loss_curves(UNWATCHED, ax=ax) is ax
    assert len(ax.lines) == 1


def test_epochs_are_whole_numbers_even_if_there_is_but_one():
    for history in (HISTORY[:1], HISTORY):
        ticks = plots.loss_curves(history).get_xticks()
        assert all(float(tick).is_integer() for tick in ticks)


def test_several_trainings_differ_by_colour_and_marker_and_validation_by_its_line():
    ax = plots.loss_curves({"rate 0.1": HISTORY, "rate 1": UNWATCHED, 2: HISTORY[:1]})
    assert [list(line.get_ydata()) for line in ax.lines] == [[2.0, 1.5], [2.1, 1.8], [2.0, 1.5], [2.0], [2.1]]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-", "-", "--"]
    looks = [(to_hex(line.get_color()), line.get_marker()) for line in ax.lines]
    assert looks[0] == looks[1]
    assert all(len({look[part] for look in looks}) == 3 for part in (0, 1))
    assert told(ax) == ["rate 0.1", "rate 1", "2", "training", "validation"]


def test_several_trainings_without_validation_on_the_axes_given():
    ax = Figure().subplots()
    assert plots.accuracy_curves({"a": UNWATCHED, "b": UNWATCHED}, ax=ax, title="two") is ax
    assert told(ax) == ["a", "b"]
    assert ax.get_title() == "two"


@pytest.mark.parametrize("history", [[], {}, {"a": HISTORY, "b": []}])
def test_a_history_without_an_epoch_is_refused(history):
    with pytest.raises(ValueError, match="there is no epoch to draw"):
        plots.loss_curves(history)


def test_rate_range_marks_the_suggestion_and_shows_what_was_before_the_end():
    rates, losses = np.geomspace(1e-4, 1, 5), np.array([2.0, 1.9, 1.0, 0.5, 500.0])
    ax = plots.rate_range(RateRange(rates, losses, losses), title="SGD")
    raw, smoothed, suggested = ax.lines
    assert (raw.get_ydata() == losses).all()
    assert (smoothed.get_xdata() == rates).all()
    assert suggested.get_xdata() == pytest.approx([0.01, 0.01])
    assert told(ax)[-1] == "suggested: 1.0e-02"
    assert ax.get_ylim()[0] < 0.5 < 2.0 < ax.get_ylim()[1] < 10
    assert (ax.get_xscale(), ax.get_title()) == ("log", "SGD")


def test_rate_range_without_a_suggestion():
    for losses in (np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])):
        ax = Figure().subplots()
        assert plots.rate_range(RateRange(np.geomspace(1e-4, 1, 3), losses, losses), ax=ax) is ax
        assert len(ax.lines) == 2


def test_what_has_trained_stands_for_its_history_and_validation_may_be_rare():
    rare = [HISTORY[0]._replace(validation_loss=None), HISTORY[1]]
    ax = plots.loss_curves({"_a": SimpleNamespace(history_=rare), "b": SimpleNamespace(history=HISTORY)}, log=True)
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [2], [1, 2], [1, 2]]
    assert [text.lstrip("\u200b") for text in told(ax)[:2]] == ["_a", "b"]
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize("history", [None, iter(HISTORY), [1, 2], {"a": None}, SimpleNamespace()])
def test_what_is_no_history_is_refused(history):
    with pytest.raises(ValueError, match=r"give the history of a training.*"):
        plots.loss_curves(history)


def test_accuracies_that_were_not_measured_are_refused():
    with pytest.raises(ValueError, match="no epoch with the accuracy"):
        plots.accuracy_curves([HISTORY[0]._replace(accuracy=None)])


def test_ticks_tell_where_they_are():
    formatter = plots.accuracy_curves(HISTORY).yaxis.get_major_formatter()
    assert [formatter(tick, None) for tick in (0.825, 0.85, 0.9995, -1e-17)] == ["82.5%", "85%", "99.95%", "0%"]


def test_a_range_test_of_one_step_is_seen():
    ax = plots.rate_range(RateRange(*np.ones((3, 1))))
    assert [line.get_marker() for line in ax.lines] == ["o", "o"]


def test_what_diverges_leaves_the_picture_and_the_others_fill_it():
    diverging = [epoch._replace(loss=10.0 ** (20 * epoch.number)) for epoch in UNWATCHED]
    both = {"good": UNWATCHED, "diverging": diverging}
    low, high = plots.loss_curves(both, highest=3.5).get_ylim()
    assert (low, high) == pytest.approx((1.4, 3.5))
    assert plots.loss_curves(both, highest=3.5, log=True).get_ylim() == pytest.approx((1.5, 3.5))
    with pytest.raises(ValueError, match=r"highest must be above 1\.5 and finite, got 1\.0"):
        plots.loss_curves(both, highest=1.0)
