"""Pixels: arrays are reshaped and scaled to images, and other arguments are rejected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.plots.shared.pixels import displayable, planes, single_image


@given(channels=st.sampled_from([1, 3]), side=st.integers(1, 40), n=st.integers(1, 3))
def test_finds_the_shape_of_a_square_image(channels, side, n):
    assert planes("p", np.zeros((n, channels * side**2))).shape == (n, channels, side, side)


def test_accepts_other_shapes():
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
def test_one_image_may_be_flat_or_in_its_shape(pixels, shape, expected):
    assert single_image("p", pixels, shape).shape == expected


@pytest.mark.parametrize(
    ("images", "shape", "text"),
    [
        (
            np.zeros((2, 2)),
            None,
            "p expected images, got 2 features, which do not fit a square image of 1 or 3 channels; pass shape=",
        ),
        (np.zeros((2, 12)), (3, 2, 3), r"got 12 features, which do not fit shape \(3, 2, 3\)"),
        (
            np.zeros((2, 12)),
            (2, 2, 3),
            r"do not fit shape \(2, 2, 3\); pass .* with 1 or 3 channels and 12 numbers in all",
        ),
        (np.zeros((2, 12)), (12,), r"do not fit shape \(12,\)"),
        (np.zeros((2, 12)), (3, -2, -2), r"do not fit shape \(3, -2, -2\)"),
        (np.zeros(12), None, r"\(n, features\).* got ndarray of shape \(12,\) and dtype float64; .* X\[:1\]"),
        (np.zeros((0, 12)), None, r"n and features at least 1, .*\(0, 12\)"),
        (np.array([["a"]]), None, "numbers"),
        (np.array([[0.0], [np.nan]]), None, "finite numbers, got NaN or infinity in image 1; remove"),
    ],
)
def test_rejects_what_is_not_an_image(images, shape, text):
    with pytest.raises(ValueError, match=text):
        planes("p", images, shape)


def test_displayable_images_range_from_0_to_1():
    bytes_ = np.array([[0, 51, 255]], np.uint8)
    np.testing.assert_allclose(displayable(planes("p", bytes_)), [[[[0, 0.2, 1]]]])
    floats = np.array([[0.25, 0.5, 0.25, 0.5]], np.float32)
    np.testing.assert_array_equal(displayable(planes("p", floats)), floats.reshape(1, 2, 2))  # unchanged
    np.testing.assert_array_equal(displayable(planes("p", 4 * floats - 3)), [[[0, 1], [0, 1]]])  # stretched
    np.testing.assert_array_equal(displayable(planes("p", -np.ones((1, 4)))), np.zeros((1, 2, 2)))


def test_planes_become_colours():
    (picture,) = displayable(planes("p", np.arange(12, dtype=np.uint8)[None]))
    assert picture.shape == (2, 2, 3)
    np.testing.assert_allclose(picture[0, 1] * 255, [1, 5, 9], rtol=1e-6)
