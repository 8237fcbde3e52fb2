"""gradcheck passes right gradients and fails wrong ones."""

import numpy as np
import pytest

from autograd import Tensor, Value, grad, gradcheck
from autograd.gates import gate, remove_gate


@pytest.fixture
def wrong():
    """A gate whose second local gradient is wrong by one part in a thousand."""
    yield gate("wrong", "?", lambda x, y: x * y, lambda out, x, y: y, lambda out, x, y: x * 1.001, samples=[(1.0, 2.0)])
    remove_gate("wrong")


def test_a_right_gradient_passes():
    report = gradcheck(lambda x, y: (x * y).exp() / (1 + y), Value(0.5, label="x"), Value(2.0, label="y"))
    assert report
    assert report.relative_error < 1e-9
    assert [check.name for check in report.inputs] == ["x", "y"]
    assert "passed: largest relative error" in str(report)


def test_a_wrong_local_gradient_fails_at_its_input(wrong):
    x, y = np.array([[1.0, 2.0, 3.0]]), np.array([[0.5], [4.0]])
    report = gradcheck(lambda a, b: a.wrong(b), Tensor(x, label="a"), Tensor(y, label="b"))
    assert not report
    good, bad = report.inputs
    assert good.relative_error < 1e-9
    assert bad.relative_error == pytest.approx(1e-3, rel=0.01)
    assert bad.name == "b"
    assert bad.shape == (2, 1)
    assert "FAILED" in str(report)
    assert "b[" in str(report)


def test_a_missing_gradient_fails():
    assert not gradcheck(lambda x: x * x.detach(), Value(3.0))


def test_a_nan_gradient_fails():
    assert not gradcheck(lambda x: (x - x).sqrt() + x, Value(1.0))


def test_an_unused_input_passes():
    report = gradcheck(lambda x, y: x * 2, Value(3.0), Value(1.0))
    assert report
    assert report.inputs[1].analytic == report.inputs[1].numeric == 0


def test_inputs_are_copied_and_widened():
    t = Tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    assert gradcheck(lambda x: x.exp().sum(), t)
    assert t.grad is None
    assert t.dtype == np.float32
    report = gradcheck(lambda x, y: (x * y).sum(), t, np.array([1.0, 2.0]))
    assert "input 0: widened from float32 to float64 for the check" in str(report)
    assert "input 1: widened" not in str(report)


def test_checks_every_element_of_an_array_output():
    assert not gradcheck(lambda x: x * np.array([1.0, 0.0]) + x.detach() * np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    assert gradcheck(lambda x: x.sum(axis=0), np.ones((3, 0)))  # an empty input passes


def test_rejects_float32_plain_results_and_inputs_that_are_not_numbers():
    weight = Tensor([1.0], dtype=np.float32)
    with pytest.raises(TypeError, match=r"computed in float32.*model.astype\(float\)"):
        gradcheck(lambda x: x.astype(np.float32) * weight, np.array([1.0]))
    with pytest.raises(TypeError, match="depends on its inputs, got float"):
        gradcheck(lambda x: x.data, Value(1.0))
    with pytest.raises(TypeError, match="input 0 is str 'a'"):
        gradcheck(lambda x: x, "a")


def test_numpy_functions_and_numbers_mixed_with_arrays():
    assert gradcheck(np.tanh, 1.0)
    assert gradcheck(lambda a, b: a * b, 2.0, np.ones(2))


@pytest.mark.parametrize("order", [1, -1])
def test_nan_anywhere_fails(order):
    inputs = {"x": 1.0, "y": 0.0}
    names = list(inputs)[::order]
    values = [Value(inputs[name], label=name) for name in names]
    report = gradcheck(lambda *v: v[names.index("x")] + v[names.index("y")].sqrt(), *values)
    assert not report
    assert "FAILED: largest relative error inf" in str(report)
    assert not gradcheck(lambda x: x.sqrt().sum(), np.array([0.0, 1.0][::order]))


@pytest.mark.parametrize(
    ("f", "x"),
    [(lambda x: x**2, 0.0), (lambda x: x.cos(), 0.0), (lambda x: x.tanh(), 15.0), (lambda x: x.sigmoid(), 30.0),
     (lambda x: x.exp() / x.exp().sum(), np.zeros(3)), (lambda x: x.log(), 5e-4), (lambda x: 1 / x, 1e-3),
     (lambda x: x.sin(), 1000.0), (lambda x: x * x, 1e6), (lambda x: x.relu(), -1.0)],
)  # fmt: skip
def test_right_gradients_pass_at_difficult_points(f, x):
    report = gradcheck(f, x)
    assert bool(report) is True
    assert report.relative_error < 1e-6


def test_a_wrong_gradient_plus_a_large_constant_fails():
    assert not gradcheck(lambda x: x * 0.0 + x.detach() + 1e9, Value(1.0))


def test_leaves_other_leaves_untouched():
    weight = Tensor([1.0, 2.0], requires_grad=True)
    assert gradcheck(lambda x: (x * weight).sum(), np.ones(2))
    assert weight.grad is None


def test_requires_inputs():
    with pytest.raises(TypeError, match=r"as in gradcheck\(f, 2.0, 3.0\)"):
        gradcheck(lambda: 3.0)


def test_rejects_a_random_function():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="another value for the same inputs"):
        gradcheck(lambda x: x * rng.normal(), 1.0)


def test_a_function_may_differentiate_inside():
    assert gradcheck(lambda x: grad(lambda y: (y**3).sum())(x), np.array([1.0, 2.0]))


@pytest.mark.parametrize("kind", [lambda x: x, lambda x: np.array([x, -2 * x])])
@pytest.mark.parametrize(
    ("error", "options", "passes"),
    [(1e-5, {}, False), (2e-6, {}, False), (5e-7, {}, True), (2e-3, {"tolerance": 1e-3}, False),
     (5e-4, {"tolerance": 1e-3}, True), (2e-5, {"tolerance": 1e-5}, False), (5e-6, {"tolerance": 1e-5}, True)],
)  # fmt: skip
def test_the_tolerance_is_the_largest_relative_error(kind, error, options, passes):
    for wrong in (error, -error):  # the share of the gradient that does not reach x
        report = gradcheck(lambda x, wrong=wrong: x * x * (1 - wrong) + (x * x).detach() * wrong, kind(1.5), **options)
        assert bool(report) is passes
        assert report.relative_error == pytest.approx(error, rel=0.01)


def test_a_wrong_gradient_of_a_constant_fails():
    """The value does not change with x, and the chain rule says that it does."""
    assert not gradcheck(lambda x: x - x.detach(), Value(3.0))
    assert gradcheck(lambda x: x - x, Value(3.0))
