"""plots.loss_curves and plots.accuracy_curves: one run or several."""

from types import SimpleNamespace

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots
from nn.training.loop import Epoch

HISTORY = [Epoch(1, 2.0, 0.3, 2.1, 0.25, {}, 0.1, 1.0), Epoch(2, 1.5, 0.4, 1.8, 0.35, {}, 0.1, 2.0)]
UNWATCHED = [epoch._replace(validation_loss=None, validation_accuracy=None) for epoch in HISTORY]


def legend_texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("plot", "training", "validation"),
    [(plots.loss_curves, [2.0, 1.5], [2.1, 1.8]), (plots.accuracy_curves, [0.3, 0.4], [0.25, 0.35])],
)
def test_draws_training_and_validation(plot, training, validation):
    ax = plot(HISTORY, title="MLP")
    assert [list(line.get_ydata()) for line in ax.lines] == [training, validation]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert legend_texts(ax) == ["training", "validation"]
    assert (ax.get_title(), ax.get_xlabel()) == ("MLP", "epoch")


def test_draws_on_the_given_axes_and_without_validation():
    ax = Figure().subplots()
    assert plots.loss_curves(UNWATCHED, ax=ax) is ax
    assert len(ax.lines) == 1


def test_ticks_are_whole_epochs_even_if_there_is_only_one():
    for history in (HISTORY[:1], HISTORY):
        ticks = plots.loss_curves(history).get_xticks()
        assert all(float(tick).is_integer() for tick in ticks)


def test_runs_differ_by_colour_and_marker_and_validation_by_its_line():
    ax = plots.loss_curves({"rate 0.1": HISTORY, "rate 1": UNWATCHED, 2: HISTORY[:1]})
    assert [list(line.get_ydata()) for line in ax.lines] == [[2.0, 1.5], [2.1, 1.8], [2.0, 1.5], [2.0], [2.1]]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-", "-", "--"]
    looks = [(to_hex(line.get_color()), line.get_marker()) for line in ax.lines]
    assert looks[0] == looks[1]
    assert all(len({look[part] for look in looks}) == 3 for part in (0, 1))
    assert legend_texts(ax) == ["rate 0.1", "rate 1", "2", "training", "validation"]


def test_several_runs_without_validation_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.accuracy_curves({"a": UNWATCHED, "b": UNWATCHED}, ax=ax, title="two") is ax
    assert legend_texts(ax) == ["a", "b"]
    assert ax.get_title() == "two"


@pytest.mark.parametrize("history", [[], {}, {"a": HISTORY, "b": []}])
def test_rejects_a_history_without_epochs(history):
    with pytest.raises(ValueError, match="expected at least one epoch to draw"):
        plots.loss_curves(history)


def test_accepts_estimators_and_training_runs_and_rare_validation():
    rare = [HISTORY[0]._replace(validation_loss=None), HISTORY[1]]
    ax = plots.loss_curves({"_a": SimpleNamespace(history_=rare), "b": SimpleNamespace(history=HISTORY)}, log=True)
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [2], [1, 2], [1, 2]]
    assert [text.lstrip("\u200b") for text in legend_texts(ax)[:2]] == ["_a", "b"]
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize("history", [None, iter(HISTORY), [1, 2], {"a": None}, SimpleNamespace()])
def test_rejects_what_is_not_a_history(history):
    with pytest.raises(ValueError, match=r"pass the history of a run, .*"):
        plots.loss_curves(history)


def test_rejects_accuracies_that_were_not_measured():
    with pytest.raises(ValueError, match="at least one epoch in which the accuracy was measured, got none"):
        plots.accuracy_curves([HISTORY[0]._replace(accuracy=None)])


def test_ticks_of_accuracies_are_exact():
    formatter = plots.accuracy_curves(HISTORY).yaxis.get_major_formatter()
    assert [formatter(tick, None) for tick in (0.825, 0.85, 0.9995, -1e-17)] == ["82.5%", "85%", "99.95%", "0%"]


def test_highest_hides_runs_that_diverge():
    diverging = [epoch._replace(loss=10.0 ** (20 * epoch.number)) for epoch in UNWATCHED]
    both = {"good": UNWATCHED, "diverging": diverging}
    low, high = plots.loss_curves(both, highest=3.5).get_ylim()
    assert (low, high) == pytest.approx((1.4, 3.5))
    assert plots.loss_curves(both, highest=3.5, log=True).get_ylim() == pytest.approx((1.5, 3.5))
    with pytest.raises(ValueError, match=r"highest must be above 1\.5 and finite, got 1\.0"):
        plots.loss_curves(both, highest=1.0)
