"""Neighbours: a sample and its nearest training images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from classifiers.augmentation import Shape
from classifiers.plots.shared.arguments import Trace
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, not_images, planes
from classifiers.plots.shared.style import CORRECT
from classifiers.plots.shared.text import class_name, number
from classifiers.plots.shared.tiles import GAP, Tile, best_columns, draw_tiles, grid_places, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOUBTFUL = 64  # with fewer features, samples that are not uint8 are probably measurements, not images
MAX_ROW = 7  # neighbours in one row


@plot
def neighbours(
    trace: Trace,
    *,
    shape: Shape | None = None,
    names: Sequence[str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a sample and its nearest neighbours with their labels and distances.

    The neighbours of the predicted class are framed.

    Parameters
    ----------
    trace : Trace
        The result of `KNeighborsClassifier.trace`.
    shape : (int, int, int) or None, default None
        Channels (1 or 3), height and width of an image; None for a square image.
    names : sequence of str or None, default None
        The names of the classes, which the labels index; None to show the labels themselves.
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
        If the samples are not images. Without `shape`, samples of fewer than 64 features that are not uint8 are not
        accepted as images.
    """
    samples = np.concatenate([np.asarray(trace.sample).reshape(1, -1), trace.neighbour_samples])
    if shape is None and samples.dtype != np.uint8 and samples.shape[1] < DOUBTFUL:
        raise not_images(
            "neighbours", samples.shape[1], f"an image for certain, as they are fewer than {DOUBTFUL} and not uint8"
        )
    sample, *pictures = displayable(planes("neighbours", samples, shape))
    share = trace.votes[trace.answer] / (sum(trace.votes.values()) or 1)
    answer = wrap(f"→ {class_name('neighbours', trace.answer, names)}")
    tiles = [Tile(sample, f"sample\n{answer}\nvotes: {share:.0%}", frame={"edgecolor": "black"})]
    for picture, label, distance in zip(pictures, trace.neighbour_labels, trace.neighbour_distances, strict=True):
        agrees = label == trace.answer
        text = f"{wrap(class_name('neighbours', label, names))}\n{trace.metric.upper()} {number(distance)}"
        frame = {"edgecolor": CORRECT} if agrees else None
        tiles.append(Tile(picture, text, CORRECT if agrees else "0.35", frame))
    k = len(pictures)
    neighbour_places = [(column + 1.3, row) for column, row in grid_places(k, k if k <= MAX_ROW else best_columns(k))]
    ax = draw_tiles(tiles, [(0, 0), *neighbour_places], title, ax)
    ax.axvline(1.15 * (1 + GAP) - GAP / 2, color="0.7", linewidth=0.8)
    return ax
