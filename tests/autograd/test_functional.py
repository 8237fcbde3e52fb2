"""grad, value_and_grad, jacobian and hvp: containers, nesting, nodes; and recorded walks through every gate."""

import threading
from collections import namedtuple

import numpy as np
import pytest

from autograd import Tensor, Value, grad, gradcheck, hvp, jacobian, maximum, no_grad, value_and_grad
from autograd.gates import GATES
from autograd.gates.arrays import ARRAY_GATES
from autograd.gates.blocks import Block
from autograd.graph import node
from autograd.graph.modes import RECORD, mode

try:
    import torch
except ImportError:
    torch = None

SEED = np.random.default_rng(7)
X, W = SEED.normal(size=(4, 3)), SEED.normal(size=(3, 2))
VECTOR = np.array([0.5, -1.0, 2.0])


def quartic(x):
    return np.sum(x**4) + np.prod(x)


def mlp_loss(parameters, x):
    hidden = np.tanh(x @ parameters["weight"] + parameters["bias"])
    return np.mean(np.square(hidden @ parameters["out"]))


PARAMETERS = {"weight": W, "bias": np.array([0.1, -0.2]), "out": np.array([1.5, -0.5])}


# Values


def test_the_gradient_of_a_number_is_a_python_float():
    derivative = grad(lambda x: x * x)(3)
    assert derivative == 6.0
    assert type(derivative) is float
    assert grad(lambda x: x * x)(np.int64(3)) == 6.0
    assert grad(lambda x: x * x)(np.float64(3.0)) == 6.0


def test_value_and_grad_returns_plain_results():
    value, gradient = value_and_grad(quartic)(VECTOR)
    assert type(value) is float
    assert type(gradient) is np.ndarray
    assert value == pytest.approx(quartic(VECTOR), rel=1e-14)
    np.testing.assert_allclose(gradient, 4 * VECTOR**3 + np.prod(VECTOR) / VECTOR, rtol=1e-13)


def test_the_value_of_a_constant_function_is_plain_too():
    value, derivative = value_and_grad(lambda x: 3.0)(2.0)
    assert (value, derivative) == (3.0, 0.0)
    assert type(value) is float


def test_a_gradient_is_a_new_array():
    x = VECTOR.copy()
    gradient = grad(np.sum)(x)
    gradient += 1.0
    assert x.tolist() == VECTOR.tolist()
    assert grad(np.sum)(x).tolist() == [1.0, 1.0, 1.0]


def test_float32_stays_float32():
    x = VECTOR.astype(np.float32)
    assert grad(quartic)(x).dtype == np.float32
    assert jacobian(lambda x: x * x)(x).dtype == np.float32
    assert jacobian(lambda x: np.ones(2))(x).dtype == np.float32
    assert hvp(quartic)(x, x).dtype == np.float32
    assert grad(lambda x: 1.0)(x).dtype == np.float32


@pytest.mark.parametrize(("argnums", "expected"), [(0, 12.0), (1, 8.0), (-1, 8.0), (-2, 12.0)])
def test_argnums_as_an_int(argnums, expected):
    assert grad(lambda x, y: x * x * y * y / 3, argnums)(2.0, 3.0) == pytest.approx(expected)


def test_argnums_of_numpy():
    assert grad(lambda x, y: x * x * y, np.int64(1))(2.0, 3.0) == 4.0
    for wrong in (np.array([0, 1]), {0}, range(2)):
        with pytest.raises(TypeError, match="give an int, or a tuple or list of them"):
            grad(lambda x, y: x * y, wrong)(1.0, 2.0)
    for several in ((0, 1), [0]):
        with pytest.raises(TypeError, match="hvp takes one, so join several arguments"):
            hvp(lambda x, y: x * y, several)(1.0, 2.0, 1.0)


@pytest.mark.parametrize("argnums", [(0, 1), (1, 0), (0,), (-1, 0), (0, 0), (), [0, 1], [1]])
def test_argnums_as_a_tuple_or_list(argnums):
    derivatives = grad(lambda x, y: x * x * y, argnums)(2.0, 3.0)
    assert derivatives == tuple((12.0, 4.0)[i] for i in argnums)


def test_keywords_reach_the_function_and_are_not_differentiated():
    def scaled(x, *, factor):
        assert type(factor) is float
        return np.sum(x) * factor

    assert grad(scaled)(VECTOR, factor=2.5).tolist() == [2.5, 2.5, 2.5]
    assert hvp(lambda x, *, factor: np.sum(x**2) * factor)(VECTOR, VECTOR, factor=0.5).tolist() == VECTOR.tolist()


def test_other_arguments_are_passed_unchanged():
    seen = []
    grad(lambda x, note, table: seen.append((note, table)) or x * 1.0)(1.0, "a word", {"key": 2})
    assert seen == [("a word", {"key": 2})]


def test_the_function_keeps_its_name_and_docstring():
    assert grad(quartic).__name__ == jacobian(quartic).__name__ == "quartic"


# Containers


def test_the_gradient_of_a_dict_of_arrays_is_a_dict_of_arrays():
    gradient = grad(mlp_loss)(PARAMETERS, X)
    assert list(gradient) == list(PARAMETERS)
    for name, array in PARAMETERS.items():

        def alone(array, name=name):
            return mlp_loss({**PARAMETERS, name: array}, X)

        np.testing.assert_allclose(gradient[name], grad(alone)(array), rtol=1e-13)
        assert gradcheck(alone, array).relative_error < 1e-6


Pair = namedtuple("Pair", "left right")


def test_containers_nest_and_keep_their_types():
    nested = {"a": [1.0, (2.0, VECTOR)], "b": Pair(3.0, [4.0])}

    def f(tree):
        number, (other, vector) = tree["a"]
        return number * other * np.sum(vector) + tree["b"].left ** 2 * tree["b"].right[0]

    gradient = grad(f)(nested)
    assert gradient["a"][0] == pytest.approx(3.0)
    assert gradient["a"][1][0] == pytest.approx(1.5)
    assert gradient["a"][1][1].tolist() == [2.0, 2.0, 2.0]
    assert gradient["b"] == Pair(24.0, [9.0])
    assert type(gradient["a"][1]) is tuple


def test_the_jacobian_of_a_container_is_a_container():
    derivatives = jacobian(lambda pair: pair["x"] * pair["y"])({"x": VECTOR, "y": 2.0})
    assert derivatives["x"].tolist() == np.diag([2.0, 2.0, 2.0]).tolist()
    assert derivatives["y"].tolist() == VECTOR.tolist()


# Derivatives of derivatives


@pytest.mark.parametrize("order", range(7))
def test_derivatives_of_any_order_of_a_polynomial(order):
    f = lambda x: x**5 - 2 * x**3
    polynomial = np.polynomial.Polynomial([0, 0, 0, -2, 0, 1])
    for _ in range(order):
        f = grad(f)
    assert f(1.7) == pytest.approx(polynomial.deriv(order)(1.7) if order else polynomial(1.7), rel=1e-12, abs=1e-12)


def test_the_fourth_derivative_of_sine_is_sine():
    f = np.sin
    for _ in range(4):
        f = grad(f)
    assert f(0.8) == pytest.approx(np.sin(0.8), rel=1e-14)


def test_perturbations_are_not_confused():
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: x * y * y)(x))(3.0) == 12.0
    assert grad(lambda x: grad(lambda x: x**3)(x) * x)(2.0) == pytest.approx(36.0)
    assert grad(lambda x: grad(lambda y: grad(lambda z: x * y * z * z)(y))(x))(2.0) == pytest.approx(16.0)


def test_an_inner_derivative_sees_the_outer_variable_in_its_closure():
    def outer(x):
        inner = grad(lambda w: np.sum(np.tanh(w * x)))(np.array([0.3, -0.4, 0.7]))
        return np.sum(inner**2)

    factor = 1 - np.tanh(VECTOR * [0.3, -0.4, 0.7]) ** 2  # the inner derivative is factor · x
    derivative = factor - 2 * VECTOR * [0.3, -0.4, 0.7] * np.tanh(VECTOR * [0.3, -0.4, 0.7]) * factor
    np.testing.assert_allclose(grad(outer)(VECTOR), 2 * factor * VECTOR * derivative, rtol=1e-12)


def test_an_inner_derivative_with_a_tracked_argument_is_recorded():
    x = Tensor(VECTOR, requires_grad=True)
    for inner in (
        grad(lambda w, x: np.sum(w * w * x))(np.ones(3), x),
        grad(lambda w, *, x: np.sum(w * w * x))(np.ones(3), x=x),
    ):
        x.zero_grad()
        inner.sum().backward()
        assert x.grad.tolist() == [2.0, 2.0, 2.0]
    assert type(grad(lambda w, x: np.sum(w * x))(np.ones(3), Tensor(VECTOR))) is np.ndarray  # untracked: plain data


def test_an_inner_walk_leaves_no_gradient_on_the_outer_variable():
    x = Tensor([1.0, 2.0], requires_grad=True)
    grad(lambda y: np.sum(x * y * y))(np.ones(2))
    assert x.grad is None


def test_the_jacobian_of_the_gradient_is_the_hessian():
    hessian = jacobian(grad(quartic))(VECTOR)
    product = np.prod(VECTOR)
    expected = product / np.outer(VECTOR, VECTOR)
    np.fill_diagonal(expected, 12 * VECTOR**2)
    np.testing.assert_allclose(hessian, expected, rtol=1e-12)
    by_columns = np.stack([hvp(quartic)(VECTOR, column) for column in np.eye(3)], axis=1)
    np.testing.assert_allclose(hessian, by_columns, rtol=1e-12)


def test_the_shape_of_the_jacobian_is_output_shape_plus_input_shape():
    derivatives = jacobian(lambda x: np.outer(x, [1.0, 2.0]) ** 2)(VECTOR)
    assert derivatives.shape == (3, 2, 3)
    for i, j, k in np.ndindex(derivatives.shape):
        assert derivatives[i, j, k] == pytest.approx((i == k) * 2 * VECTOR[i] * (j + 1) ** 2, rel=1e-14)
    assert jacobian(lambda x: x @ W)(X).shape == (4, 2, 4, 3)
    assert jacobian(np.sum)(X).tolist() == np.ones((4, 3)).tolist()
    assert jacobian(lambda x: x**2)(3.0) == 6.0
    assert jacobian(lambda x: x[:0])(VECTOR).shape == (0, 3)


@pytest.mark.parametrize("argnum", [0, 1, -1, -2])
def test_the_jacobian_with_respect_to_any_argument(argnum):
    derivatives = jacobian(lambda x, w: np.tanh(x @ w), argnum)(X[0], W)
    x, w = X[0], W
    factor = 1 - np.tanh(x @ w) ** 2
    expected = factor[:, None] * w.T if argnum % 2 == 0 else np.einsum("j,i,jk->jik", factor, x, np.eye(2))
    np.testing.assert_allclose(derivatives, expected, rtol=1e-13)


def test_a_jacobian_inside_a_derivative_is_recorded():
    def f(x):
        return np.sum(jacobian(lambda y: np.sin(y) * y.sum())(x) ** 2)

    assert gradcheck(f, VECTOR).relative_error < 1e-6
    assert grad(f)(VECTOR).shape == (3,)


@pytest.mark.parametrize("argnum", [0, 1, -1, -2])
def test_hvp_with_respect_to_any_argument(argnum):
    x, y, v = VECTOR, VECTOR[::-1].copy(), np.array([1.0, 0.0, -2.0])
    product = hvp(lambda x, y: np.sum(x**2 * y**3), argnum)(x, y, v)
    expected = 2 * y**3 * v if argnum % 2 == 0 else 6 * x**2 * y * v
    np.testing.assert_allclose(product, expected, rtol=1e-13)


def test_hvp_of_linear_functions_and_of_numbers():
    assert hvp(np.sum)(VECTOR, VECTOR).tolist() == [0.0, 0.0, 0.0]
    assert hvp(lambda x: x**3)(2.0, 0.5) == 6.0
    assert hvp(lambda x: 4.0)(2.0, 0.5) == 0.0


def test_newtons_method_converges_quadratically():
    def rosenbrock(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    x = np.array([1.3, 1.6, 2.7])
    for _ in range(8):
        x = x - np.linalg.solve(jacobian(grad(rosenbrock))(x), grad(rosenbrock)(x))
    np.testing.assert_allclose(x, np.ones(3), atol=1e-12)


def test_newtons_method_on_a_logistic_regression():
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.normal(size=(60, 2)), np.ones(60)])
    labels = (points @ [1.0, -2.0, 0.5] + rng.normal(size=60) > 0).astype(float)

    def loss(w):
        scores = points @ w
        return np.mean(np.logaddexp(0, scores) - labels * scores) + 0.01 * np.sum(w * w)

    w = np.zeros(3)
    for _ in range(8):
        w = w - np.linalg.solve(jacobian(grad(loss))(w), grad(loss)(w))
    assert np.abs(grad(loss)(w)).max() < 1e-14
    assert loss(w) < loss(np.zeros(3))


# Nodes as arguments


@pytest.mark.parametrize("kind", [Value, lambda x: Tensor(x, requires_grad=True), Tensor])
def test_given_a_node_the_gradient_is_a_recorded_node(kind):
    x = kind(2.0)
    value, derivative = value_and_grad(lambda x: x**3)(x)
    assert isinstance(derivative, type(x))
    assert (float(value), float(derivative)) == (8.0, 12.0)
    assert derivative.gate is not None
    if x.requires_grad:
        derivative.backward()
        assert float(x.grad) == 12.0
    else:
        assert x.grad is None


@pytest.mark.parametrize(("f", "expected"), [(lambda x: 3 * x, 3.0), (lambda x: 3.0, 0.0), (lambda x: x.sign(), 0.0)])
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_given_a_node_a_constant_gradient_is_a_node_too(f, expected, kind):
    derivative = grad(f)(kind(2.0))
    assert isinstance(derivative, kind)
    assert float(derivative) == expected


def test_a_jacobian_with_respect_to_a_node_is_recorded():
    x = Tensor(VECTOR, requires_grad=True)
    derivatives = jacobian(lambda x: x**3)(x)
    assert isinstance(derivatives, Tensor)
    derivatives.sum().backward()
    np.testing.assert_allclose(x.grad, 6 * VECTOR, rtol=1e-14)
    number = Value(3.0)
    derivative = jacobian(lambda x: x * x)(number)
    derivative.backward()
    assert (derivative.data, number.grad) == (6.0, 2.0)


def test_hvp_with_respect_to_nodes_is_recorded():
    x, v = Value(2.0), Value(0.5)
    product = hvp(lambda x: x**4)(x, v)
    product.backward()
    assert (product.data, x.grad, v.grad) == pytest.approx((24.0, 24.0, 48.0))


def test_only_the_function_itself_is_differentiated():
    x = Value(3.0)
    y = x * x
    assert grad(lambda y: y * x)(y).data == 3.0  # not the path from x to y
    assert grad(lambda t: t * x)(x).data == 3.0


def test_a_list_of_values_gives_a_list_of_values():
    x, y = Value(2.0), Value(3.0)
    of_x, of_y = grad(lambda pair: pair[0] ** 2 * pair[1])([x, y])
    assert (of_x.data, of_y.data) == (12.0, 4.0)
    of_x.backward()
    assert (x.grad, y.grad) == (6.0, 4.0)


# State


@pytest.mark.parametrize("wanted", [grad, jacobian])
def test_derivatives_work_inside_no_grad(wanted):
    with no_grad():
        assert wanted(lambda x: x**3)(2.0) == 12.0
        assert grad(wanted(lambda x: x**3))(2.0) == 12.0
        assert hvp(lambda x: x**3)(2.0, 1.0) == 12.0
        assert not (Tensor([1.0], requires_grad=True) * 2).requires_grad
    assert mode.get() == RECORD


def test_no_grad_inside_the_function_cuts_the_graph_there():
    def f(x):
        with no_grad():
            constant = x * 1.0
        return x * constant

    assert grad(f)(3.0) == 3.0


def test_an_error_in_the_function_restores_the_mode():
    def breaks(x):
        raise ZeroDivisionError("raised by the function")

    for wanted in (grad, value_and_grad, jacobian):
        with pytest.raises(ZeroDivisionError, match="raised by the function"):
            wanted(breaks)(1.0)
        with pytest.raises(ZeroDivisionError):
            grad(lambda x, wanted=wanted: wanted(breaks)(x))(1.0)
    with pytest.raises(ZeroDivisionError):
        hvp(breaks)(1.0, 1.0)
    assert mode.get() == RECORD
    assert type(grad(lambda x: x * x)(1.0)) is float  # plain, as from an outermost derivative


def test_threads_are_independent():
    barrier = threading.Barrier(4)
    found = {}

    def work(number):
        def f(x):
            barrier.wait(timeout=10)  # all four are inside a derivative at once
            return x**number

        found[number] = [grad(f)(2.0), type(grad(f)(2.0))]

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [n * 2.0 ** (n - 1), float] for n in (1, 2, 3, 4)}


# Functions that do not depend on their argument, and arguments that have no gradient


def test_a_function_that_does_not_depend_on_its_argument_has_gradient_zero():
    for f in (lambda x: 3.0, lambda x: np.sum(np.ones(3)), lambda x: np.sum(np.sign(x)), lambda x: Tensor(2.0)):
        assert grad(f)(VECTOR).tolist() == [0.0, 0.0, 0.0]
        assert grad(lambda x, f=f: np.sum(grad(f)(x)))(VECTOR).tolist() == [0.0, 0.0, 0.0]
    assert grad(lambda x, y: x * x, 1)(2.0, 3.0) == 0.0
    assert grad(lambda d: d["a"] * 2.0)({"a": 1.0, "b": VECTOR})["b"].tolist() == [0.0, 0.0, 0.0]
    assert jacobian(lambda x: np.ones((2, 2)))(VECTOR).tolist() == np.zeros((2, 2, 3)).tolist()
    assert jacobian(lambda x: 3.0)(VECTOR).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("argument", "text"),
    [
        ("a word", "str 'a word'"),
        (None, "NoneType None"),
        (True, "bool True"),
        (1j, "complex 1j"),
        ([1.0, "x"], "str 'x'"),
        ({"a": None}, "NoneType None"),
        (np.array([True]), "bool"),
        (Tensor(np.arange(3)), "int64"),
    ],
)
@pytest.mark.parametrize("wanted", [grad, value_and_grad, jacobian])
def test_rejects_arguments_without_a_gradient(wanted, argument, text):
    with pytest.raises(TypeError, match=text):
        wanted(lambda x: 1.0)(argument)


@pytest.mark.parametrize("returned", [None, "a word", [1.0], {"loss": 1.0}, 1j])
@pytest.mark.parametrize("wanted", [grad, value_and_grad, jacobian])
def test_rejects_functions_that_return_no_number(wanted, returned):
    with pytest.raises(TypeError, match=type(returned).__name__):
        wanted(lambda x: returned)(1.0)


def test_grad_requires_one_number():
    with pytest.raises(TypeError, match=r"shape \(3,\).*jacobian"):
        grad(lambda x: x * x)(VECTOR)
    assert grad(lambda x: x[:1] ** 2)(VECTOR).tolist() == [1.0, 0.0, 0.0]  # one number with an axis is fine


@pytest.mark.parametrize("argnums", [2, -3, "x", 1.0, None, (0, 2)])
def test_rejects_argnums_that_name_no_argument(argnums):
    named = argnums[-1] if isinstance(argnums, tuple) else argnums
    with pytest.raises(TypeError, match=rf"argument {named}, but the function was called with 2"):
        grad(lambda x, y: x * y, argnums)(1.0, 2.0)
    with pytest.raises(TypeError, match="argument 0, but the function was called with 0"):
        grad(lambda x: x)()


def test_hvp_requires_a_vector_of_the_arguments_shape():
    with pytest.raises(ValueError, match=r"shape \(3,\).* got one of shape \(2,\)"):
        hvp(quartic)(VECTOR, np.ones(2))
    with pytest.raises(TypeError, match="argument 0, but the function was called with 0"):
        hvp(quartic)(VECTOR)
    with pytest.raises(TypeError, match="argument 1, but the function was called with 1"):
        hvp(quartic, 1)(VECTOR, VECTOR)


# Comparison with torch


PLAIN_FUNCTIONS = {
    "quartic": (quartic, lambda torch, x: torch.sum(x**4) + torch.prod(x)),
    "softmax": (
        lambda x: np.sum(np.exp(x) / np.sum(np.exp(x)) * np.arange(3)),
        lambda torch, x: torch.sum(torch.softmax(x, 0) * torch.arange(3)),
    ),
    "norm": (lambda x: np.linalg.norm(x) ** 3, lambda torch, x: torch.linalg.norm(x) ** 3),
    "max": (lambda x: np.max(x) * np.sum(x**2), lambda torch, x: torch.max(x) * torch.sum(x**2)),
}


OF_TORCH = {  # gradient, Hessian and its product with DIRECTION, as torch.func gives them at VECTOR
    "quartic": ([-1.5, -3.0, 31.5], [[3, 2, -1], [2, 12, 0.5], [-1, 0.5, 48]], [1.75, -3.875, 10.75]),
    "softmax": (
        [-0.282271282820633, -0.023870663270383, 0.306141946091016],
        [
            [-0.183312395109633, 0.015224654156841, 0.168087740952792],
            [0.015224654156841, -0.022003377138018, 0.006778722981176],
            [0.168087740952792, 0.006778722981176, -0.174866463933968],
        ],
        [-0.148902786949856, 0.027921023471144, 0.120981763478712],
    ),
    "norm": (
        [3.436931771216880, -6.873863542433760, 13.747727084867520],
        [
            [7.201190377787748, -0.654653670707977, 1.309307341415954],
            [-0.654653670707977, 8.183170883849716, -2.618614682831909],
            [1.309307341415954, -2.618614682831909, 12.111092908097577],
        ],
        [7.855844048495726, -5.400892783340812, 5.646387909856303],
    ),
    "max": ([2.0, -4.0, 13.25], [[4, 0, 1], [0, 4, -2], [1, -2, 12]], [4.25, -2.5, 5.0]),
}
DIRECTION = np.array([1.0, -0.5, 0.25])


@pytest.mark.parametrize("name", PLAIN_FUNCTIONS)
def test_derivatives_are_those_recorded_from_torch(name):
    ours, (gradient, hessian, product) = PLAIN_FUNCTIONS[name][0], OF_TORCH[name]
    np.testing.assert_allclose(grad(ours)(VECTOR), gradient, rtol=1e-12)
    np.testing.assert_allclose(jacobian(grad(ours))(VECTOR), hessian, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(hvp(ours)(VECTOR, DIRECTION), product, rtol=1e-10, atol=1e-13)


def test_the_jacobian_of_a_layer_is_that_of_the_formula():
    slopes = 1 - np.tanh(X @ VECTOR) ** 2
    np.testing.assert_allclose(jacobian(lambda x: np.tanh(X @ x))(VECTOR), slopes[:, None] * X, rtol=1e-12)


@pytest.mark.parametrize("name", PLAIN_FUNCTIONS if torch else [])
@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")  # torch's own
def test_matches_torch_func(name):
    ours, theirs = PLAIN_FUNCTIONS[name]
    of_torch = lambda x: theirs(torch, x)
    x, v = torch.tensor(VECTOR), torch.tensor(DIRECTION)
    np.testing.assert_allclose(grad(ours)(VECTOR), torch.func.grad(of_torch)(x), rtol=1e-12)
    np.testing.assert_allclose(jacobian(grad(ours))(VECTOR), torch.func.hessian(of_torch)(x), rtol=1e-10, atol=1e-13)
    product = torch.func.jvp(torch.func.grad(of_torch), (x,), (v,))[1]
    np.testing.assert_allclose(hvp(ours)(VECTOR, v.numpy()), product, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(
        jacobian(lambda x: np.tanh(X @ x))(VECTOR),
        torch.func.jacrev(lambda x: torch.tanh(torch.tensor(X) @ x))(x),
        rtol=1e-12,
    )


# backward(create_graph=True), through every gate


def test_recorded_gradients_of_values_can_be_differentiated():
    x, y = Value(2.0), Value(3.0)
    (x**2 * y).backward(create_graph=True)
    derivative = x.grad
    assert isinstance(derivative, Value)
    assert (derivative.data, y.grad.data) == (12.0, 4.0)
    x.zero_grad(), y.zero_grad()
    derivative.backward()
    assert (x.grad, y.grad) == (6.0, 4.0)


def test_recorded_gradients_of_tensors_can_be_differentiated():
    x = Tensor(VECTOR, requires_grad=True)
    np.sum(x**3).backward(create_graph=True)
    derivative = x.grad
    assert isinstance(derivative, Tensor)
    assert derivative.requires_grad
    x.zero_grad()
    (derivative * derivative).sum().backward()
    np.testing.assert_allclose(x.grad, 36 * VECTOR**3, rtol=1e-13)


def test_the_gradient_of_a_linear_function_is_an_untracked_node():
    x = Tensor(VECTOR, requires_grad=True)
    x.sum().backward(create_graph=True)
    assert isinstance(x.grad, Tensor)
    assert not x.grad.requires_grad
    number = Value(2.0)
    (number * 3).backward(create_graph=True)
    assert isinstance(number.grad, Value)
    assert number.grad.data == 3.0


def test_recorded_gradients_accumulate_at_a_leaf():
    x = Tensor(VECTOR, requires_grad=True)
    for _ in range(2):
        np.sum(x**2).backward(create_graph=True)
    total = x.grad
    assert isinstance(total, Tensor)
    x.zero_grad()
    total.sum().backward()
    assert x.grad.tolist() == [4.0, 4.0, 4.0]


def test_a_recorded_walk_works_inside_no_grad():
    x = Tensor(VECTOR, requires_grad=True)
    loss = np.sum(x**3)
    with no_grad():
        loss.backward(create_graph=True)
    assert x.grad.requires_grad


def gradients_as_one(f):
    """The gradients of a weighted sum of squares of `f`, as one array to differentiate again."""

    def gradient(*inputs):
        def scalar(*inputs):
            out = f(*inputs)
            return np.sum(out * out * 0.5 + out * np.cos(np.arange(out.size)).reshape(out.shape))

        parts = grad(scalar, tuple(range(len(inputs))))(*inputs)
        return np.concatenate([np.ravel(part) for part in parts])

    return gradient


def both_kinds_of_gates():
    for name, entry in sorted(ARRAY_GATES.items()):
        for number, (inputs, attributes) in enumerate(entry.samples):
            yield pytest.param(entry, inputs, attributes, id=f"{name}-{number}")
    for name, entry in sorted(GATES.items()):
        yield pytest.param(entry, tuple(np.array(column, float) for column in zip(*entry.samples)), {}, id=name)  # noqa: B905


@pytest.mark.parametrize(("entry", "inputs", "attributes"), list(both_kinds_of_gates()))
def test_second_derivatives_of_every_gate_numerically(entry, inputs, attributes):
    f = lambda *x: node.apply(entry, *x, **attributes)
    report = gradcheck(gradients_as_one(f), *inputs)
    assert report.relative_error < 1e-6, report


@pytest.mark.parametrize("name", sorted(name for name, entry in ARRAY_GATES.items() if isinstance(entry, Block)))
def test_a_block_and_its_expansion_have_the_same_second_derivatives(name):
    entry = ARRAY_GATES[name]
    for inputs, attributes in entry.samples:
        flat = []
        for f in (lambda *x, a=attributes: node.apply(entry, *x, **a), lambda *x, a=attributes: entry.expand(*x, **a)):
            flat.append(jacobian(gradients_as_one(f))(*inputs))
        np.testing.assert_allclose(*flat, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("entry", [ARRAY_GATES["linear"], ARRAY_GATES["matmul"], GATES["mul"], GATES["hypot"]])
def test_second_derivatives_of_gates_with_the_same_input_twice(entry):
    square = np.array([[0.5, -1.0], [2.0, 0.3]])
    rest = (np.array([0.1, 0.2]),) if entry.arity == 3 else ()
    report = gradcheck(gradients_as_one(lambda x: node.apply(entry, x, x, *rest)), square)
    assert report.relative_error < 1e-6, report


def test_third_derivatives_through_blocks():
    x = np.array([[0.3, -0.5, 0.9]])
    f = lambda x: np.sum(x.logsumexp(-1) ** 2) + np.sum(x.softmax() ** 2)
    report = gradcheck(lambda x: grad(lambda y: np.sum(grad(lambda z: np.sum(grad(f)(z) ** 2))(y) ** 2))(x), x)
    assert report.relative_error < 1e-6, report


def test_second_derivatives_at_kinks_are_zero():
    assert grad(grad(lambda x: abs(x)))(0.0) == 0.0
    assert grad(grad(lambda x: x.relu()))(0.0) == 0.0
    assert grad(grad(lambda x: maximum(x, x)))(1.0) == 0.0
    assert grad(grad(lambda x: np.linalg.norm(x) ** 1, 0))(0.0) == 0.0


@pytest.mark.parametrize("argnums", [(0, 1), [0, 1], (1,), (-1, 0)])
def test_jacobian_by_several_arguments(argnums):
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    found = jacobian(lambda a, b: a * b, argnums)(a, b)
    assert isinstance(found, tuple)
    for i, by_argument in zip(argnums, found, strict=True):
        np.testing.assert_array_equal(by_argument, np.diag((b, a)[i]))


@pytest.mark.parametrize("x", [np.array([1, 2]), np.array([1, 2], np.uint8), [1, 2], (1, 2)])
def test_whole_numbers_are_differentiated_as_floats(x):
    """`grad(f)(3)` works, so `grad(f)(np.array([1, 2]))` does."""
    f = lambda x: np.sum(np.stack(x) ** 2) if isinstance(x, (list, tuple)) else np.sum(x**2)
    np.testing.assert_array_equal(grad(f)(x), [2.0, 4.0])
    np.testing.assert_array_equal(value_and_grad(f)(x)[1], [2.0, 4.0])
    if isinstance(x, np.ndarray):
        np.testing.assert_array_equal(jacobian(lambda x: x**2)(x), np.diag([2.0, 4.0]))
        np.testing.assert_array_equal(hvp(f)(x, np.ones(2)), [2.0, 2.0])


def test_booleans_are_not_differentiated():
    for x in (True, np.array([True, False])):
        with pytest.raises(TypeError, match="grad expected numbers"):
            grad(np.sum)(x)
