"""Matrices: the confusion matrix of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.plots.axes import entitle, extent, new_axes, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGIBLE = 20  # classes whose counts can be read


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
    ax = ax or new_axes(figsize=(2 + size, 1.5 + size))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    room = 0.75 * min(extent(ax)) / len(names)  # for each class, in points; the names take some of it
    if len(names) <= LEGIBLE:
        counts = [f"{count:,}" for count in matrix.flat]
        fontsize = min(8.0, room / widest(counts), room / 1.5)
        for (row, column), count in zip(np.ndindex(matrix.shape), counts, strict=True):
            colour = "white" if shares[row, column] > 0.5 else "black"
            ax.text(column, row, count, ha="center", va="center", color=colour, fontsize=fontsize)
    ticks, ticksize = range(len(names)), min(10.0, 0.7 * room)
    ax.set_xticks(ticks, names, fontsize=ticksize)
    if max(map(len, names)) > 3:
        for label in ax.get_xticklabels():
            label.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(ticks, names, fontsize=ticksize)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.figure.colorbar(image, ax=ax, label="share of the true class", format="{x:.0%}", shrink=0.8)
    entitle(ax, title)
    return ax
