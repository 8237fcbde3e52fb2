"""Tiles: pictures side by side in one Axes, each with a text below it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifiers.plots.shared.layout import TITLE, Look, entitle, extent, new_axes
from classifiers.plots.shared.texts import number, short, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.12  # between tiles, as a share of a tile's width
LINE = 1.3  # the height of a line of text, as a multiple of its size
LARGEST = 8.0  # points of text
SMALL = 60.0  # points: the least width of a tile in a figure of its own
WRAP = 16  # characters in a line of text
MOST = 4 * WRAP  # characters of a name, before it is cut off


class Tile(NamedTuple):
    """A picture, the text below it, and how both look."""

    picture: np.ndarray  # (height, width), or (height, width, 3) in colour; from 0 to 1 unless `look` says otherwise
    text: str = ""
    colour: str = "black"  # of the text
    frame: Look | None = None  # of the line around the picture
    look: Look = {}  # what imshow takes


def wrap(text: str) -> str:
    """A text in lines that are short enough to stand below a tile."""
    return fill(short(text, MOST), WRAP)


def best_columns(n: int) -> int:
    """The columns of a page of n tiles: of those that are near a square, the fewest that leave the last row fullest."""
    root = isqrt(n - 1) + 1
    return min(range(root, isqrt(4 * n) + 1), key=lambda columns: -n % columns)


def in_rows(n: int, columns: int) -> list[tuple[float, int]]:
    """The places (column, row) of n tiles, row by row."""
    return [(place % columns, place // columns) for place in range(n)]


def draw_tiles(
    tiles: Sequence[Tile], places: Sequence[tuple[float, int]], title: str | None, ax: Axes | None, *, least: float = 0
) -> Axes:
    """Draw tiles, all of one size, each at its place (column, row), with texts as large as there is room for.

    A tile is 1 wide in the units of the Axes, and begins at column · (1 + GAP); in a figure of its own it is at least
    `least` points wide.
    """
    from matplotlib.patches import Rectangle

    texts = [tile.text for tile in tiles]
    lines, longest = max(len(text.splitlines()) for text in texts), widest(texts)
    aspect = tiles[0].picture.shape[0] / tiles[0].picture.shape[1]
    columns, rows = (max(along) + 1 for along in zip(*places, strict=True))

    # In points: `unit`, the width of a tile, and `size`, that of the text.
    across = columns * (1 + GAP)
    unit = max(SMALL, least, min(240 / columns, 130), longest * LARGEST) if ax is None else extent(ax)[0] / across
    size = min(LARGEST, unit / max(longest, 1e-9))
    pitch = aspect + GAP + (lines and GAP / 2 + lines * LINE * size / unit)  # from row to row, in units
    if ax is None:
        width, height = across * unit, rows * pitch * unit
        if title:
            width, height = max(width, 15 * TITLE), height + 2 * TITLE
        ax = new_axes(figsize=(width / 72 + 0.1, height / 72 + 0.1))
    else:
        shrunk = min(1, extent(ax)[1] / (rows * pitch * unit))
        unit, size = shrunk * unit, shrunk * size

    for tile, (column, row) in zip(tiles, places, strict=True):
        left, top = column * (1 + GAP), row * pitch
        look: Look = {"cmap": "gray", "vmin": 0, "vmax": 1, **tile.look}
        ax.imshow(tile.picture, extent=(left, left + 1, top + aspect, top), **look)
        if tile.frame is not None:
            line: Look = {"linewidth": min(2.0, 0.04 * unit), **tile.frame}
            ax.add_patch(Rectangle((left, top), 1, aspect, fill=False, **line))
        below: Look = {"ha": "center", "va": "top", "color": tile.colour, "fontsize": size}
        ax.text(left + 0.5, top + aspect + GAP / 2, tile.text, **below)
    ax.set(xlim=(-GAP / 2, across - GAP / 2), ylim=(rows * pitch - GAP / 2, -GAP / 2))
    ax.set_axis_off()
    entitle(ax, title)
    return ax


def tile_width(ax: Axes) -> float:
    """The width of the tiles that were drawn in an Axes, in points."""
    (width, height), ((left, right), (bottom, top)) = extent(ax), (ax.get_xlim(), ax.get_ylim())
    return min(width / (right - left), height / (bottom - top))


def write_numbers(ax: Axes, left: float, values: np.ndarray, dark: np.ndarray) -> None:
    """Write numbers (height, width) into the pixels of the tile that begins at `left`, in white where it is dark."""
    texts = [number(value, 3) for value in values.flat]
    cell = 1 / values.shape[1]
    size = min(9.0, 0.85 * cell * tile_width(ax) / widest(texts), 0.6 * cell * tile_width(ax))
    for (row, column), text in zip(np.ndindex(values.shape), texts, strict=True):
        colour = "white" if dark[row, column] else "black"
        place = left + (column + 0.5) * cell, (row + 0.5) * cell
        ax.text(*place, text, ha="center", va="center", color=colour, fontsize=size)
