"""Pages of images: each tile holds its image, with the right label below."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.augmentation import Mirror

RNG = np.random.default_rng(0)
X = RNG.integers(256, size=(6, 3 * 4 * 4), dtype=np.uint8)
NAMES = ["cat", "dog", "a very long name of a class"]


def labels(ax):
    return [text.get_text() for text in ax.texts]


def test_tiles_hold_their_images():
    ax = plots.image_grid(X, title="six")
    for shown, expected in zip(ax.images, X.reshape(6, 3, 4, 4), strict=True):
        np.testing.assert_allclose(shown.get_array(), np.moveaxis(expected, 0, -1) / 255, rtol=1e-6)
    assert not any(labels(ax))
    assert ax.get_title() == "six"


def test_tiles_lie_row_by_row():
    extents = [image.get_extent() for image in plots.image_grid(X, columns=4).images]
    lefts, tops = ([extent[side] for extent in extents] for side in (0, 3))
    assert lefts[:4] == sorted(set(lefts))
    assert lefts[4:] == lefts[:2]
    assert len(set(tops[:4])) == 1
    assert tops[4] == tops[5] > tops[0]
    assert len({image.get_extent()[0] for image in plots.image_grid(X, columns=99).images}) == 6


def test_labels_stand_by_name_or_as_they_are():
    assert labels(plots.image_grid(X[:3], [1, 0, 2], names=NAMES)) == ["dog", "cat", "a very long name\nof a class"]
    assert labels(plots.image_grid(X[:2], ["a", "b"])) == ["a", "b"]
    assert labels(plots.image_grid(X[:1], [7])) == ["7"]


def test_wrong_ones_have_a_frame_and_a_sign():
    ax = plots.image_grid(X[:3], [0, 1, 2], predicted=[0, 2, 2], names=["cat", "dog", "ship"])
    assert labels(ax) == ["cat", "× ship\nis dog", "ship"]
    (frame,) = ax.patches
    left, right, bottom, top = ax.images[1].get_extent()
    assert frame.get_bbox().extents == pytest.approx([left, top, right, bottom])
    assert to_hex(frame.get_edgecolor()) == ax.texts[1].get_color() == "#d55e00"
    assert ax.texts[0].get_color() == "black"


def test_a_page_on_the_axes_given():
    ax = Figure(figsize=(3, 3)).subplots()
    assert plots.image_grid(X, range(6), shape=(3, 2, 8), ax=ax) is ax
    assert ax.images[0].get_array().shape == (2, 8, 3)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"labels": [0]}, r"takes labels of shape \(6,\), got shape \(1,\)"),
        ({"labels": range(6), "predicted": [0]}, r"takes predicted of shape \(6,\)"),
        ({"predicted": range(6)}, "give labels too"),
        ({"labels": range(6), "names": NAMES}, "label 3 indexes none of the 3 names"),
        ({"labels": ["cat"] * 6, "names": NAMES}, "label cat indexes none of the 3 names"),
        ({"labels": [-1] * 6, "names": NAMES}, "label -1 indexes none"),
        ({"columns": 0}, "columns must be a whole number, at least 1, got 0"),
        ({"shape": (3, 5, 5)}, r"48 features make no image of shape \(3, 5, 5\)"),
    ],
)
def test_what_does_not_fit_is_refused(settings, text):
    with pytest.raises(ValueError, match=text):
        plots.image_grid(X, **settings)


@pytest.mark.parametrize(("shape", "dtype"), [((3, 4, 5), np.uint8), ((1, 4, 5), np.uint8), ((1, 4, 5), np.float32)])
def test_augmentations_are_rows_of_one_image_the_original_first(shape, dtype):
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
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["original", "changed at random"]


def test_augmentations_find_the_shape_of_a_square():
    page = plots.augmentations(X, Mirror(shape=(3, 4, 4)), 0, draws=1).images[0].get_array()
    assert page.shape == (6 * 6, 2 * 6, 3)
    with pytest.raises(ValueError, match="augmentations draws images, but 5 features make no square"):
        plots.augmentations(np.zeros((2, 5)), Mirror())


def test_labels_are_compared_as_values():
    ax = plots.image_grid(X[:3], [1, 0, 1], predicted=[1.0, 0.0, 2.0], names=["a", "b", "b"])
    assert labels(ax) == ["b", "a", "× b\nis b"]
    for wrong in (0.7, np.nan, "1"):
        with pytest.raises(ValueError, match="indexes none of the 3 names; names belong to the labels 0, 1"):
            plots.image_grid(X[:1], [wrong], names=NAMES)


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_augmentations_leave_the_data_and_show_any_numbers(dtype):
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
