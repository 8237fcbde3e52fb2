"""plots.pixel_values: an image and the numbers of a patch."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots

IMAGE = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8)


def test_writes_the_numbers_of_the_patch_channel_by_channel():
    ax = plots.pixel_values(IMAGE, (2, 3), 4, title="numbers")
    texts = [text.get_text() for text in ax.texts]
    assert texts[:4] == ["8 × 8 pixels\n192 numbers", "red", "green", "blue"]
    assert texts[4:] == [str(number) for number in IMAGE[:, 2:6, 3:7].ravel()]
    *frames, patch = ax.patches
    assert len(frames) == 3
    assert patch.get_bbox().bounds == (3 / 8, 2 / 8, 4 / 8, 4 / 8)
    np.testing.assert_allclose(ax.images[2].get_array(), IMAGE[1, 2:6, 3:7] / 255, rtol=1e-6)
    red, *_, blue = ax.texts[4:]
    assert red.get_color() == "white"
    assert blue.get_color() == "black"


def test_pads_an_image_to_a_square():
    ax = plots.pixel_values(IMAGE.reshape(-1), (0, 0), 2, shape=(3, 16, 4))
    page = np.asarray(ax.images[0].get_array())
    assert page.shape == (16, 16, 3)
    assert (page[:, [0, 5, 10, 15]] == 1).all()
    assert not (page[:, 6:10] == 1).all(axis=-1).any()
    assert ax.patches[-1].get_bbox().bounds == (6 / 16, 0, 2 / 16, 2 / 16)


def test_one_channel_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.pixel_values(IMAGE[0], size=2, ax=ax) is ax
    assert [text.get_text() for text in ax.texts[1:]] == ["grey", "0", "1", "8", "9"]


@pytest.mark.parametrize("at", [(-1, 0), (0, 5), (5, 0)])
def test_rejects_a_patch_outside_the_image(at):
    with pytest.raises(
        ValueError, match=r"a patch within the image of 8 × 8 pixels, got 4 × 4 pixels at \(.*\); change at or size"
    ):
        plots.pixel_values(IMAGE, at, 4)


@pytest.mark.parametrize("size", [0, 17, 2.5])
def test_rejects_other_sizes(size):
    with pytest.raises(ValueError, match="size"):
        plots.pixel_values(IMAGE, size=size)
