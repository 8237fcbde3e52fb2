"""Colour histogram: the colours of an image, as a feature sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers import features
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.pixels import single_byte_image
from classifiers.plots.shared.text import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def colour_histogram(
    pixels: ArrayLike, *, bins: int = 4, shape: Shape | None = None, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Draw the share of an image's pixels of each colour, the most frequent first.

    Each bar has the colour in the middle of its bin.

    Parameters
    ----------
    pixels : array_like of uint8, shape (features,), (height, width) or (channels, height, width)
        The image, in planes.
    bins : int, default 4
        The number of bins of each channel, as in `features.colour_histogram`.
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
        If this is not an image of dtype uint8.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> ax = plots.colour_histogram(np.zeros((3, 8, 8), np.uint8))
    >>> ax.get_xlabel()
    '1 of 64 colours'
    """
    image = single_byte_image("colour_histogram", pixels, shape)
    shares = features.colour_histogram(image[None], bins=bins, shape=image.shape)[0]
    boxes = np.indices((bins,) * len(image)).reshape(len(image), -1).T
    colours = np.broadcast_to((boxes + 0.5) / bins, (len(boxes), 3))
    order = np.argsort(-shares, kind="stable")
    order = order[shares[order] > 0]
    ax = ax or new_axes()
    ax.bar(range(len(order)), shares[order], color=colours[order], edgecolor="0.4", linewidth=0.5)
    ax.yaxis.set_major_formatter(percent)
    ax.set(xticks=[], xlabel=f"{len(order)} of {len(boxes)} colours", ylabel="share of the pixels")
    ax.spines[["top", "right"]].set_visible(False)
    set_title(ax, title)
    return ax
