"""Learning curves: the loss and the accuracy over the epochs of training runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from autograd.extend import describe
from classifiers.plots.shared.arguments import FittedEstimator, TrainedModel
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style, colour_and_marker
from classifiers.plots.shared.text import legend_entry, percent
from nn.training import Epoch
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


TRAINING: Style = {"color": COLOURS[0], "marker": "o", "label": "training"}
VALIDATION: Style = {"color": COLOURS[1], "marker": "s", "linestyle": "--", "label": "validation"}
LINES: Style = {"training": "-", "validation": "--"}  # if colours distinguish runs
MARGIN = 0.05  # below the lowest loss, as a share of the scale
MAX_MARKERS = 30  # along a line

Run = Sequence[Epoch] | TrainedModel | FittedEstimator  # what keeps the epochs of a run

NO_EPOCHS = (
    "expected at least one epoch to draw, got {got}; pass the history of a run, as run() and read_history() return it, "
    "a Training that has run or a fitted estimator, or a dict of these by name"
)


@plot
def loss_curves(
    history: Run | Mapping[object, Run],
    *,
    log: bool = False,
    highest: float | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss over the epochs, in training and, if it was measured, in validation.

    Parameters
    ----------
    history : sequence of Epoch, Training, estimator, or mapping from names to these
        A run: its epochs, or the Training or fitted estimator that keeps them; or several runs by name, such as their
        learning rates, to compare them.
    log : bool, default False
        Whether the losses have a logarithmic scale, which leaves out losses of 0.
    highest : float or None, default None
        The largest loss to show, so that a run that diverges does not hide the differences of the others; None to show
        all.
    title : str or None, default ""
        The title of the plot.
    ax : matplotlib.axes.Axes or None, default None
        The Axes to draw on; None for a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes with the plot.

    Raises
    ------
    TypeError
        If `ax` is not a matplotlib Axes, or has a projection.
    ValueError
        If there is no epoch to draw, or `highest` is not above the lowest loss.
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
def accuracy_curves(history: Run | Mapping[object, Run], *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """Draw the accuracy in per cent over the epochs, in training and, if it was measured, in validation.

    Parameters
    ----------
    history : sequence of Epoch, Training, estimator, or mapping from names to these
        A run: its epochs, or the Training or fitted estimator that keeps them; or several runs by name, to compare
        them.
    title : str or None, default ""
        The title of the plot.
    ax : matplotlib.axes.Axes or None, default None
        The Axes to draw on; None for a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes with the plot.

    Raises
    ------
    TypeError
        If `ax` is not a matplotlib Axes, or has a projection.
    ValueError
        If there is no epoch to draw, or none with an accuracy.
    """
    ax = _curves(history, "accuracy", title, ax)
    ax.yaxis.set_major_formatter(percent)
    return ax


def _curves(history: Run | Mapping[object, Run], what: str, title: str | None, ax: Axes | None) -> Axes:
    """Draw a measure over the epochs of one or more runs."""
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    several = isinstance(history, Mapping)
    runs = history if isinstance(history, Mapping) else {"": history}
    histories = {label: _epochs(run) for label, run in runs.items()}
    if not histories:
        raise ValueError(NO_EPOCHS.format(got=describe(history)))
    if all(getattr(epoch, what) is None for epochs in histories.values() for epoch in epochs):
        raise ValueError(
            f"expected at least one epoch in which the {what} was measured, got none; draw another measure, or train "
            f"with labels that are classes"
        )
    own = ax is None
    ax = ax or new_axes()
    validated = False
    for number, (label, epochs) in enumerate(histories.items()):
        training, validation = (_measured(epochs, of + what) for of in ("", "validation_"))
        common: Style = {"markersize": 4, "markevery": -(-len(epochs) // MAX_MARKERS)}
        compared = colour_and_marker(number) if several else {}
        ax.plot(*training, **common, **({**compared, "label": legend_entry(label)} if several else TRAINING))
        if validation[0]:
            validated = True
            common["markevery"] = -(-len(validation[0]) // MAX_MARKERS)
            hollow = {**compared, "linestyle": "--", "markerfacecolor": "white", "label": "_validation"}
            ax.plot(*validation, **common, **(hollow if several else VALIDATION))
    ax.set(xlabel="epoch", ylabel=what)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    if several:
        kinds = [Line2D([], [], color="0.4", linestyle=line, label=label) for label, line in LINES.items()]
        add_legend(ax, own_figure=own, also=tuple(kinds) if validated else ())
    else:
        ax.legend()
    set_title(ax, title)
    return ax


def _epochs(history: object) -> Sequence[Epoch]:
    """The epochs of a history, a Training or an estimator."""
    epochs = getattr(history, "history_", getattr(history, "history", history))
    if not isinstance(epochs, list | tuple) or not epochs or not all(isinstance(epoch, Epoch) for epoch in epochs):
        raise ValueError(NO_EPOCHS.format(got=describe(history)))
    return epochs


def _measured(epochs: Sequence[Epoch], what: str) -> tuple[list[int], list[float]]:
    """The numbers of the epochs in which something was measured, and its values."""
    points = [(epoch.number, getattr(epoch, what)) for epoch in epochs if getattr(epoch, what) is not None]
    return [number for number, _ in points], [value for _, value in points]
