"""LinearRegressor: gradient descent on J(θ) converges to the closed form, along the path on the slides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifiers import LinearRegressor

RNG = np.random.default_rng(0)
X = RNG.normal(3.0, 2.0, size=(80, 3))
Y = X @ [1.0, -2.0, 0.5] + 4.0 + 0.1 * RNG.normal(size=80)


@parametrize_with_checks([LinearRegressor(epochs=200)])
def test_passes_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


def test_batch_descent_converges_to_the_closed_form():
    other = LinearRegression().fit(X, Y)
    model = LinearRegressor(epochs=500).fit(X, Y)
    np.testing.assert_allclose(model.coef_, other.coef_, rtol=1e-6)
    np.testing.assert_allclose(model.intercept_, other.intercept_, rtol=1e-6)
    np.testing.assert_allclose(model.theta_, model.closed_form(X, Y), rtol=1e-6)
    np.testing.assert_allclose(model.predict(X), other.predict(X), rtol=1e-6)
    raw = LinearRegressor(epochs=3000, standardize=False, learning_rate=0.04).fit(X, Y)
    np.testing.assert_allclose(raw.theta_, [other.intercept_, *other.coef_], rtol=1e-4)
    np.testing.assert_allclose(raw.closed_form(X, Y), [other.intercept_, *other.coef_], rtol=1e-9)


def test_steps_follow_the_formula_on_the_slides():
    """θⱼ ← θⱼ − rate · 1/m Σ (h(x) − y) xⱼ for batch descent, starting from zeros."""
    model = LinearRegressor(learning_rate=0.01, epochs=5, standardize=False, keep_path=True).fit(X, Y)
    design, theta = np.column_stack([np.ones(80), X]), np.zeros(4)
    assert model.path_.shape == (6, 4)
    for step in range(6):
        np.testing.assert_allclose(model.path_[step], theta, rtol=1e-9, atol=1e-12)
        if step < 5:
            assert model.loss_curve_[step] == pytest.approx(np.mean((design @ theta - Y) ** 2) / 2)
            assert model.cost(theta, X, Y) == pytest.approx(model.loss_curve_[step])
        theta = theta - 0.01 * design.T @ (design @ theta - Y) / 80
    np.testing.assert_array_equal(model.theta_, model.path_[-1])
    many = model.cost(model.path_, X, Y)
    assert many.shape == (6,)
    assert (np.diff(many) < 0).all()


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 80), (16, 5), (None, 1)])
def test_stochastic_mini_batch_and_batch_descent(batch_size, steps):
    model = LinearRegressor(batch_size=batch_size, epochs=30, keep_path=True, random_state=0).fit(X, Y)
    assert len(model.path_) == 30 * steps + 1
    assert model.score(X, Y) > 0.99
    again = LinearRegressor(batch_size=batch_size, epochs=30, keep_path=True, random_state=0).fit(X, Y)
    np.testing.assert_array_equal(model.path_, again.path_)


@given(st.integers(1, 6), st.integers(2, 30), st.floats(0.01, 1000), st.integers(0, 2**32 - 1), st.booleans())
def test_the_default_rate_descends_on_any_data(features, n, scale, seed, standardize):
    rng = np.random.default_rng(seed)
    samples = rng.normal(rng.normal(), scale, size=(n, features)) @ rng.normal(size=(features, features))
    targets = scale * rng.normal(size=n)
    model = LinearRegressor(epochs=20, standardize=standardize, keep_path=True).fit(samples, targets)
    costs = model.cost(model.path_, samples, targets)
    assert (np.diff(costs) <= 1e-9 * costs[0]).all()
    LinearRegressor(batch_size=1, epochs=2, standardize=standardize, random_state=seed).fit(samples, targets)


def test_sample_weights_equal_repeated_samples():
    weights = np.random.default_rng(1).integers(4, size=80)
    weighted = LinearRegressor(epochs=50).fit(X, Y, weights)
    again = LinearRegressor(epochs=50).fit(np.repeat(X, weights, axis=0), np.repeat(Y, weights))
    np.testing.assert_allclose(weighted.coef_, again.coef_, rtol=1e-9)


def test_measures_validation_samples():
    model = LinearRegressor(epochs=3).fit(X[:60], Y[:60], X_val=X[60:], y_val=Y[60:])
    assert model.validation_loss_curve_[-1] == pytest.approx(model.cost(model.theta_, X[60:], Y[60:]))
    assert model.history_[-1].accuracy is None


def test_divergence_wrong_settings_and_missing_fits_raise():
    with pytest.raises(FloatingPointError, match=r"diverged.*smaller learning rate \(it was 10\)"):
        LinearRegressor(learning_rate=10.0, epochs=2000).fit(X, Y)
    with pytest.raises(ValueError, match="keep_path must be True or False, got 'yes'"):
        LinearRegressor(keep_path="yes").fit(X, Y)
    with pytest.raises(NotFittedError):
        _ = LinearRegressor().coef_
    with pytest.raises(NotFittedError):
        LinearRegressor().closed_form(X, Y)


def test_cost_and_closed_form_check_their_arguments():
    model = LinearRegressor(epochs=5, keep_path=True).fit(X, Y)
    with pytest.warns(Warning, match="column-vector"):
        assert np.ndim(model.cost(model.theta_, X, Y[:, None])) == 0
    with pytest.raises(ValueError, match=r"theta of shape \(4,\) or \(m, 4\), θ₀ first, got shape \(3,\)"):
        model.cost(model.theta_[:3], X, Y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        model.closed_form(X, Y[:5])
    assert not hasattr(model.set_params(keep_path=False).fit(X, Y), "path_")


def test_large_targets_of_images_keep_their_digits():
    images = np.random.default_rng(1).integers(255, size=(100, 2), dtype=np.uint8)
    targets = 1e8 + images[:, 0].astype(float)
    assert LinearRegressor(epochs=400).fit(images, targets).score(images, targets) > 0.999
