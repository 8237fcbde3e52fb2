"""Oriented gradients: the edges of an image, as a feature sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers import features
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.pixels import displayable, single_byte_image
from classifiers.plots.shared.style import IMAGE_COLOURS, WRONG

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def oriented_gradients(
    pixels: ArrayLike,
    *,
    cell: int = 8,
    orientations: int = 9,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the edges of an image, cell by cell: lines whose lengths are the strengths of the edges in their direction.

    Edges are perpendicular to gradients. The lengths are those of `features.orientation_histograms`, relative to the
    largest.

    Parameters
    ----------
    pixels : array_like of uint8, shape (features,), (height, width) or (channels, height, width)
        The image, in planes.
    cell : int, default 8
        The side of a cell in pixels, as in `features.orientation_histograms`.
    orientations : int, default 9
        The number of directions, as in `features.orientation_histograms`.
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
        If this is not an image of dtype uint8, or cannot be divided into cells of this size.
    """
    from matplotlib.collections import LineCollection

    image = single_byte_image("oriented_gradients", pixels, shape)
    votes = features.orientation_histograms(image[None], cell=cell, orientations=orientations, shape=image.shape)[0]
    votes = votes / (votes.max() or 1)
    height, width = image.shape[1:]
    row, column, orientation = np.indices(votes.shape)
    across = np.pi * (orientation / orientations + 0.5)
    half = 0.47 * cell * votes[..., None] * np.stack([np.cos(across), np.sin(across)], axis=-1)
    middle = cell * (np.stack([column, row], axis=-1) + 0.5) - 0.5
    lines = np.stack([middle - half, middle + half], axis=-2).reshape(-1, 2, 2)

    ax = ax or new_axes(figsize=(4, 4 * height / width))
    pale = 0.45 + 0.55 * displayable(image.mean(axis=0, keepdims=True)[None] / 255)[0]
    ax.imshow(pale, cmap=IMAGE_COLOURS, vmin=0, vmax=1)
    ax.add_collection(LineCollection(lines.tolist(), colors=WRONG, linewidths=1.6, capstyle="round"))
    for edges, draw in ((np.arange(0, width + 1, cell), ax.axvline), (np.arange(0, height + 1, cell), ax.axhline)):
        for edge in edges:
            draw(edge - 0.5, color="white", linewidth=0.8)
    ax.set_axis_off()
    set_title(ax, title)
    return ax
