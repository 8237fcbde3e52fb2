"""Plots: each draws on an Axes, its own or the one given, and returns it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Augment
from classifiers.history import Epoch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from classifiers.rate_range import RateRange

TRAINING: dict[str, Any] = {"color": "#0072b2", "marker": "o", "markersize": 4, "label": "training"}
VALIDATION: dict[str, Any] = {
    "color": "#d55e00",
    "marker": "s",
    "markersize": 4,
    "linestyle": "--",
    "label": "validation",
}
LEGIBLE = 20  # classes whose counts can be read in a confusion matrix


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


def rate_range(result: RateRange, *, title: str = "", ax: Axes | None = None) -> Axes:
    """The loss over the learning rate in a range test, and the rate that it suggests."""
    ax = ax or _axes()
    ax.plot(result.rates, result.losses, color=TRAINING["color"], alpha=0.3, label="loss of each batch")
    ax.plot(result.rates, result.smoothed, color=TRAINING["color"], label="smoothed")
    if result.suggested is not None:
        label = f"suggested: {result.suggested:.1e}"
        ax.axvline(result.suggested, color=VALIDATION["color"], linestyle="--", label=label)
    low, high = result.losses.min(), result.smoothed[0]
    margin = 0.3 * (high - low) or 1.0  # what it blows up to would leave nothing else to see
    ax.set(xlabel="learning rate", ylabel="loss", title=title, xscale="log", ylim=(low - margin, high + 2 * margin))
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def confusion_matrix(
    matrix: Any, names: Sequence[str] | None = None, *, title: str = "", ax: Axes | None = None
) -> Axes:
    """The confusion matrix (rows: the true classes): counts, up to 20 classes, on the colour of their share of the row.

    names  of the classes; their indices where None
    """
    matrix = np.asarray(matrix)
    names = [str(name) for name in (range(len(matrix)) if names is None else names)]
    if matrix.shape != (len(names), len(names)):
        raise ValueError(errors.CONFUSION_NAMES.format(shape=matrix.shape, names=len(names)))
    size = 0.5 * min(len(names), LEGIBLE)
    ax = ax or _axes(figsize=(2 + size, 1.5 + size))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix if len(names) <= LEGIBLE else ()):
        colour = "white" if shares[row, column] > 0.5 else "black"
        ax.text(column, row, f"{count:,}", ha="center", va="center", color=colour, fontsize="small")
    ticks = range(len(names))
    ax.set_xticks(ticks, names)
    if max(map(len, names)) > 3:
        for label in ax.get_xticklabels():
            label.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(ticks, names)
    ax.set(xlabel="predicted class", ylabel="true class", title=title)
    ax.figure.colorbar(image, ax=ax, label="share of the true class", format="{x:.0%}", shrink=0.8)
    return ax


def augmentations(
    images: np.ndarray,
    augment: Augment,
    rng: np.random.Generator | int | None = None,
    *,
    draws: int = 8,
    shape: tuple[int, int, int] = (3, 32, 32),
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A page of what an augmentation does: for each image a row, the original first, then `draws` changed ones.

    images  (n, features), uint8, or floats from 0 to 1; in planes, as CIFAR-10's
    shape   of an image: (1 or 3 channels, height, width)
    """
    rng = np.random.default_rng(rng)
    tiles = np.stack([images, *(augment(images, rng) for _ in range(draws))], axis=1)  # (n, 1 + draws, ...)
    rows, columns = tiles.shape[:2]
    tiles = np.moveaxis(tiles.reshape(rows, columns, *shape), 2, -1)
    white = 255 if images.dtype == np.uint8 else 1
    gap = 1 + shape[2] // 16  # white pixels around each
    tiles = np.pad(tiles, ((0, 0), (0, 0), (gap, gap), (gap, gap), (0, 0)), constant_values=white)
    height, width, channels = tiles.shape[2:]
    page = tiles.swapaxes(1, 2).reshape(rows * height, columns * width, channels)

    ax = ax or _axes(figsize=(0.8 * columns, 0.8 * rows + 0.5))
    ax.imshow(page if channels > 1 else page[..., 0], cmap="gray", vmin=0, vmax=white)
    ax.axvline(width - 0.5, color="0.5", linewidth=1)
    ax.set_xticks([width / 2, width * (columns + 1) / 2], ["original", "changed at random"])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(yticks=[], title=title, frame_on=False)
    return ax


def _curves(points: Sequence[tuple[int, float | None, float | None]], what: str, title: str, ax: Axes | None) -> Axes:
    from matplotlib.ticker import MaxNLocator

    if not points:
        raise ValueError(errors.NO_HISTORY)
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


def _axes(figsize: tuple[float, float] = (6, 4)) -> Axes:
    """A figure of its own that needs no screen and leaves pyplot's state alone."""
    from matplotlib.figure import Figure

    return Figure(figsize=figsize, dpi=120, layout="constrained").subplots()
