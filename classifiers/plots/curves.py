"""Curves: the loss and the accuracy over the epochs of trainings, and the loss over the rates of a range test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from classifiers import errors
from classifiers.history import Epoch
from classifiers.plots.axes import COLOURS, Look, entitle, legend, new_axes, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from classifiers.rate_range import RateRange

Histories = Sequence[Epoch] | Mapping[str, Sequence[Epoch]]  # of a training, or of several by their labels
TRAINING: Look = {"color": COLOURS[0], "marker": "o", "label": "training"}
VALIDATION: Look = {"color": COLOURS[1], "marker": "s", "linestyle": "--", "label": "validation"}
KINDS: Look = {"training": "-", "validation": "--"}  # of lines, where colours tell trainings apart
MARKED = 30  # markers along a line, at most


def loss_curves(history: Histories, *, title: str = "", ax: Axes | None = None) -> Axes:
    """The loss over the epochs, in training and, where it was measured, validation.

    history  of a training; or a dict of several by label, such as their learning rates, to compare them
    """
    return _curves(history, "loss", title, ax)


def accuracy_curves(history: Histories, *, title: str = "", ax: Axes | None = None) -> Axes:
    """The accuracy in per cent over the epochs, in training and, where it was measured, validation.

    history  of a training; or a dict of several by label, to compare them
    """
    ax = _curves(history, "accuracy", title, ax)
    ax.yaxis.set_major_formatter("{x:.0%}")
    return ax


def rate_range(result: RateRange, *, title: str = "", ax: Axes | None = None) -> Axes:
    """The loss over the learning rate in a range test, and the rate that it suggests."""
    ax = ax or new_axes()
    ax.plot(result.rates, result.losses, color=TRAINING["color"], alpha=0.3, label="loss of each batch")
    ax.plot(result.rates, result.smoothed, color=TRAINING["color"], label="smoothed")
    if result.suggested is not None:
        label = f"suggested: {result.suggested:.1e}"
        ax.axvline(result.suggested, color=VALIDATION["color"], linestyle="--", label=label)
    low, high = result.losses.min(), result.smoothed[0]
    margin = 0.3 * (high - low) or 1.0  # what it blows up to would leave nothing else to see
    ax.set(xlabel="learning rate", ylabel="loss", xscale="log", ylim=(low - margin, high + 2 * margin))
    ax.grid(alpha=0.3)
    ax.legend()
    entitle(ax, title)
    return ax


def _curves(history: Histories, what: str, title: str, ax: Axes | None) -> Axes:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    several = isinstance(history, Mapping)
    histories = history if isinstance(history, Mapping) else {"": history}
    if not histories or not all(map(len, histories.values())):
        raise ValueError(errors.NO_HISTORY)
    own = ax is None
    ax = ax or new_axes()
    validated = False
    for number, (label, epochs) in enumerate(histories.items()):
        numbers = [epoch.number for epoch in epochs]
        training, validation = ([getattr(epoch, of + what) for epoch in epochs] for of in ("", "validation_"))
        common: Look = {"markersize": 4, "markevery": -(-len(epochs) // MARKED)}
        compared = style(number) if several else {}
        ax.plot(numbers, training, **common, **({**compared, "label": str(label)} if several else TRAINING))
        if None not in validation:
            validated = True
            hollow = {**compared, "linestyle": "--", "markerfacecolor": "white", "label": "_validation"}
            ax.plot(numbers, validation, **common, **(hollow if several else VALIDATION))
    ax.set(xlabel="epoch", ylabel=what)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    if several:
        kinds = [Line2D([], [], color="0.4", linestyle=line, label=label) for label, line in KINDS.items()]
        handles = [*ax.get_legend_handles_labels()[0], *(kinds if validated else ())]
        legend(ax, own=own, handles=handles)
    else:
        ax.legend()
    entitle(ax, title)
    return ax
