"""Curves: the loss and the accuracy over the epochs of trainings, and the loss over the rates of a range test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, legend, new_axes, plot, style
from classifiers.plots.shared.texts import entry, percent
from nn.training.history import Epoch
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from nn.training.rate_range import RateRange

TRAINING: Look = {"color": COLOURS[0], "marker": "o", "label": "training"}
VALIDATION: Look = {"color": COLOURS[1], "marker": "s", "linestyle": "--", "label": "validation"}
KINDS: Look = {"training": "-", "validation": "--"}  # of lines, where colours tell trainings apart
MARGIN = 0.05  # below the lowest loss, as a share of the scale
MARKED = 30  # markers along a line, at most


@plot
def loss_curves(
    history: Any, *, log: bool = False, highest: float | None = None, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """The loss over the epochs, in training and, where it was measured, validation.

    history  of a training: its epochs, the Training or the fitted estimator; or a dict of several by label, such as
             their learning rates, to compare them
    log      whether the losses stand on a logarithmic scale, which leaves out those of 0
    highest  the loss at which the picture ends: trainings that diverge leave it, and the others can be told apart

    Raises ValueError where there is no epoch to draw, or no loss below the highest.
    """
    ax = _curves(history, "loss", title, ax)
    if log:
        ax.set_yscale("log", nonpositive="mask")
    if highest is not None:
        lowest = min(float(np.min(line.get_ydata())) for line in ax.lines)
        highest = check_number(float, "highest", highest, above=lowest, below=inf)
        ax.set_ylim(lowest if log else lowest - MARGIN * (highest - lowest), highest)
    return ax


@plot
def accuracy_curves(history: Any, *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """The accuracy in per cent over the epochs, in training and, where it was measured, validation.

    history  of a training: its epochs, the Training or the fitted estimator; or a dict of several by label, to
             compare them

    Raises ValueError where there is no epoch to draw, or none with an accuracy.
    """
    ax = _curves(history, "accuracy", title, ax)
    ax.yaxis.set_major_formatter(percent)
    return ax


@plot
def rate_range(result: RateRange, *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """The loss over the learning rate in a range test, and the rate that it suggests."""
    ax = ax or new_axes()
    several = len(result.rates) > 1
    look: Look = {"color": TRAINING["color"], "marker": "" if several else "o"}  # a line of one point is not seen
    ax.plot(result.rates, result.losses, alpha=0.3, label="loss of each batch", **look)
    ax.plot(result.rates, result.smoothed, label="smoothed", **look)
    if several and result.suggested is not None:
        label = f"suggested: {result.suggested:.1e}"
        ax.axvline(result.suggested, color=VALIDATION["color"], linestyle="--", label=label)
    low, high = result.losses.min(), result.smoothed[0]
    margin = 0.3 * (high - low) or 1.0  # what it blows up to would leave nothing else to see
    ax.set(xlabel="learning rate", ylabel="loss", xscale="log", ylim=(low - margin, high + 2 * margin))
    ax.grid(alpha=0.3)
    ax.legend()
    entitle(ax, title)
    return ax


def _curves(history: Any, what: str, title: str | None, ax: Axes | None) -> Axes:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    several = isinstance(history, Mapping)
    histories = {label: _epochs(one) for label, one in (history if several else {"": history}).items()}
    if not histories:
        raise ValueError(errors.NO_HISTORY.format(got=describe(history)))
    if all(getattr(epoch, what) is None for epochs in histories.values() for epoch in epochs):
        raise ValueError(errors.NOT_MEASURED.format(what=what))
    own = ax is None
    ax = ax or new_axes()
    validated = False
    for number, (label, epochs) in enumerate(histories.items()):
        training, validation = (_measured(epochs, of + what) for of in ("", "validation_"))
        common: Look = {"markersize": 4, "markevery": -(-len(epochs) // MARKED)}
        compared = style(number) if several else {}
        ax.plot(*training, **common, **({**compared, "label": entry(label)} if several else TRAINING))
        if validation[0]:
            validated = True
            common["markevery"] = -(-len(validation[0]) // MARKED)
            hollow = {**compared, "linestyle": "--", "markerfacecolor": "white", "label": "_validation"}
            ax.plot(*validation, **common, **(hollow if several else VALIDATION))
    ax.set(xlabel="epoch", ylabel=what)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    if several:
        kinds = [Line2D([], [], color="0.4", linestyle=line, label=label) for label, line in KINDS.items()]
        legend(ax, own=own, also=tuple(kinds) if validated else ())
    else:
        ax.legend()
    entitle(ax, title)
    return ax


def _epochs(history: Any) -> Sequence[Epoch]:
    """The epochs of a history, or of a Training or an estimator, which keep theirs."""
    epochs = getattr(history, "history_", getattr(history, "history", history))
    if not isinstance(epochs, list | tuple) or not epochs or not all(isinstance(epoch, Epoch) for epoch in epochs):
        raise ValueError(errors.NO_HISTORY.format(got=describe(history)))
    return epochs


def _measured(epochs: Sequence[Epoch], what: str) -> tuple[list[int], list[float]]:
    """The numbers of the epochs in which something was measured, and what it was."""
    points = [(epoch.number, getattr(epoch, what)) for epoch in epochs if getattr(epoch, what) is not None]
    return [number for number, _ in points], [value for _, value in points]
