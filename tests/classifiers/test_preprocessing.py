"""Preprocessing: standardisation in blocks equals NumPy's on the whole; whitened features are of one scale."""

import numpy as np
import pytest

from classifiers import preprocessing
from nn import Sequential

RNG = np.random.default_rng(0)
MIXED = RNG.normal(size=(3000, 6)) * [100, 50, 30, 10, 3, 0.01] @ np.linalg.qr(RNG.normal(size=(6, 6)))[0] + 7


def test_mean_and_deviation_of_every_pixel(monkeypatch):
    monkeypatch.setattr(preprocessing, "BLOCK", 7)
    X = np.random.default_rng(0).integers(256, size=(50, 6), dtype=np.uint8)
    X[:, 3] = 9  # a pixel that never changes
    layer = preprocessing.learn_standardisation(X)
    np.testing.assert_allclose(layer.mean.data, X.mean(axis=0), rtol=1e-6)
    expected = X.std(axis=0)
    expected[3] = 1.0
    np.testing.assert_allclose(layer.scale.data, expected, rtol=1e-6)
    assert layer(X).dtype == np.float32


def test_whitened_features_do_not_vary_together_and_are_of_one_scale():
    white = preprocessing.learn_whitening(MIXED, 5, dtype=float, rng=0)(MIXED).data
    covariance = np.cov(white.T)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-9)
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 1e-6
    assert np.diag(covariance).mean() == pytest.approx(1, rel=1e-3)
    assert np.diag(covariance).max() / np.diag(covariance).min() < 1.2


def test_what_hardly_varies_is_not_blown_up():
    white = preprocessing.learn_whitening(MIXED, 6, dtype=float, rng=0)(MIXED).data
    assert white.std(axis=0)[-1] < 0.02


def test_it_stays_as_it_is_and_follows_the_standardisation():
    layers = preprocessing.learn(MIXED, standardize=True, whiten=2, dtype=np.float32, rng=RNG)
    assert list(layers.layers) == ["standardize", "whiten"]
    assert list(layers.parameters()) == []
    assert layers(MIXED.astype(np.float32)).shape == (3000, 2)
    assert list(preprocessing.learn(MIXED, standardize=False, whiten=None, dtype=float, rng=RNG)) == []
    np.testing.assert_allclose(layers(MIXED.astype(np.float32)).data.mean(axis=0), 0, atol=1e-4)


def test_more_components_than_there_are():
    with pytest.raises(
        ValueError, match="asks for 7 principal components, but 3000 samples of 6 features have at most 6"
    ):
        preprocessing.learn_whitening(MIXED, 7)


def test_a_single_sample_has_no_components():
    with pytest.raises(ValueError, match="1 samples of 6 features have at most 0"):
        preprocessing.learn_whitening(MIXED[:1], 1)


def test_features_that_never_vary():
    constant = preprocessing.learn_whitening(np.ones((9, 3)), 2, before=Sequential(), dtype=float)
    assert (constant(np.ones((9, 3))).data == 0).all()
