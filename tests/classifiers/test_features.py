"""Handcrafted features, compared with simple loops."""

import numpy as np
import pytest

from classifiers import features

RNG = np.random.default_rng(0)
X = RNG.integers(256, size=(6, 3072), dtype=np.uint8)


def test_counts_colours_in_boxes():
    image = np.uint8([[[0, 63, 64, 255]], [[0, 63, 64, 255]], [[255, 192, 191, 0]]])
    shares = features.colour_histogram(image[None], shape=(3, 1, 4)).reshape(4, 4, 4)
    expected = np.zeros((4, 4, 4))
    expected[0, 0, 3] = 0.5
    expected[1, 1, 2] = expected[3, 3, 0] = 0.25
    np.testing.assert_array_equal(shares, expected)


def test_colour_histograms_ignore_positions():
    shuffled = X.reshape(6, 3, 1024)[:, :, np.random.default_rng(1).permutation(1024)].reshape(6, 3072)
    shares = features.colour_histogram(X, bins=3)
    np.testing.assert_array_equal(shares, features.colour_histogram(shuffled, bins=3))
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert shares.shape == (6, 27)


def test_pixels_vote_for_the_directions_of_their_gradients():
    row, column = np.indices((32, 32))
    for image, direction in ((4 * column, 0), (4 * row, 4), (2 * (row + column), 2), (2 * (31 - row + column), 6)):
        votes = features.orientation_histograms(np.uint8(image)[None, None], orientations=8, shape=(1, 32, 32))
        assert votes.shape == (1, 4, 4, 8)
        steepness = np.hypot(*np.gradient(image / 255)).mean()
        np.testing.assert_allclose(votes[..., direction], steepness, rtol=1e-5)
        assert np.delete(votes, direction, axis=-1).max() < 1e-6
    between = features.orientation_histograms(np.uint8(4 * row)[None, None], shape=(1, 32, 32))
    np.testing.assert_allclose(between[..., 4], between[..., 5], rtol=1e-4)  # 90° lies between 80° and 100°
    np.testing.assert_allclose(between.sum(axis=-1), 4 / 255, rtol=1e-5)


def test_oriented_gradients_agree_with_loops():
    histograms = features.orientation_histograms(X, cell=4, orientations=6)
    expected = []
    for histogram in histograms.astype(float):
        for i in range(7):
            for j in range(7):
                block = histogram[i : i + 2, j : j + 2]  # rows, columns, orientations
                block = np.moveaxis(block, -1, 0).ravel()
                expected.append(block / np.sqrt(block @ block + 1e-4))
    function = features.oriented_gradients(X, cell=4, orientations=6)
    np.testing.assert_allclose(function, np.reshape(expected, (6, -1)), rtol=1e-5)
    assert function.shape == (6, 7 * 7 * 4 * 6)
    assert function.dtype == np.float32


def test_oriented_gradients_hardly_depend_on_the_lighting():
    bright = features.oriented_gradients(X)
    dark = features.oriented_gradients(X // 2)
    np.testing.assert_allclose(dark, bright, atol=0.02)
    flat = features.oriented_gradients(np.full((1, 3072), 200, np.uint8))
    np.testing.assert_array_equal(flat, 0)


@pytest.mark.parametrize("function", [features.colour_histogram, features.oriented_gradients])
def test_accepts_either_shape_and_works_in_blocks(function, monkeypatch):
    whole = function(X)
    monkeypatch.setattr(features, "BLOCK", 4)
    np.testing.assert_array_equal(function(X.reshape(6, 3, 32, 32)), whole)
    assert function(X[:0]).shape == (0, whole.shape[1])


@pytest.mark.parametrize("function", [features.colour_histogram, features.oriented_gradients])
@pytest.mark.parametrize("wrong", [X / 255, X[:, :-1], X[0], None])
def test_rejects_arrays_that_are_not_uint8_images(function, wrong):
    with pytest.raises(ValueError, match=rf"{function.__name__}|orientation_histograms expected images as uint8"):
        function(wrong)


@pytest.mark.parametrize("wrong", [{"cell": 5}, {"cell": 32}, {"cell": 0}, {"cell": 2.5}, {"orientations": 1}])
def test_rejects_cells_that_do_not_divide_the_image(wrong):
    with pytest.raises(ValueError, match=r"cells? |orientations"):
        features.oriented_gradients(X, **wrong)


@pytest.mark.parametrize("bins", [0, 17, 2.5])
def test_rejects_bins_out_of_bounds(bins):
    with pytest.raises(ValueError, match="bins"):
        features.colour_histogram(X, bins=bins)


@pytest.mark.parametrize("shape", [None, (32, 32), (3, 32, 16, 2), "rgb", (3.0, 32.0, 32.0), (3, 0, 32)])
def test_rejects_wrong_shapes(shape):
    for function in (features.colour_histogram, features.orientation_histograms, features.oriented_gradients):
        with pytest.raises(ValueError, match="shape"):
            function(X, shape=shape)
