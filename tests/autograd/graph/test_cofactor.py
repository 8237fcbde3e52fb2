"""What is smooth stays exact at second order, also through a norm, a hypotenuse or a standard deviation of 0."""

import numpy as np
import pytest

from autograd import Tensor, Value, grad, jacobian
from autograd.graph.cofactor import cofactor

TWICE = 2 * np.eye(2)
VARIANCE = np.array([[0.5, -0.5], [-0.5, 0.5]])
SMOOTH = {
    "norm ** 2": (lambda x: np.linalg.norm(x) ** 2, TWICE),
    "square of norm": (lambda x: np.square(np.linalg.norm(x)), TWICE),
    "norm * norm": (lambda x: np.linalg.norm(x) * np.linalg.norm(x), TWICE),
    "3 norm² / 2 + norm³": (lambda x: 3 * np.linalg.norm(x) ** 2 / 2 + np.linalg.norm(x) ** 3, 1.5 * TWICE),
    "−norm²": (lambda x: -(np.linalg.norm(x) ** 2.0), -TWICE),
    "norms of rows": (lambda x: np.sum(np.linalg.norm(x.reshape(2, 1), axis=1) ** 2), TWICE),
    "hypot ** 2": (lambda x: np.hypot(x[0], x[1]) ** 2, TWICE),
    "var": (np.var, VARIANCE),
    "std ** 2": (lambda x: np.std(x) ** 2, VARIANCE),
    "square of std": (lambda x: np.square(np.std(x)), VARIANCE),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("at", [[0.0, 0.0], [0.3, 0.3], [-2.0, -2.0]])
def test_hessian(name, at):
    f, expected = SMOOTH[name]
    if at[0] and "norm³" in name:
        pytest.skip("no multiple of the identity there")
    np.testing.assert_allclose(jacobian(grad(f))(np.array(at)), expected, atol=1e-12)


def test_one_row_of_zeros_among_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    hessian = jacobian(grad(lambda x: np.sum(np.linalg.norm(x, axis=1) ** 2)))(x)
    np.testing.assert_allclose(hessian.reshape(4, 4), 2 * np.eye(4), atol=1e-12)


def test_third_derivative_and_values():
    f = lambda x: np.hypot(x, 2 * x) ** 2  # 5x²
    assert grad(grad(f))(0.0) == pytest.approx(10.0)
    assert grad(grad(grad(f)))(0.0) == 0.0


@pytest.mark.parametrize(
    "f", [np.linalg.norm, np.std, lambda x: np.hypot(x[0], x[1]), lambda x: np.exp(np.linalg.norm(x))]
)
def test_what_is_not_smooth_has_derivatives_of_0_by_convention(f):
    zero = np.zeros(2)
    np.testing.assert_array_equal(grad(f)(zero), zero)
    np.testing.assert_array_equal(jacobian(grad(f))(zero), np.zeros((2, 2)))


def test_cofactor():
    n, y = Value(0.0), Value(5.0)
    assert cofactor(n, n) == 1.0
    assert cofactor(2.0 * n * y, n).data == 10.0
    assert cofactor(y * (n * 2.0 + n) / 3.0, n).data == 5.0
    assert cofactor(-(n**3.0), n).data == 0.0
    assert cofactor(n + y, n) is None
    assert cofactor(y, n) is None
    assert cofactor(3.0, n) is None
    assert cofactor(y / n, n) is None
    t = Tensor(np.zeros(3), requires_grad=True)
    assert cofactor(t.sum() * 2.0, t.sum()) == 2.0
