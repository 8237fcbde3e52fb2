"""Mirroring: half of the images, left to right, pixel for pixel, seeded."""

import numpy as np
import pytest

from classifiers.augmentation import mirror

X = np.random.default_rng(0).integers(256, size=(400, 3072), dtype=np.uint8)


def test_half_of_the_images_are_mirrored_left_to_right():
    before = X.copy()
    out = mirror(X, np.random.default_rng(0))
    assert (before == X).all()
    assert out.dtype == np.uint8
    images, mirrored = X.reshape(-1, 3, 32, 32), out.reshape(-1, 3, 32, 32)
    same = (images == mirrored).all(axis=(1, 2, 3))
    assert (images[~same] == mirrored[~same][..., ::-1]).all()
    assert 0.4 < same.mean() < 0.6


def test_a_seed_gives_the_same():
    assert (mirror(X, np.random.default_rng(1)) == mirror(X, np.random.default_rng(1))).all()
    assert (mirror(X, np.random.default_rng(1)) != mirror(X, np.random.default_rng(2))).any()


def test_images_of_another_size_need_their_shape():
    assert mirror(X[:, :12], np.random.default_rng(0), shape=(3, 2, 2)).shape == (400, 12)
    with pytest.raises(ValueError, match=r"images of shape \(3, 32, 32\), 3072 numbers each, but 12 came"):
        mirror(X[:, :12], np.random.default_rng(0))
