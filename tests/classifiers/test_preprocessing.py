"""Standardisation in blocks equals NumPy's on the whole."""

import numpy as np

from classifiers import preprocessing


def test_mean_and_deviation_of_every_pixel(monkeypatch):
    monkeypatch.setattr(preprocessing, "BLOCK", 7)
    X = np.random.default_rng(0).integers(256, size=(50, 6), dtype=np.uint8)
    X[:, 3] = 9  # a pixel that never changes
    scaler = preprocessing.learn_standardisation(X, np.dtype(np.float32))
    np.testing.assert_allclose(scaler.mean_, X.mean(axis=0), rtol=1e-6)
    expected = X.std(axis=0)
    expected[3] = 1.0
    np.testing.assert_allclose(scaler.scale_, expected, rtol=1e-6)
    assert scaler.transform(X.astype(np.float32)).dtype == np.float32
