"""Image difference: two images and their distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, single_image
from classifiers.plots.shared.style import SHARE_COLOURS, Style
from classifiers.plots.shared.text import number
from classifiers.plots.shared.tiles import GAP, Tile, draw_tiles, tile_width, write_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_WRITTEN = 8  # numbers are written into grey images of at most this many pixels a side
NAMES = {"l1": "|difference|", "l2": "difference²"}  # of one pixel
ORDERS = {"l1": 1, "l2": 2}


@plot
def image_difference(
    first: ArrayLike,
    second: ArrayLike,
    *,
    metric: str = "l1",
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw two images, their difference pixel by pixel, and their distance.

    Parameters
    ----------
    first, second : array_like, shape (features,), (height, width) or (channels, height, width)
        The images, in planes: uint8 or floats.
    metric : {"l1", "l2"}, default "l1"
        "l1": the distance is the sum of |difference|; "l2": the root of the sum of difference².
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
        If the metric is unknown, or these are not two images of one shape.

    Notes
    -----
    The differences of a pixel's channels are added. If the images have one channel and at most 8 × 8 pixels, the
    numbers are written into the pixels, as in CS231n, "Image classification".

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.image_difference([[56, 32], [90, 23]], [[10, 20], [8, 10]])
    >>> ax.texts[2].get_text()
    '|difference|\nL1 distance 153'
    """
    if metric not in NAMES:
        raise ValueError(f"image_difference expected metric 'l1' or 'l2', got {metric!r}")
    pair = [single_image("image_difference", pixels, shape) for pixels in (first, second)]
    if pair[0].shape != pair[1].shape:
        raise ValueError(
            f"image_difference expected two images of one shape (channels, height, width), "
            f"got {pair[0].shape} and {pair[1].shape}; resize one of them"
        )
    integers = all(pixels.dtype.kind in "bui" for pixels in pair)
    a, b = (pixels.astype(object if integers else float) for pixels in pair)  # exact: in uint8, 2 - 4 = 254
    order = ORDERS[metric]
    with np.errstate(over="ignore", under="ignore"):
        apart = (abs(a - b) ** order).sum(axis=0)  # infinite if no float is this large
        # Again in units of a power of two, which avoids overflow without rounding.
        unit = 2.0 ** (np.frexp(max(abs(a).max(), abs(b).max(), 1e-300))[1] - 1)
        shares = (abs(a.astype(float) / unit - b.astype(float) / unit) ** order).sum(axis=0)
        distance = apart.sum() if order == 1 else np.float64(unit) * np.sqrt(shares.sum())
    shares /= shares.max() or 1

    pictures = displayable(np.stack(pair))
    total = f"{metric.upper()} distance {number(distance)}"
    line: Style = {"edgecolor": "0.5", "linewidth": 0.8}
    tiles = [
        Tile(pictures[0], "first image", frame=line),
        Tile(pictures[1], "second image", frame=line),
        Tile(shares, f"{NAMES[metric]}\n{total}", frame=line, style={"cmap": SHARE_COLOURS}),
    ]
    places = [(1.2 * index, 0) for index in range(len(tiles))]  # with room for a sign between them
    written = len(pair[0]) == 1 and max(apart.shape) <= MAX_WRITTEN
    ax = draw_tiles(tiles, places, title, ax, min_width=max(130, 26 * apart.shape[1] * written))
    middle = len(pictures[0]) / pictures[0].shape[1] / 2
    for (column, _), sign in zip(places[1:], "−→", strict=True):
        left = column * (1 + GAP)
        ax.text(left - (1.2 * (1 + GAP) - 1) / 2, middle, sign, ha="center", va="center", fontsize=0.1 * tile_width(ax))
    if written:
        darks = (*(pictures < 0.5), shares > 0.5)
        for (column, _), values, dark in zip(places, (a[0], b[0], apart), darks, strict=True):
            write_numbers(ax, column * (1 + GAP), values, dark)
    return ax
