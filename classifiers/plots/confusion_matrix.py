"""Confusion matrix: how often each true class was predicted as each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.style import SHARE_COLOURS
from classifiers.plots.shared.text import number, percent, shorten, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGIBLE = 20  # counts are written for at most this many classes
MAX_TICKS = 40  # names along a side
MAX_NAME = 24  # characters of a name


@plot
def confusion_matrix(
    matrix: ArrayLike, names: Sequence[str] | None = None, *, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Draw a confusion matrix: a row for each true class, a column for each predicted class.

    The colour is the share of the row. Up to 20 classes, the numbers are written, too.

    Parameters
    ----------
    matrix : array_like, shape (classes, classes)
        Counts, or shares as in a normalised matrix. The shares of a row of zeros are 0.
    names : sequence of str or None, default None
        The names of the classes; None to show their indices.
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
        If the matrix is not square, contains negative numbers, NaN or infinity, or there are not as many names as
        classes.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.confusion_matrix([[9, 1], [2, 8]], ["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['9', '1', '2', '8']
    """
    from matplotlib.ticker import FuncFormatter

    checked = finite_array(matrix)
    if checked is None or checked.min() < 0:
        raise ValueError(
            f"confusion_matrix expected counts or shares, finite numbers of at least 0 in shape (classes, classes), "
            f"got {describe(matrix)}; sklearn.metrics.confusion_matrix counts them"
        )
    counted = checked
    names = [shorten(name, MAX_NAME) for name in (range(len(counted)) if names is None else names)]
    if counted.shape != (len(names), len(names)):
        raise ValueError(
            f"confusion_matrix expected a matrix of shape (classes, classes) and a name for each class, "
            f"got shape {counted.shape} and {len(names)} names"
        )
    size = 0.5 * min(len(names), LEGIBLE)
    longest = text_width(names) or 1
    name_width = 10 * longest / 72  # inches of the longest name
    ax = ax or new_axes(figsize=(2 + size + name_width, 1.5 + size + name_width))
    totals = counted.sum(axis=1, keepdims=True, dtype=float)
    shares = counted / np.where(totals > 0, totals, 1)
    image = ax.imshow(shares, cmap=SHARE_COLOURS, vmin=0, vmax=1)
    room = 0.75 * min(size_in_points(ax)) / len(names)  # for each class, in points, as the names need some
    if len(names) <= LEGIBLE:
        counts = [number(count, 2).removeprefix("0" if 0 < count < 1 else "") for count in counted.flat]
        fontsize = min(8.0, room / text_width(counts), room / 1.5)
        for (row, column), count in zip(np.ndindex(counted.shape), counts, strict=True):
            colour = "white" if shares[row, column] > 0.5 else "black"
            ax.text(column, row, count, ha="center", va="center", color=colour, fontsize=fontsize)
    step = -(-len(names) // MAX_TICKS)
    ticks, ticksize = range(0, len(names), step), min(10.0, 0.7 * step * room, 0.35 * min(size_in_points(ax)) / longest)
    names = names[::step]
    ax.set_xticks(ticks, names, fontsize=ticksize)
    if text_width(names) * ticksize > step * room:
        for label in ax.get_xticklabels():
            label.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(ticks, names, fontsize=ticksize)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.figure.colorbar(image, ax=ax, label="share of the true class", format=FuncFormatter(percent), shrink=0.8)
    set_title(ax, title)
    return ax
