"""Neighbour rows: several samples, each with its nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.arguments import Trace, check_one_for_each
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, planes
from classifiers.plots.shared.style import CORRECT, WRONG
from classifiers.plots.shared.text import class_name
from classifiers.plots.shared.tiles import GAP, Tile, draw_tiles, grid_places, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

APART = 0.3  # between a sample and its neighbours, in widths of a tile


@plot
def neighbour_rows(
    traces: Sequence[Trace],
    labels: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw several samples with their nearest neighbours: a row for each sample.

    A row begins with the sample, its true class and the predicted one. Neighbours and predictions of another class than
    the true one are marked with a ×.

    Parameters
    ----------
    traces : sequence of Trace
        The results of `KNeighborsClassifier.trace` for some samples, all with the same number of neighbours.
    labels : array_like, shape (n,)
        The true classes of the samples.
    names : sequence of str or None, default None
        The names of the classes, which the labels index; None to show the labels themselves.
    shape : (int, int, int) or None, default None
        Channels (1 or 3), height and width of an image; None for a square image.
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
        If the traces have different numbers of neighbours, the samples are not images, or the labels or names do not
        fit.
    """
    labels = np.asarray(labels)
    check_one_for_each("neighbour_rows", "labels", labels.shape, len(traces))
    counts = {len(trace.neighbour_labels) for trace in traces}
    if len(counts) != 1:
        raise ValueError(
            f"neighbour_rows expected at least one trace, all of the same k, got k = {sorted(counts) or 'none'}; "
            f"pass traces of one classifier"
        )
    columns = 1 + counts.pop()
    samples = [row for trace in traces for row in (trace.sample, *trace.neighbour_samples)]
    pictures = iter(displayable(planes("neighbour_rows", np.stack(samples), shape)))

    tiles = []
    for trace, truth in zip(traces, labels.tolist(), strict=True):
        shown = [trace.answer, *np.asarray(trace.neighbour_labels).tolist()]
        for index, label in enumerate(shown):
            correct = label == truth
            text = wrap(("" if correct else "× ") + class_name("neighbour_rows", label, names))
            if index == 0:
                text = f"{wrap(class_name('neighbour_rows', truth, names))}\n→ {text}"
            frame_colour = CORRECT if correct else WRONG
            tiles.append(Tile(next(pictures), text, frame_colour, {"edgecolor": frame_colour}))
    places = [(column + APART * (column > 0), row) for column, row in grid_places(len(tiles), columns)]
    ax = draw_tiles(tiles, places, title, ax)
    ax.axvline((1 + APART / 2) * (1 + GAP) - GAP / 2, color="0.7", linewidth=0.8)
    return ax
