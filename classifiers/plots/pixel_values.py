"""Pixel values: the numbers of an image, written into its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, single_image
from classifiers.plots.shared.style import WRONG, Style
from classifiers.plots.shared.tiles import GAP, Tile, draw_tiles, grid_places, write_numbers
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CHANNELS = {1: ["grey"], 3: ["red", "green", "blue"]}
CELL = 24  # the side of a pixel with a legible number, in points


@plot
def pixel_values(
    pixels: ArrayLike,
    at: tuple[int, int] = (0, 0),
    size: int = 8,
    *,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw an image with a patch framed, and the numbers of this patch, channel by channel.

    Parameters
    ----------
    pixels : array_like, shape (features,), (height, width) or (channels, height, width)
        The image, in planes: uint8, or floats from 0 to 1.
    at : (int, int), default (0, 0)
        The row and column of the upper left pixel of the patch.
    size : int, default 8
        The side of the patch, 1 to 16 pixels.
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
        If this is not an image, or the patch is not within it.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> ax = plots.pixel_values(np.arange(16, dtype=np.uint8).reshape(4, 4), at=(1, 1), size=2)
    >>> [text.get_text() for text in ax.texts[2:]]
    ['5', '6', '9', '10']
    """
    from matplotlib.patches import Rectangle

    image = single_image("pixel_values", pixels, shape)
    channels, height, width = image.shape
    size = check_number(int, "size", size, at_least=1, at_most=16)
    row, column = at
    if not (0 <= row <= height - size and 0 <= column <= width - size):
        raise ValueError(
            f"pixel_values expected a patch within the image of {height} × {width} pixels, got {size} × {size} pixels "
            f"at {at}; change at or size"
        )
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2  # white pixels make the image square
    picture = displayable(image[None])[0]
    around = ((top, side - height - top), (left, side - width - left))
    picture = np.pad(picture, (*around, (0, 0))[: picture.ndim], constant_values=1)
    patch = image[:, row : row + size, column : column + size]
    shown = displayable(patch[:, None])
    line: Style = {"edgecolor": WRONG, "linewidth": 1.5}
    tiles = [Tile(picture, f"{height} × {width} pixels\n{image.size:,} numbers")]
    tiles += [Tile(plane, name, frame=line) for plane, name in zip(shown, CHANNELS[channels], strict=True)]
    ax = draw_tiles(tiles, grid_places(len(tiles), len(tiles)), title, ax, min_width=CELL * size)
    corner = (column + left) / side, (row + top) / side
    ax.add_patch(Rectangle(corner, size / side, size / side, fill=False, **line))
    for index, (values, plane) in enumerate(zip(patch, shown, strict=True), start=1):
        write_numbers(ax, index * (1 + GAP), values, plane < 0.5)
    return ax
