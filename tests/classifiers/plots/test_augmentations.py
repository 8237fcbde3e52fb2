"""plots.augmentations: images and augmented copies of them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.augmentation import Mirror

X = np.random.default_rng(0).integers(256, size=(6, 3 * 4 * 4), dtype=np.uint8)


@pytest.mark.parametrize(("shape", "dtype"), [((3, 4, 5), np.uint8), ((1, 4, 5), np.uint8), ((1, 4, 5), np.float32)])
def test_each_row_begins_with_the_original_image(shape, dtype):
    white = 255 if dtype == np.uint8 else 1
    images = (np.random.default_rng(0).random((2, *shape)) * white).astype(dtype)
    flat, mirror = images.reshape(2, -1), Mirror(shape=shape)
    ax = Figure().subplots()
    assert plots.augmentations(flat, mirror, 0, draws=3, shape=shape, ax=ax) is ax
    page = np.asarray(ax.images[0].get_array())
    assert page.shape[:2] == (2 * 6, 4 * 7)  # a white pixel around each image
    page = page.reshape(12, 28, shape[0])
    assert (page[0] == 1).all()
    rng = np.random.default_rng(0)
    for column, expected in enumerate([flat, *(mirror(flat, rng) for _ in range(3))]):
        for row, image in enumerate(expected.reshape(2, *shape)):
            shown = page[6 * row + 1 : 6 * row + 5, 7 * column + 1 : 7 * column + 6]
            np.testing.assert_allclose(shown, np.moveaxis(image, 0, -1) / white, rtol=1e-6)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["original", "augmented"]


def test_finds_the_shape_of_a_square_image():
    page = plots.augmentations(X, Mirror(shape=(3, 4, 4)), 0, draws=1).images[0].get_array()
    assert page.shape == (6 * 6, 2 * 6, 3)
    with pytest.raises(ValueError, match="augmentations expected images, got 5 features, which do not fit a square"):
        plots.augmentations(np.zeros((2, 5)), Mirror())


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_leaves_the_images_unchanged_and_draws_any_numbers(dtype):
    def invert(images, rng):
        np.subtract(255, images, out=images)
        return images

    given = np.tile(np.array([0, 255], dtype), (1, 8))
    ax = plots.augmentations(given, invert, 0, draws=1)
    page = ax.images[0].get_array()
    np.testing.assert_array_equal(page[1:5, 1:5], given.reshape(4, 4) / 255)
    np.testing.assert_array_equal(page[1:5, 7:11], 1 - given.reshape(4, 4) / 255)
    assert given.max() == 255 == given[0, 1]
    ax.figure.draw_without_rendering()
    first, second = (tick.get_window_extent() for tick in ax.get_xticklabels())
    assert first.x1 < second.x0
    with pytest.raises(ValueError, match="draws must be a whole number, at least 1"):
        plots.augmentations(given, invert, draws=0)
