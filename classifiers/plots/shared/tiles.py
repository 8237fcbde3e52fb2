"""Tiles: images in a grid, each with a text below it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifiers.plots.shared.layout import TITLE_SIZE, new_axes, set_title, size_in_points
from classifiers.plots.shared.style import IMAGE_COLOURS, Style
from classifiers.plots.shared.text import number, shorten, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.12  # between tiles, in widths of a tile
LINE = 1.3  # the height of a line of text, in font sizes
MAX_FONT = 8.0  # points
MIN_WIDTH = 60.0  # of a tile in a new figure, in points
WRAP = 16  # characters of a line of text
MAX_NAME = 4 * WRAP  # characters


class Tile(NamedTuple):
    """An image with the text below it.

    Attributes
    ----------
    picture : ndarray, shape (height, width) or (height, width, 3)
        Numbers from 0 to 1, unless `style` has another range.
    text : str
        The text below the image, one or more lines.
    colour : str
        The colour of the text.
    frame : dict or None
        Keyword arguments of the rectangle around the image; None for no frame.
    style : dict
        Keyword arguments of matplotlib's ``imshow``.
    """

    picture: np.ndarray
    text: str = ""
    colour: str = "black"
    frame: Style | None = None
    style: Style = {}


def wrap(text: str) -> str:
    """Break a text into lines that fit below a tile.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    str
        The text in lines of at most 16 characters, four of them at most.
    """
    return fill(shorten(text, MAX_NAME), WRAP)


def best_columns(n: int) -> int:
    """Choose the number of columns of a nearly square grid.

    Parameters
    ----------
    n : int
        The number of tiles.

    Returns
    -------
    int
        Of the numbers from √n to 2√n, the smallest that leaves the fewest places empty.

    Examples
    --------
    >>> best_columns(10)
    5
    """
    root = isqrt(n - 1) + 1
    return min(range(root, isqrt(4 * n) + 1), key=lambda columns: -n % columns)


def grid_places(n: int, columns: int) -> list[tuple[float, int]]:
    """Return the places of tiles in a grid.

    Parameters
    ----------
    n : int
        The number of tiles.
    columns : int
        The number of columns.

    Returns
    -------
    list of (float, int)
        The column and row of each tile, row by row.
    """
    return [(index % columns, index // columns) for index in range(n)]


def draw_tiles(
    tiles: Sequence[Tile],
    places: Sequence[tuple[float, int]],
    title: str | None,
    ax: Axes | None,
    *,
    min_width: float = 0,
) -> Axes:
    """Draw tiles, with texts as large as there is room for.

    A tile is 1 wide in the coordinates of the Axes, and the left edge of column c is at c · (1 + GAP).

    Parameters
    ----------
    tiles : sequence of Tile
        The tiles, all of one size.
    places : sequence of (float, int)
        The column and row of each.
    title : str or None
        The title.
    ax : matplotlib.axes.Axes or None
        The Axes to draw on; None for a new figure.
    min_width : float, default 0
        The least width of a tile in a new figure, in points.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes.
    """
    from matplotlib.patches import Rectangle

    texts = [tile.text for tile in tiles]
    lines, longest = max(len(text.splitlines()) for text in texts), text_width(texts)
    aspect = tiles[0].picture.shape[0] / tiles[0].picture.shape[1]
    columns, rows = (max(along) + 1 for along in zip(*places, strict=True))

    # In points: `unit`, the width of a tile, and `size`, the font size.
    across = columns * (1 + GAP)
    unit = (
        max(MIN_WIDTH, min_width, min(240 / columns, 130), longest * MAX_FONT)
        if ax is None
        else size_in_points(ax)[0] / across
    )
    size = min(MAX_FONT, unit / max(longest, 1e-9))
    pitch = aspect + GAP + (lines and GAP / 2 + lines * LINE * size / unit)  # the distance of rows, in units
    if ax is None:
        width, height = across * unit, rows * pitch * unit
        if title:
            width, height = max(width, 15 * TITLE_SIZE), height + 2 * TITLE_SIZE
        ax = new_axes(figsize=(width / 72 + 0.1, height / 72 + 0.1))
    else:
        shrunk = min(1, size_in_points(ax)[1] / (rows * pitch * unit))
        unit, size = shrunk * unit, shrunk * size

    for tile, (column, row) in zip(tiles, places, strict=True):
        left, top = column * (1 + GAP), row * pitch
        style: Style = {"cmap": IMAGE_COLOURS, "vmin": 0, "vmax": 1, **tile.style}
        ax.imshow(tile.picture, extent=(left, left + 1, top + aspect, top), **style)
        if tile.frame is not None:
            line: Style = {"linewidth": min(2.0, 0.04 * unit), **tile.frame}
            ax.add_patch(Rectangle((left, top), 1, aspect, fill=False, **line))
        below: Style = {"ha": "center", "va": "top", "color": tile.colour, "fontsize": size}
        ax.text(left + 0.5, top + aspect + GAP / 2, tile.text, **below)
    ax.set(xlim=(-GAP / 2, across - GAP / 2), ylim=(rows * pitch - GAP / 2, -GAP / 2))
    ax.set_axis_off()
    set_title(ax, title)
    return ax


def tile_width(ax: Axes) -> float:
    """Return the width of the tiles of an Axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes, drawn on by `draw_tiles`.

    Returns
    -------
    float
        The width of a tile, in points.
    """
    (width, height), ((left, right), (bottom, top)) = size_in_points(ax), (ax.get_xlim(), ax.get_ylim())
    return min(width / (right - left), height / (bottom - top))


def write_numbers(ax: Axes, left: float, values: np.ndarray, dark: np.ndarray) -> None:
    """Write numbers into the pixels of a tile.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes, drawn on by `draw_tiles`.
    left : float
        The left edge of the tile, in the coordinates of the Axes.
    values : ndarray, shape (height, width)
        The numbers.
    dark : ndarray of bool, shape (height, width)
        Which pixels are dark; their numbers are white.
    """
    texts = [number(value, 3) for value in values.flat]
    cell = 1 / values.shape[1]
    size = min(9.0, 0.85 * cell * tile_width(ax) / text_width(texts), 0.6 * cell * tile_width(ax))
    for (row, column), text in zip(np.ndindex(values.shape), texts, strict=True):
        colour = "white" if dark[row, column] else "black"
        centre = left + (column + 0.5) * cell, (row + 0.5) * cell
        ax.text(*centre, text, ha="center", va="center", color=colour, fontsize=size)
