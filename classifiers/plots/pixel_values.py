"""Values: the numbers that an image is, written into its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import WRONG, Look, plot
from classifiers.plots.shared.pixels import image, visible
from classifiers.plots.shared.tiles import GAP, Tile, draw_tiles, in_rows, write_numbers
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CHANNELS = {1: ["grey"], 3: ["red", "green", "blue"]}
CELL = 24  # points a side of a pixel whose number can be read


@plot
def pixel_values(
    pixels: Any,
    at: tuple[int, int] = (0, 0),
    size: int = 8,
    *,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """An image with a patch of it framed, and the numbers of that patch: a grid for each channel.

    pixels  one image, (features,), (height, width) or (channels, height, width), uint8 or floats, in planes
    at      the row and the column of the patch's upper left pixel
    size    pixels a side of the patch, at most 16
    shape   of the image, (1 or 3 channels, height, width); by itself that of a square
    """
    from matplotlib.patches import Rectangle

    planes = image("pixel_values", pixels, shape)
    channels, height, width = planes.shape
    size = check_number(int, "size", size, at_least=1, at_most=16)
    row, column = at
    if not (0 <= row <= height - size and 0 <= column <= width - size):
        raise ValueError(errors.PATCH.format(at=at, size=size, height=height, width=width))
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2  # white around what is no square
    whole = visible(planes[None])[0]
    around = ((top, side - height - top), (left, side - width - left))
    whole = np.pad(whole, (*around, (0, 0))[: whole.ndim], constant_values=1)
    patch = planes[:, row : row + size, column : column + size]
    shown = visible(patch[:, None])
    line: Look = {"edgecolor": WRONG, "linewidth": 1.5}
    tiles = [Tile(whole, f"{height} × {width} pixels\n{planes.size:,} numbers")]
    tiles += [Tile(plane, name, frame=line) for plane, name in zip(shown, CHANNELS[channels], strict=True)]
    ax = draw_tiles(tiles, in_rows(len(tiles), len(tiles)), title, ax, least=CELL * size)
    corner = (column + left) / side, (row + top) / side
    ax.add_patch(Rectangle(corner, size / side, size / side, fill=False, **line))
    for place, (values, plane) in enumerate(zip(patch, shown, strict=True), start=1):
        write_numbers(ax, place * (1 + GAP), values, plane < 0.5)
    return ax
