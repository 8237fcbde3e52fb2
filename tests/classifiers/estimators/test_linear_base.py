"""The base class of the linear estimators: the expected smoothness and the default learning rate."""

import numpy as np
import pytest

from classifiers import LinearClassifier, LinearRegressor
from classifiers.estimators.linear_base import ADAPTIVE_RATE, expected_smoothness

RNG = np.random.default_rng(0)
X = RNG.normal(3.0, 2.0, size=(80, 3))
Y = X @ [1.0, -2.0, 0.5] + 4.0


def test_smoothness_lies_between_those_of_all_samples_and_of_one():
    design = np.column_stack([np.ones(80), X])
    hessian = design.T @ design / 80
    assert expected_smoothness(design, 80) == pytest.approx(np.linalg.eigvalsh(hessian)[-1])
    assert expected_smoothness(design, 1) == pytest.approx((design**2).sum(axis=1).max())
    assert expected_smoothness(design, 80) < expected_smoothness(design, 8) < expected_smoothness(design, 1)
    weights = np.random.default_rng(1).integers(1, 4, size=80)
    again = expected_smoothness(np.repeat(design, weights, axis=0), weights.sum())
    assert expected_smoothness(design, 80, weights) == pytest.approx(again)


def test_smoothness_of_large_designs_uses_the_same_singular_value():
    design = np.random.default_rng(1).normal(size=(120, 110))  # too large for the dense computation
    expected = np.linalg.eigvalsh(design.T @ design / 120)[-1]
    assert expected_smoothness(design, 120) == pytest.approx(expected)


def test_smoothness_of_a_single_sample_is_its_squared_norm():
    assert expected_smoothness(np.array([[3.0, 4.0]]), batch_size=10) == pytest.approx(25.0)


@pytest.mark.parametrize(("kind", "factor"), [(LinearRegressor, 2.0), (LinearClassifier, 1.0)])
def test_the_default_rate_is_the_reciprocal_of_the_smoothness(kind, factor):
    model = kind(epochs=1, batch_size=None, schedule="constant", random_state=0).fit(X, Y > 0)
    design = np.column_stack([np.ones(80), (X - X.mean(axis=0)) / X.std(axis=0)])
    assert model.history_[-1].learning_rate == pytest.approx(1 / (factor * expected_smoothness(design, 80)))


def test_other_optimisers_and_given_rates_ignore_the_smoothness():
    for settings, rate in (({"optimizer": "adam"}, ADAPTIVE_RATE), ({"learning_rate": 0.25}, 0.25)):
        model = LinearRegressor(epochs=1, **settings).fit(X, Y)
        assert model.history_[-1].learning_rate == rate


def test_the_layer_starts_at_zero_and_folds_the_standardisation():
    model = LinearRegressor(epochs=3, keep_path=True).fit(X, Y)
    assert not model.path_[0].any()
    np.testing.assert_allclose(X @ model.coef_ + model.intercept_, model.predict(X), rtol=1e-9)
