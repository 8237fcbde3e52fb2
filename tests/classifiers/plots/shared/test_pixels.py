"""Pixels: numbers become the images that they are, or a clear error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.plots.shared.pixels import image, planes, visible


@given(channels=st.sampled_from([1, 3]), side=st.integers(1, 40), n=st.integers(1, 3))
def test_the_shape_of_a_square_is_found(channels, side, n):
    assert planes("p", np.zeros((n, channels * side**2))).shape == (n, channels, side, side)


def test_other_shapes_are_given_or_seen():
    flat = np.arange(24).reshape(2, 12)
    assert (planes("p", flat, (3, 1, 4)) == flat.reshape(2, 3, 1, 4)).all()
    assert (planes("p", flat.reshape(2, 1, 3, 4)) == flat.reshape(2, 1, 3, 4)).all()


@pytest.mark.parametrize(
    ("pixels", "shape", "expected"),
    [
        (range(12), None, (3, 2, 2)),
        (np.zeros((1, 12)), None, (3, 2, 2)),  # X[:1]
        (np.zeros((4, 3)), None, (1, 4, 3)),
        (np.zeros((3, 2, 5)), None, (3, 2, 5)),
        (np.zeros((4, 3)), (1, 3, 4), (1, 3, 4)),
    ],
)
def test_one_image_comes_flat_or_in_its_shape(pixels, shape, expected):
    assert image("p", pixels, shape).shape == expected


@pytest.mark.parametrize(
    ("images", "shape", "text"),
    [
        (np.zeros((2, 2)), None, "p draws images, but 2 features make no square of 1 or 3 channels; give shape="),
        (np.zeros((2, 12)), (3, 2, 3), r"12 features make no image of shape \(3, 2, 3\)"),
        (np.zeros((2, 12)), (2, 2, 3), r"no image of shape \(2, 2, 3\); give .* with 1 or 3 channels"),
        (np.zeros((2, 12)), (12,), r"no image of shape \(12,\)"),
        (np.zeros((2, 12)), (3, -2, -2), r"no image of shape \(3, -2, -2\)"),
        (np.zeros(12), None, r"\(n, features\).* got ndarray of shape \(12,\) and dtype float64; .* X\[:1\]"),
        (np.zeros((0, 12)), None, r"n and features at least 1, .*\(0, 12\)"),
        (np.array([["a"]]), None, "numbers"),
        (np.array([[0.0], [np.nan]]), None, "finite numbers, but image 1 has NaN or infinity: remove"),
    ],
)
def test_what_is_no_image_is_refused(images, shape, text):
    with pytest.raises(ValueError, match=text):
        planes("p", images, shape)


def test_what_is_seen_lies_between_black_and_white():
    bytes_ = np.array([[0, 51, 255]], np.uint8)
    np.testing.assert_allclose(visible(planes("p", bytes_)), [[[[0, 0.2, 1]]]])
    floats = np.array([[0.25, 0.5, 0.25, 0.5]], np.float32)
    np.testing.assert_array_equal(visible(planes("p", floats)), floats.reshape(1, 2, 2))  # as they are
    np.testing.assert_array_equal(visible(planes("p", 4 * floats - 3)), [[[0, 1], [0, 1]]])  # stretched
    np.testing.assert_array_equal(visible(planes("p", -np.ones((1, 4)))), np.zeros((1, 2, 2)))


def test_planes_become_colours():
    (picture,) = visible(planes("p", np.arange(12, dtype=np.uint8)[None]))
    assert picture.shape == (2, 2, 3)
    np.testing.assert_allclose(picture[0, 1] * 255, [1, 5, 9], rtol=1e-6)
