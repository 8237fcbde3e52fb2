"""Tiles: their places, and the room for their texts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from classifiers.plots.shared.tiles import Tile, best_columns, draw_tiles, grid_places, tile_width


@given(st.integers(1, 5000))
def test_a_grid_is_nearly_square_without_empty_rows(n):
    columns = best_columns(n)
    rows = -(-n // columns)
    assert n**0.5 <= columns <= 2 * n**0.5
    assert (rows - 1) * columns < n <= rows * columns


def test_columns_of_some_grids():
    assert {n: best_columns(n) for n in (1, 2, 3, 4, 7, 10, 25, 100)} == {
        1: 1,
        2: 2,
        3: 3,
        4: 2,
        7: 4,
        10: 5,
        25: 5,
        100: 10,
    }


def drawn(figsize, layout, n, text):
    figure = Figure(figsize=figsize, layout=layout, dpi=100)
    tiles = [Tile(np.zeros((2, 3)), text) for _ in range(n)]
    axes = figure.subplots(1, 2)
    for ax in axes:
        draw_tiles(tiles, grid_places(n, best_columns(n)), "", ax)
    figure.draw_without_rendering()
    return axes


@pytest.mark.parametrize("layout", [None, "constrained"])
@pytest.mark.parametrize(
    ("figsize", "n", "text"), [((8, 4), 6, "automobile"), ((3, 9), 4, "a\nb\nccc"), ((9, 4), 20, "M" * 16)]
)
def test_texts_fit_below_their_tiles_in_any_axes(layout, figsize, n, text):
    for ax in drawn(figsize, layout, n, text):
        width = ax.transData.transform([[0, 0], [1, 0]])[1, 0] - ax.transData.transform([0, 0])[0]
        boxes = [text.get_window_extent() for text in ax.texts]
        tops = [ax.transData.transform([0, (image.get_extent()[3])])[1] for image in ax.images]
        columns = best_columns(n)
        assert all(box.width < 1.12 * width + 1 for box in boxes)
        for box, below in zip(boxes, tops[columns:], strict=False):
            assert box.y0 > below - 1  # ends above the next row's tile
        assert min(box.y0 for box in boxes) > ax.get_window_extent().y0 - 1


def test_tile_width_is_the_width_on_paper():
    ax = drawn((6, 4), None, 4, "")[0]
    pixels = np.ptp(ax.transData.transform([[0, 0], [1, 0]])[:, 0])
    assert tile_width(ax) == pytest.approx(pixels * 72 / 100, rel=0.01)
