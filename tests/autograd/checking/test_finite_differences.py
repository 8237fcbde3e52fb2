"""Finite differences: their accuracy, and how they recognise kinks, jumps and rounding."""

import numpy as np
import pytest

from autograd.checking.finite_differences import (
    EPSILON,
    Difference,
    central,
    has_jump,
    has_kink,
    one_sided,
    relative_error,
    shorter_step_error,
    step_sizes,
)


@pytest.mark.parametrize(
    ("f", "derivative", "point"),
    [(np.exp, np.exp, 1.0), (np.sin, np.cos, 1000.0), (np.log, lambda x: 1 / x, 0.5), (np.tanh, lambda x: 1.0, 0.0)],
)
def test_central_differences_are_accurate(f, derivative, point):
    difference = central(f, point)
    assert difference.derivative == pytest.approx(derivative(point), rel=1e-9)
    assert 0 < difference.rounding < 1e-9 * max(1.0, abs(f(point)))
    assert difference.changed


def test_central_is_exact_for_polynomials_of_degree_four():
    x = np.array([-3.0, 0.5, 2.0])
    np.testing.assert_allclose(central(lambda x: x**4, x, shrink=0.01).derivative, 4 * x**3, rtol=1e-11)


def test_differences_work_elementwise():
    x = np.array([[0.5, 1.0], [2.0, 3.0]])
    assert central(np.square, x).derivative.shape == (2, 2)
    np.testing.assert_allclose(central(np.square, x).derivative, 2 * x, rtol=1e-10)
    assert central(lambda x: np.where(x > 1.5, x, 0.0), x).changed.tolist() == [[False, False], [True, True]]


def test_step_sizes_shrink_near_zero_and_grow_with_the_square_root():
    np.testing.assert_allclose(step_sizes(np.array([0.0, -0.005, 0.5, 1.0, -100.0])) / 3e-4, [0.01, 0.01, 0.5, 1, 10])


def test_a_kink_has_different_derivatives_on_both_sides():
    left, right, rounding = one_sided(np.abs, 0.0)
    assert (left, right) == pytest.approx((-1.0, 1.0), rel=1e-9)
    assert has_kink(left, right, rounding)
    assert not has_kink(*one_sided(np.exp, 1.0))
    assert has_kink(*one_sided(lambda x: np.maximum(x, 0.0), np.array([-1.0, 0.0, 1.0]))).tolist() == [
        False,
        True,
        False,
    ]


def test_a_jump_is_told_from_a_kink():
    assert has_jump(np.floor, 1.0)
    assert not has_jump(np.abs, 0.0)
    assert not has_jump(lambda x: np.maximum(x, 0.0) * 5 + x, 0.0)


def test_relative_error_is_relative_to_the_larger_derivative():
    assert relative_error(1.0, Difference(2.0, 0.0, True)) == 0.5
    assert relative_error(0.0, Difference(0.0, 0.0, True)) == 0.0
    assert relative_error(np.nan, Difference(1.0, 0.0, True)) == np.inf


def test_rounding_explains_a_small_difference():
    assert relative_error(0.0, Difference(EPSILON, 2 * EPSILON, True)) < 1e-6
    assert relative_error(0.0, Difference(EPSILON, 0.5 * EPSILON, True)) == 1.0


def test_a_shorter_step_counts_only_if_its_rounding_is_small():
    assert shorter_step_error(1.0, Difference(1.0, 1e-4, True)) == 0.0
    assert shorter_step_error(1.0, Difference(1.0, 1e-2, True)) == np.inf
