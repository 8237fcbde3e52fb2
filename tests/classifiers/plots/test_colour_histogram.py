"""plots.colour_histogram: the colours of an image."""

import numpy as np
import pytest

from classifiers import plots

RED_AND_BLACK = np.zeros((3, 16, 16), np.uint8)
RED_AND_BLACK[0, :12] = 255


def test_draws_a_bar_for_each_colour_the_most_frequent_first():
    ax = plots.colour_histogram(RED_AND_BLACK, title="red and black")
    assert [bar.get_height() for bar in ax.patches] == [0.75, 0.25]
    assert [bar.get_facecolor() for bar in ax.patches] == [(0.875, 0.125, 0.125, 1), (0.125, 0.125, 0.125, 1)]
    assert ax.get_xlabel() == "2 of 64 colours"


def test_the_bars_of_grey_images_are_grey():
    ax = plots.colour_histogram(np.full((4, 4), 255, np.uint8), bins=2)
    assert [bar.get_facecolor() for bar in ax.patches] == [(0.75, 0.75, 0.75, 1)]
    assert ax.get_xlabel() == "1 of 2 colours"


def test_rejects_pixels_that_are_not_bytes():
    with pytest.raises(
        ValueError, match=r"colour_histogram expected an image of dtype uint8, 0 to 255, got dtype float64"
    ):
        plots.colour_histogram(np.zeros((3, 16, 16)))
