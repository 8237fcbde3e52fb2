"""plots.colour_histogram and plots.oriented_gradients: what features made by hand keep of an image."""

import numpy as np
import pytest

from classifiers import plots

RED_AND_BLACK = np.zeros((3, 16, 16), np.uint8)
RED_AND_BLACK[0, :12] = 255


def test_a_bar_in_each_colour_the_commonest_first():
    ax = plots.colour_histogram(RED_AND_BLACK, title="red and black")
    assert [bar.get_height() for bar in ax.patches] == [0.75, 0.25]
    assert [bar.get_facecolor() for bar in ax.patches] == [(0.875, 0.125, 0.125, 1), (0.125, 0.125, 0.125, 1)]
    assert ax.get_xlabel() == "2 of 64 colours"


def test_grey_images_have_greys():
    ax = plots.colour_histogram(np.full((4, 4), 255, np.uint8), bins=2)
    assert [bar.get_facecolor() for bar in ax.patches] == [(0.75, 0.75, 0.75, 1)]
    assert ax.get_xlabel() == "1 of 2 colours"


def test_lines_run_along_the_edges():
    (lines,) = plots.oriented_gradients(RED_AND_BLACK, orientations=2).collections
    segments = np.array(lines.get_segments()).reshape(2, 2, 2, 2, 2)  # row, column, orientation, end, (x, y)
    lengths = np.abs(segments[..., 1, :] - segments[..., 0, :])
    np.testing.assert_allclose(lengths[0], 0, atol=1e-9)  # there is no edge in the upper cells
    np.testing.assert_allclose(lengths[1, :, 1], [[7.52, 0]] * 2, atol=1e-5)  # level, nearly as wide as a cell
    np.testing.assert_allclose(lengths[1, :, 0], 0, atol=1e-5)
    np.testing.assert_allclose(segments[1, 0, 1].mean(axis=0), [3.5, 11.5], atol=1e-6)


def test_of_an_image_without_an_edge_nothing_is_drawn():
    ax = plots.oriented_gradients(np.zeros(3072, np.uint8))
    assert np.ptp(np.array(ax.collections[0].get_segments()), axis=1).max() == 0


@pytest.mark.parametrize("plot", [plots.colour_histogram, plots.oriented_gradients])
def test_pixels_are_bytes(plot):
    with pytest.raises(ValueError, match=f"{plot.__name__} takes an image as uint8, 0 to 255.* got dtype float64"):
        plot(np.zeros((3, 16, 16)))
