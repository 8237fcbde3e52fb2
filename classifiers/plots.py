"""Plots: each draws on an Axes, its own or the one given, and returns it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from classifiers.training import Epoch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TRAINING: dict[str, Any] = {"color": "#0072b2", "marker": "o", "markersize": 4, "label": "training"}
VALIDATION: dict[str, Any] = {
    "color": "#d55e00",
    "marker": "s",
    "markersize": 4,
    "linestyle": "--",
    "label": "validation",
}


def loss_curves(history: Sequence[Epoch], *, title: str = "", ax: Axes | None = None) -> Axes:
    """The loss over the epochs, in training and, where it was measured, validation."""
    losses = [(epoch.number, epoch.loss, epoch.validation_loss) for epoch in history]
    return _curves(losses, "loss", title, ax)


def accuracy_curves(history: Sequence[Epoch], *, title: str = "", ax: Axes | None = None) -> Axes:
    """The accuracy in per cent over the epochs, in training and, where it was measured, validation."""
    ax = _curves(
        [(epoch.number, epoch.accuracy, epoch.validation_accuracy) for epoch in history], "accuracy", title, ax
    )
    ax.yaxis.set_major_formatter("{x:.0%}")
    return ax


def _curves(points: list[tuple[int, float, float | None]], what: str, title: str, ax: Axes | None) -> Axes:
    from matplotlib.ticker import MaxNLocator

    ax = ax or _axes()
    epochs, training, validation = zip(*points, strict=True)
    ax.plot(epochs, training, **TRAINING)
    if None not in validation:
        ax.plot(epochs, validation, **VALIDATION)
    ax.set(xlabel="epoch", ylabel=what, title=title)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def _axes() -> Axes:
    """A figure of its own that needs no screen and leaves pyplot's state alone."""
    from matplotlib.figure import Figure

    return Figure(figsize=(6, 4), dpi=120, layout="constrained").subplots()
