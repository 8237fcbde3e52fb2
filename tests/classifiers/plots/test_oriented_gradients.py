"""plots.oriented_gradients: the edges of an image."""

import numpy as np
import pytest

from classifiers import plots

RED_AND_BLACK = np.zeros((3, 16, 16), np.uint8)
RED_AND_BLACK[0, :12] = 255


def test_lines_are_parallel_to_edges():
    (lines,) = plots.oriented_gradients(RED_AND_BLACK, orientations=2).collections
    segments = np.array(lines.get_segments()).reshape(2, 2, 2, 2, 2)  # row, column, orientation, end, (x, y)
    lengths = np.abs(segments[..., 1, :] - segments[..., 0, :])
    np.testing.assert_allclose(lengths[0], 0, atol=1e-9)  # the upper cells have no edge
    np.testing.assert_allclose(lengths[1, :, 1], [[7.52, 0]] * 2, atol=1e-5)  # horizontal, nearly as wide as a cell
    np.testing.assert_allclose(lengths[1, :, 0], 0, atol=1e-5)
    np.testing.assert_allclose(segments[1, 0, 1].mean(axis=0), [3.5, 11.5], atol=1e-6)


def test_an_image_without_edges_has_lines_of_no_length():
    ax = plots.oriented_gradients(np.zeros(3072, np.uint8))
    assert np.ptp(np.array(ax.collections[0].get_segments()), axis=1).max() == 0


def test_rejects_pixels_that_are_not_bytes():
    with pytest.raises(
        ValueError, match=r"oriented_gradients expected an image of dtype uint8, 0 to 255, got dtype float64"
    ):
        plots.oriented_gradients(np.zeros((3, 16, 16)))
