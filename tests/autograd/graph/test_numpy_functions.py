"""NumPy's functions on Tensors: every function of the table is checked, and plain NumPy code is differentiated."""

import numpy as np
import pytest
from sample_arrays import a, curved, parts, tracked

from autograd import Tensor, grad, gradcheck, jacobian
from autograd.graph.numpy_dispatch import FUNCTIONS

try:
    import torch
except ImportError:
    torch = None

M, V, C = a(3, 4), a(5), a(2, 3, 4)
SQUARE, ROW, SCALAR = a(3, 3), a(1, 4), a()
ZEROS = np.array([[1.5, 0.0, -2.0], [0.7, 0.4, 3.0]])
PLACES = np.array([[1, 0, 2, 2], [0, 0, 1, 2]])
INDICES = np.array([[0, 2], [1, 1]])


def cases(*numpys):
    """Enter lines of (call, *inputs) for one of NumPy's functions, or for one with two names: `call(f, *inputs)`."""

    def enter(lines):
        for numpy in numpys:
            TABLE.setdefault(numpy, []).extend(lines)

    return enter


TABLE = {}

for reduction in (np.sum, np.mean, np.max, np.amax, np.min, np.amin, np.prod, np.var, np.std):
    cases(reduction)(
        [
            (lambda f, x: f(x), M),
            (lambda f, x: f(x, 0), M),
            (lambda f, x: f(x, axis=-1, keepdims=True), M),
            (lambda f, x: f(x, axis=(0, -1)), C),
            (lambda f, x: f(x, axis=(-2, 0), keepdims=True), C),
            (lambda f, x: f(x, keepdims=True), C),
            (lambda f, x: f(x, axis=(1,)), C),
            (lambda f, x: f(x), V),
        ]
    )
for reduction in (np.sum, np.mean, np.prod, np.var, np.std):
    cases(reduction)([(lambda f, x: f(x, axis=1, dtype=np.float64), M)])
for reduction in (np.sum, np.mean, np.max, np.min, np.prod):
    cases(reduction)([(lambda f, x: f(x), SCALAR)])
cases(np.prod)([(lambda f, x: f(x), ZEROS), (lambda f, x: f(x, axis=0), ZEROS), (lambda f, x: f(x, axis=1), ZEROS)])
for reduction in (np.var, np.std):
    cases(reduction)(
        [
            (lambda f, x: f(x, ddof=1), M),
            (lambda f, x: f(x, axis=0, ddof=1.5), M),
            (lambda f, x: f(x, axis=(0, 2), ddof=1, keepdims=True), C),
        ]
    )
cases(np.average)(
    [
        (lambda f, x: f(x), M),
        (lambda f, x: f(x, axis=1), M),
        (lambda f, x, w: f(x, weights=w), M, abs(a(3, 4, seed=1))),
        (lambda f, x, w: f(x, 0, w), M, abs(a(3, 4, seed=1))),
        (lambda f, x, w: f(x, axis=0, weights=w), SQUARE, abs(a(3, seed=1))),
        (lambda f, x, w: f(x, axis=-2, weights=w), C, abs(a(3, seed=1))),
        (lambda f, x, w: f(x, axis=(2, 0), weights=w), C, abs(a(4, 2, seed=1))),
    ]
)
cases(np.linalg.norm)(
    [
        (lambda f, x: f(x), V),
        (lambda f, x: f(x), M),
        (lambda f, x: f(x), C),
        (lambda f, x: f(x, axis=-1), M),
        (lambda f, x: f(x, axis=0, keepdims=True), C),
        (lambda f, x: f(x, axis=(0, 2)), C),
        (lambda f, x: f(x, "fro"), M),
        (lambda f, x: f(x, 2), V),
        (lambda f, x: f(x, 2, axis=1), M),
        (lambda f, x: f(x, 1), V),
        (lambda f, x: f(x, ord=1, axis=0, keepdims=True), M),
        (lambda f, x: f(x, np.inf), V),
        (lambda f, x: f(x, ord=np.inf, axis=-1), M),
    ]
)
cases(np.cumsum)(
    [
        (lambda f, x: f(x), M),
        (lambda f, x: f(x, 0), M),
        (lambda f, x: f(x, axis=-1), C),
        (lambda f, x: f(x, axis=1, dtype=np.float64), C),
    ]
)
cases(np.trace)(
    [
        (lambda f, x: f(x), SQUARE),
        (lambda f, x: f(x), M),
        (lambda f, x: f(x), C),
        (lambda f, x: f(x, 1), M),
        (lambda f, x: f(x, offset=-1), M),
    ]
)
cases(np.dot)(
    [
        (lambda f, x, y: f(x, y), M, a(4, 2)),
        (lambda f, x, y: f(x, y), V, a(5, seed=1)),
        (lambda f, x, y: f(x, y), M, a(4)),
        (lambda f, x, y: f(x, y), a(3), M),
        (lambda f, x, y: f(x, y), M, a(2, 4, 3)),
        (lambda f, x, y: f(x, y), C, a(4, 2)),
        (lambda f, x, y: f(x, y), a(4), a(2, 4, 3)),
        (lambda f, x, y: f(x, y), SCALAR, M),
    ]
)
cases(np.inner)(
    [
        (lambda f, x, y: f(x, y), V, a(5, seed=1)),
        (lambda f, x, y: f(x, y), M, a(2, 4)),
        (lambda f, x, y: f(x, y), C, a(4)),
        (lambda f, x, y: f(x, y), M, SCALAR),
    ]
)
cases(np.vdot)([(lambda f, x, y: f(x, y), V, a(5, seed=1)), (lambda f, x, y: f(x, y), M, a(4, 3))])
cases(np.outer)([(lambda f, x, y: f(x, y), V, a(3)), (lambda f, x, y: f(x, y), a(2, 2), a(3))])
cases(np.tensordot)(
    [
        (lambda f, x, y: f(x, y), C, a(3, 4, 2)),
        (lambda f, x, y: f(x, y, 1), C, a(4, 2)),
        (lambda f, x, y: f(x, y, axes=0), V, a(2)),
        (lambda f, x, y: f(x, y, axes=(1, 0)), C, a(3, 2)),
        (lambda f, x, y: f(x, y, axes=([0, 2], [1, 0])), C, a(4, 2)),
        (lambda f, x, y: f(x, y, axes=((-1, -3), (-2, -1))), C, a(4, 2)),
    ]
)
cases(np.einsum)(
    [
        (lambda f, x, y: f("ij,jk->ik", x, y), M, a(4, 2)),
        (lambda f, x, y: f("ij,jk", x, y), M, a(4, 2)),
        (lambda f, x: f("ii", x), SQUARE),
        (lambda f, x: f("ii->i", x), SQUARE),
        (lambda f, x: f("ij->ji", x), M),
        (lambda f, x: f("ba", x), M),
        (lambda f, x, y, z: f("i,ij,j->", x, y, z), a(3), M, a(4)),
        (lambda f, x, y: f("...ij,...jk->...ik", x, y), C, a(4, 2)),
        (lambda f, x, y: f("...i,i", x, y), C, a(4)),
        (lambda f, x: f("i...->...", x), C),
    ]
)
cases(np.reshape)(
    [
        (lambda f, x: f(x, (4, 3)), M),
        (lambda f, x: f(x, -1), M),
        (lambda f, x: f(x, (2, -1, 2)), M),
        (lambda f, x: f(x, ()), a(1, 1)),
        (lambda f, x: f(x, shape=[6, 2]), M),
    ]
)
cases(np.ravel)([(lambda f, x: f(x), C), (lambda f, x: f(x), SCALAR)])
cases(np.transpose)(
    [(lambda f, x: f(x), C), (lambda f, x: f(x, (1, 2, 0)), C), (lambda f, x: f(x, axes=[-1, 0, -2]), C)]
)
cases(np.swapaxes)([(lambda f, x: f(x, 0, 1), M), (lambda f, x: f(x, -1, 0), C)])
cases(np.moveaxis)([(lambda f, x: f(x, 0, -1), C), (lambda f, x: f(x, [0, 2], [1, 0]), C)])
cases(np.squeeze)(
    [(lambda f, x: f(x), a(1, 3, 1)), (lambda f, x: f(x, axis=0), a(1, 3, 1)), (lambda f, x: f(x, -1), a(1, 3, 1))]
)
cases(np.expand_dims)([(lambda f, x: f(x, 0), M), (lambda f, x: f(x, axis=(0, -1)), M)])
cases(np.atleast_1d)([(lambda f, x: f(x), SCALAR), (lambda f, x: f(x), M)])
cases(np.atleast_2d)([(lambda f, x: f(x), SCALAR), (lambda f, x: f(x), V), (lambda f, x: f(x), C)])
cases(np.broadcast_to)(
    [(lambda f, x: f(x, (3, 4)), ROW), (lambda f, x: f(x, (2, 5)), V), (lambda f, x: f(x, 3), SCALAR)]
)
cases(np.flip)([(lambda f, x: f(x), M), (lambda f, x: f(x, 0), M), (lambda f, x: f(x, axis=(0, -1)), C)])
cases(np.roll)(
    [
        (lambda f, x: f(x, 2), M),
        (lambda f, x: f(x, -1, axis=1), M),
        (lambda f, x: f(x, (1, -2), axis=(0, -1)), C),
    ]
)
cases(np.repeat)(
    [(lambda f, x: f(x, 2), M), (lambda f, x: f(x, [1, 0, 3], axis=0), M), (lambda f, x: f(x, 3, axis=-1), M)]
)
cases(np.tile)([(lambda f, x: f(x, 2), M), (lambda f, x: f(x, (2, 3)), V), (lambda f, x: f(x, (2, 1, 2)), M)])
cases(np.concatenate)(
    [
        (lambda f, x, y: f([x, y]), M, a(1, 4)),
        (lambda f, x, y: f((x, y, x), axis=-1), M, a(3, 2)),
        (lambda f, x, y: f([x, y], axis=None), M, V),
        (lambda f, x, y: f([x, y], dtype=np.float64), V, a(2)),
    ]
)
cases(np.stack)(
    [
        (lambda f, x, y: f([x, y]), M, a(3, 4, seed=1)),
        (lambda f, x, y: f([x, y, x], axis=-1), M, a(3, 4, seed=1)),
        (lambda f, x, y: f([x, y], axis=1), SCALAR.reshape(1), a(1)),
        (lambda f, x, y: f([x, y], dtype=np.float64), SCALAR, a(seed=1)),
    ]
)
cases(np.vstack)([(lambda f, x, y: f([x, y]), M, a(4)), (lambda f, x, y: f([x, y]), V, a(5, seed=1))])
cases(np.hstack)([(lambda f, x, y: f([x, y]), M, a(3, 2)), (lambda f, x, y: f([x, y]), V, SCALAR)])
cases(np.column_stack)([(lambda f, x, y: f([x, y]), V, a(5, seed=1)), (lambda f, x, y: f((x, y)), M, a(3))])
cases(np.array_split)(
    [
        (lambda f, x: f(x, 3), V),
        (lambda f, x: f(x, [1, 3], axis=-1), M),
        (lambda f, x: f(x, np.array([3, 1])), V),
        (lambda f, x: f(x, [2, 9]), V),
        (lambda f, x: f(x, [-1]), V),
    ]
)
cases(np.split)([(lambda f, x: f(x, 2, axis=1), M), (lambda f, x: f(x, [1, 4]), V)])
cases(np.where)(
    [
        (lambda f, x, y: f(PLACES.reshape(4, 2) > 0, x, y), a(4, 2), a(4, 2, seed=1)),
        (lambda f, x, y: f(x > 0, x, y), M, ROW),
        (lambda f, x: f(x > 0, x * x, 0.5), M),
        (lambda f, x: f(x > 0, 0.0, x), V),
    ]
)
cases(np.clip)(
    [
        (lambda f, x: f(x, -1.0, 1.0), M),
        (lambda f, x: f(x, None, 1.0), M),
        (lambda f, x: f(x, a_min=-0.9, a_max=None), M),
        (lambda f, x: f(x, min=-0.9), M),
        (lambda f, x: f(x, max=0.9), M),
        (lambda f, x, low, high: f(x, low, high), M, -abs(a(4)), abs(a(3, 1))),
    ]
)
cases(np.round, np.around)(
    [(lambda f, x: f(x), M), (lambda f, x: f(x, 1), M), (lambda f, x: f(x, decimals=-1), M * 10)],
)
cases(np.fix)([(lambda f, x: f(x), M)])
cases(np.take)(
    [
        (lambda f, x: f(x, 3), M),
        (lambda f, x: f(x, [0, 0, -1]), V),
        (lambda f, x: f(x, (0, 2)), V),
        (lambda f, x: f(x, INDICES), M),
        (lambda f, x: f(x, INDICES, axis=1), C),
        (lambda f, x: f(x, 1, axis=-1), C),
    ]
)
cases(np.take_along_axis)(
    [(lambda f, x: f(x, PLACES, 0), M), (lambda f, x: f(x, PLACES[:, :2].T % 2, axis=-1), a(2, 4))]
)
cases(np.sort)(
    [(lambda f, x: f(x), M), (lambda f, x: f(x, 0), M), (lambda f, x: f(x, axis=-2), C), (lambda f, x: f(x, None), M)]
)
cases(np.diagonal)([(lambda f, x: f(x), M), (lambda f, x: f(x, 1), M), (lambda f, x: f(x, offset=-1), C)])
cases(np.diag)(
    [
        (lambda f, x: f(x), V),
        (lambda f, x: f(x, 2), V),
        (lambda f, x: f(x, k=-1), V),
        (lambda f, x: f(x), M),
        (lambda f, x: f(x, -1), M),
    ]
)
for triangle in (np.tril, np.triu):
    cases(triangle)(
        [(lambda f, x: f(x), M), (lambda f, x: f(x, 1), C), (lambda f, x: f(x, k=-1), SQUARE), (lambda f, x: f(x), V)]
    )
cases(np.pad)(
    [
        (lambda f, x: f(x, 1), M),
        (lambda f, x: f(x, ((0, 2), (1, 0)), constant_values=3.0), M),
        (lambda f, x: f(x, (2, 1), "constant"), V),
    ]
)
cases(np.diff)(
    [(lambda f, x: f(x), V), (lambda f, x: f(x, 2), M), (lambda f, x: f(x, axis=0), M), (lambda f, x: f(x, n=0), V)]
)
cases(np.copy)([(lambda f, x: f(x), M)])

LINES = [
    pytest.param(lambda *x, f=numpy, call=call: call(f, *x), inputs, id=f"{numpy.__name__}-{number}")
    for numpy, lines in TABLE.items()
    for number, (call, *inputs) in enumerate(lines)
]
each_line = pytest.mark.parametrize(("f", "inputs"), LINES)


def test_every_function_is_in_the_table():
    assert set(FUNCTIONS) == set(TABLE)


@each_line
def test_the_value_is_that_of_numpy(f, inputs):
    for dtype in (float, np.float32):
        arrays = [x.astype(dtype) for x in inputs]
        for ours, numpys in zip(parts(f(*tracked(arrays, dtype))), parts(f(*arrays)), strict=True):
            assert isinstance(ours, Tensor)
            assert ours.requires_grad
            assert (ours.shape, ours.dtype) == (np.shape(numpys), np.asarray(numpys).dtype)
            tolerance = 1e-13 if dtype is float else 1e-5
            np.testing.assert_allclose(ours.data, numpys, rtol=tolerance, atol=tolerance)


@each_line
def test_the_gradient_numerically(f, inputs):
    report = gradcheck(lambda *x: curved(f(*x)), *inputs)
    assert report.relative_error < 1e-6, report


@each_line
def test_float32_stays_float32_in_the_gradient(f, inputs):
    small, wide = tracked(inputs, np.float32), tracked(inputs)
    for tensors in (small, wide):
        curved([part.astype(part.dtype) for part in parts(f(*tensors))]).backward()
    for x, y in zip(small, wide, strict=True):
        assert x.grad.dtype == np.float32
        np.testing.assert_allclose(x.grad, y.grad, rtol=1e-3, atol=1e-4)


@each_line
def test_the_second_derivative_numerically(f, inputs):
    def gradients(*x):
        found = grad(lambda *x: curved(f(*x)), tuple(range(len(x))))(*x)
        # the inputs themselves are added, as a gradient that is constant would not depend on them
        return np.concatenate([np.ravel(of_x) + np.ravel(x) for of_x, x in zip(found, x, strict=True)])

    report = gradcheck(gradients, *inputs)
    assert report.relative_error < 1e-6, report


@pytest.mark.parametrize(("f", "inputs"), [line for line in LINES if len(line.values[1]) > 1])
def test_arrays_and_tensors_together(f, inputs):
    every = tracked(inputs)
    curved(f(*every)).backward()
    for position, array in enumerate(inputs):
        x = Tensor(array, requires_grad=True)
        mixed = [*inputs[:position], x, *inputs[position + 1 :]]
        out = f(*mixed)
        for ours, numpys in zip(parts(out), parts(f(*inputs)), strict=True):
            assert isinstance(ours, Tensor)
            np.testing.assert_allclose(ours.data, numpys, rtol=1e-13, atol=1e-13)
        curved(out).backward()
        np.testing.assert_allclose(x.grad, every[position].grad, rtol=1e-13, atol=1e-15)


def test_elements_outside_a_triangle_may_be_infinite():
    m = np.full((2, 2), np.inf)
    assert np.tril(Tensor(m)).tolist() == np.tril(m).tolist()
    assert np.triu(Tensor(m)).tolist() == np.triu(m).tolist()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: np.split(x, 2), "equal parts"),
        (lambda x: np.average(x, weights=np.ones(3)), "weights do not fit"),
        (lambda x: np.average(x, axis=0, weights=np.ones(2)), "weights do not fit"),
        (lambda x: np.prod(x, axis=5), "out of bounds"),
        (lambda x: np.diff(x, axis=7), "out of bounds"),
        (lambda x: np.tensordot(x, np.ones((1, 3)), 1), "sizes differ"),
        (lambda x: np.einsum("...i->i", x), "must have '...'"),
        (lambda x: np.reshape(x, (2, 5)), "reshape"),
        (lambda x: np.dot(x, np.ones(4)), "matmul"),
        (lambda x: np.einsum("ij,jk->ik", x), "expected 2 inputs"),
    ],
)
def test_refuses_arguments_that_do_not_fit(call, text):
    with pytest.raises(ValueError, match=text):
        call(Tensor(SQUARE, requires_grad=True))


# Plain NumPy functions, written without gatewise in mind

RNG = np.random.default_rng(11)
POINTS, LABELS = RNG.normal(size=(12, 3)), RNG.integers(4, size=12)
CENTRES = RNG.normal(size=(4, 3))


def softmax_regression(X, y, W, b):
    scores = X @ W + b
    scores = scores - np.max(scores, axis=1, keepdims=True)
    logs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(logs[np.arange(len(y)), y]) + 0.5 * 0.1 * np.sum(W * W)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def k_means(points, centres):
    distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=-1)
    return np.mean(np.min(distances, axis=1))


def k_means_by_argmin(points, centres):
    distances = ((points[:, None] - centres) ** 2).sum(axis=2)
    nearest = np.argmin(distances, axis=1)
    return distances[np.arange(len(points)), nearest].mean()


def two_layers(X, y, W1, b1, W2, b2):
    hidden = np.maximum(0, np.dot(X, W1) + b1)
    return softmax_regression(hidden, y, W2, b2)


def gaussian_log_likelihood(x, mean, log_scale):
    z = np.linalg.norm((x - mean) / np.exp(log_scale), axis=1)
    return np.sum(-0.5 * z**2 - np.sum(log_scale) - 0.5 * x.shape[1] * np.log(2 * np.pi))


def logistic_regression(X, y, w):
    scores = X @ w
    small = np.exp(-np.abs(scores))
    losses = np.where(scores > 0, scores, 0.0) - scores * y + np.log1p(small)
    return np.average(losses)


def t_rosenbrock(torch, x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def t_softmax_regression(torch, X, y, W, b):
    return torch.nn.functional.cross_entropy(X @ W + b, y) + 0.05 * (W * W).sum()


def t_two_layers(torch, X, y, W1, b1, W2, b2):
    return t_softmax_regression(torch, torch.relu(X @ W1 + b1), y, W2, b2)


def t_gaussian(torch, x, mean, log_scale):
    return torch.distributions.Normal(mean, log_scale.exp()).log_prob(x).sum()


def t_logistic(torch, X, y, w):
    return torch.nn.functional.binary_cross_entropy_with_logits(X @ w, y)


def t_k_means(torch, points, centres):
    return (torch.cdist(points, centres, compute_mode="donot_use_mm_for_euclid_dist") ** 2).min(dim=1).values.mean()


PROGRAMS = {
    "softmax regression": (softmax_regression, t_softmax_regression, (POINTS, LABELS, a(3, 4), a(4)), (0, 2, 3)),
    "rosenbrock": (rosenbrock, t_rosenbrock, (a(5),), (0,)),
    "k-means": (k_means, t_k_means, (POINTS, CENTRES), (0, 1)),
    "k-means by argmin": (k_means_by_argmin, t_k_means, (POINTS, CENTRES), (0, 1)),
    "two layers": (two_layers, t_two_layers, (POINTS, LABELS, a(3, 6), a(6), a(6, 4), a(4)), (0, 2, 3, 4, 5)),
    "gaussian": (gaussian_log_likelihood, t_gaussian, (POINTS, a(3), a(3, seed=1)), (0, 1, 2)),
    "logistic regression": (logistic_regression, t_logistic, (POINTS, LABELS % 2.0, a(3)), (0, 2)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_plain_numpy_is_differentiated_unchanged(name):
    f, _, inputs, wanted = PROGRAMS[name]
    by_grad = grad(f, wanted)(*inputs)

    leaves = [Tensor(x, requires_grad=True) if i in wanted else x for i, x in enumerate(inputs)]
    out = f(*leaves)
    out.backward()
    assert out.item() == pytest.approx(f(*inputs), rel=1e-13)

    def of_wanted(*x):
        return f(*[x[wanted.index(i)] if i in wanted else plain for i, plain in enumerate(inputs)])

    report = gradcheck(of_wanted, *(inputs[i] for i in wanted))
    assert report.relative_error < 1e-6, report
    for i, gradient in zip(wanted, by_grad, strict=True):
        assert type(gradient) is np.ndarray
        np.testing.assert_allclose(gradient, leaves[i].grad, rtol=1e-14)


OF_TORCH = {  # the value, and the sum of each gradient times cos(0), cos(1), ..., recorded from torch
    "softmax regression": (3.2359026344730215, [0.05596125606229742, 0.012271699721469942, 0.010471114574174878]),
    "rosenbrock": (1216.7265753532242, [2190.855523295215]),
    "k-means": (2.307174485184513, [-0.5040725694526726, -0.5175406677736727]),
    "k-means by argmin": (2.307174485184513, [-0.5040725694526726, -0.5175406677736727]),
    "two layers": (
        6.357729337062501,
        [-0.397808793600425, 0.6545355208911178, 0.012419560552155373, 0.2904139294116765, 0.19090720215195547],
    ),
    "gaussian": (-130.74516043886769, [6.500193888885308, 35.15610819409033, -28.44386272020682]),
    "logistic regression": (0.9838076349695437, [-0.007834264244432856, -0.08838870765941198]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_plain_numpy_has_the_gradients_recorded_from_torch(name):
    f, _, inputs, wanted = PROGRAMS[name]
    value, sums = OF_TORCH[name]
    assert f(*inputs) == pytest.approx(value, rel=1e-12)
    found = [np.sum(gradient.ravel() * np.cos(np.arange(gradient.size))) for gradient in grad(f, wanted)(*inputs)]
    assert found == pytest.approx(sums, rel=1e-10)


@pytest.mark.parametrize("name", PROGRAMS if torch else [])
def test_plain_numpy_has_the_gradients_of_torch(name):
    f, theirs, inputs, wanted = PROGRAMS[name]
    tensors = [torch.tensor(x, requires_grad=i in wanted) for i, x in enumerate(inputs)]
    loss = theirs(torch, *tensors)
    loss.backward()
    assert f(*inputs) == pytest.approx(loss.item(), rel=1e-12)
    for i, gradient in zip(wanted, grad(f, wanted)(*inputs), strict=True):
        np.testing.assert_allclose(gradient, tensors[i].grad.numpy(), rtol=1e-10, atol=1e-14)


def test_the_hessian_of_plain_numpy():
    x = a(4)
    hessian = jacobian(grad(rosenbrock))(x)
    diagonal = np.full(4, 200.0)
    diagonal[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    diagonal[1:-1] += 200
    np.testing.assert_allclose(np.diag(hessian), diagonal, rtol=1e-12)
    np.testing.assert_allclose(np.diag(hessian, 1), -400 * x[:-1], rtol=1e-12)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-13)
