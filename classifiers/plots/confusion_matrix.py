"""Matrices: the confusion matrix of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import entitle, extent, new_axes, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import number, percent, short, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGIBLE = 20  # classes whose counts can be read
TICKS = 40  # names along a side, at most
LONGEST = 24  # letters of a name


@plot
def confusion_matrix(
    matrix: Any, names: Sequence[str] | None = None, *, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """The confusion matrix (rows: the true classes): counts, up to 20 classes, on the colour of their share of the row.

    matrix  (classes, classes), counts, or shares as of a normalised matrix; a row of zeros has shares of 0
    names   of the classes; their indices where None

    Raises ValueError for what is not finite or below 0.
    """
    from matplotlib.ticker import FuncFormatter

    checked = finite(matrix)
    if checked is None or checked.min() < 0:
        raise ValueError(errors.CONFUSION_NUMBERS.format(got=describe(matrix)))
    matrix = checked
    names = [short(name, LONGEST) for name in (range(len(matrix)) if names is None else names)]
    if matrix.shape != (len(names), len(names)):
        raise ValueError(errors.CONFUSION_NAMES.format(shape=matrix.shape, names=len(names)))
    size = 0.5 * min(len(names), LEGIBLE)
    longest = widest(names) or 1
    beside = 10 * longest / 72  # inches of the longest name
    ax = ax or new_axes(figsize=(2 + size + beside, 1.5 + size + beside))
    totals = matrix.sum(axis=1, keepdims=True, dtype=float)
    shares = matrix / np.where(totals > 0, totals, 1)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    room = 0.75 * min(extent(ax)) / len(names)  # for each class, in points; the names take some of it
    if len(names) <= LEGIBLE:
        counts = [number(count, 2).removeprefix("0" if 0 < count < 1 else "") for count in matrix.flat]
        fontsize = min(8.0, room / widest(counts), room / 1.5)
        for (row, column), count in zip(np.ndindex(matrix.shape), counts, strict=True):
            colour = "white" if shares[row, column] > 0.5 else "black"
            ax.text(column, row, count, ha="center", va="center", color=colour, fontsize=fontsize)
    step = -(-len(names) // TICKS)
    ticks, ticksize = range(0, len(names), step), min(10.0, 0.7 * step * room, 0.35 * min(extent(ax)) / longest)
    names = names[::step]
    ax.set_xticks(ticks, names, fontsize=ticksize)
    if widest(names) * ticksize > step * room:
        for label in ax.get_xticklabels():
            label.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(ticks, names, fontsize=ticksize)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.figure.colorbar(image, ax=ax, label="share of the true class", format=FuncFormatter(percent), shrink=0.8)
    entitle(ax, title)
    return ax
