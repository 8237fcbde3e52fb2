"""Every gate of the table at ±1000, 0 and ±1: no warning, and no NaN where the exact result is not NaN.

Warnings are errors in this suite. A gradient may be NaN only where the function is NaN at the point or next to it.
"""

import itertools

import numpy as np
import pytest

from autograd import Tensor, Value, grad, gradcheck
from autograd.gates import GATES
from autograd.gates.arrays import ARRAY_GATES
from autograd.gates.blocks import HINGE, LOGSUMEXP, SOFTMAX, SOFTMAX_CROSS_ENTROPY
from autograd.graph import node

NUMBERS = (-1000.0, -1.0, 0.0, 1.0, 1000.0)
INF = np.inf

# The gates that are not NumPy functions, written so that nothing overflows
REFERENCES = {
    "sigmoid": lambda x: 0.5 * (1 + np.tanh(x / 2)),
    "softplus": lambda x: np.logaddexp(x, 0),
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
    "pow": np.power,
    "abs": np.abs,
    "rint": np.rint,
    "mod": np.remainder,
    "where": lambda condition, x, y: np.where(condition, x, y),
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
}

# Points without a gradient: its formula is 0/0, though the function itself is finite
ZERO_BY_ZERO = {
    ("hypot", (0.0, 0.0)),  # the tip of a cone
    ("arctan2", (0.0, 0.0)),  # every angle meets here
    ("pow", (0.0, 0.0)),  # 0 from the right, 1 from above, infinity from below; the first gradients are defined as 0
}


def at_all_points(entry):
    """All combinations of the numbers, shape (arity, points)."""
    return np.array(list(itertools.product(NUMBERS, repeat=entry.arity))).T


def reference(entry, columns):
    f = REFERENCES.get(entry.name) or getattr(np, entry.ufuncs[0])
    with np.errstate(all="ignore"):
        return f(*columns)


def near_bad(entry, columns, is_bad=np.isnan):
    """Whether the function is NaN (or otherwise bad) at each point or next to it, along any input."""
    found = is_bad(reference(entry, columns))
    for position, step in itertools.product(range(len(columns)), (-1e-3, 1e-3)):
        moved = columns.copy()
        moved[position] += step
        found |= is_bad(reference(entry, moved))
    return found


def excused(entry, columns):
    named = [(entry.name, tuple(point)) in ZERO_BY_ZERO for point in columns.T.tolist()]
    return near_bad(entry, columns) | np.array(named)


def points(columns, where):
    return columns.T[where].tolist()


@pytest.fixture(params=sorted(GATES))
def entry(request):
    return GATES[request.param]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_of_tensors_are_numpys(entry, dtype):
    columns = at_all_points(entry).astype(dtype)
    out = node.apply(entry, *map(Tensor, columns))
    expected = reference(entry, columns)
    assert out.dtype == dtype
    np.testing.assert_allclose(out.data, expected, rtol=1e-12 if dtype == np.float64 else 2e-6, atol=1e-300)


def test_values_and_tensors_have_the_same_values(entry):
    columns = at_all_points(entry)
    by_tensor = node.apply(entry, *map(Tensor, columns)).data
    by_value = [node.apply(entry, *map(Value, point)).data for point in columns.T]
    np.testing.assert_allclose(by_value, by_tensor, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_gradient_of_a_tensor_is_nan(entry, dtype):
    columns = at_all_points(entry)
    leaves = [Tensor(column, dtype=dtype, requires_grad=True) for column in columns]
    node.apply(entry, *leaves).backward(np.ones(columns.shape[1], dtype))
    allowed = excused(entry, columns)
    for name, x in zip(entry.arguments, leaves, strict=True):
        wrong = np.isnan(x.grad) & ~allowed
        assert not wrong.any(), f"by {name} at {points(columns, wrong)}"


def test_values_and_tensors_have_the_same_gradients(entry):
    columns = at_all_points(entry)
    leaves = [Tensor(column, requires_grad=True) for column in columns]
    node.apply(entry, *leaves).backward(np.ones(columns.shape[1]))
    by_value = []
    for point in columns.T:
        values = [Value(x) for x in point]
        node.apply(entry, *values).backward()
        by_value.append([x.grad for x in values])
    np.testing.assert_allclose(np.transpose(by_value), [x.grad for x in leaves], rtol=1e-13, atol=1e-300)


def test_gradients_match_numerical_ones(entry):
    columns = at_all_points(entry)
    with np.errstate(all="ignore"):
        distance = entry.kink(*columns)
    smooth = ~near_bad(entry, columns, lambda values: ~np.isfinite(values))
    if distance is not None:
        smooth &= np.abs(distance) > 1e-9
    for point in columns.T[smooth]:
        values = [Value(x) for x in point]
        node.apply(entry, *values).backward()
        if not np.isfinite([node.apply(entry, *values).data, *(x.grad for x in values)]).all():
            continue
        report = gradcheck(lambda *x: node.apply(entry, *x), *values)
        assert report.relative_error < 1e-5, report


def test_no_second_derivative_is_nan_where_the_first_are_finite(entry):
    columns = at_all_points(entry)
    which = tuple(range(entry.arity))

    def derivatives(*x):
        return sum(np.sum(derivative) for derivative in grad(lambda *x: node.apply(entry, *x).sum(), which)(*x))

    first = grad(lambda *x: node.apply(entry, *x).sum(), which)(*columns)
    edge = ~np.isfinite([reference(entry, columns), *first]).all(axis=0)
    for name, second in zip(entry.arguments, grad(derivatives, which)(*columns), strict=True):
        wrong = np.isnan(second) & ~excused(entry, columns) & ~edge
        assert not wrong.any(), f"by {name} at {points(columns, wrong)}"


def test_zero_to_a_negative_power_has_gradient_minus_infinity_in_the_exponent():
    assert grad(lambda y: Tensor(0.0) ** y)(-1.0) == -INF


def test_second_derivative_of_softplus_at_minus_1000_is_zero():
    assert grad(grad(lambda x: x.softplus()))(-1000.0) == 0.0


# Gates over arrays


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", sorted(ARRAY_GATES))
def test_array_gates_and_blocks_have_no_nan(name, dtype):
    entry, rng = ARRAY_GATES[name], np.random.default_rng(5)
    for inputs, attributes in entry.samples:
        if name == "astype":
            attributes = {"dtype": dtype}
        fillings = [[np.full(x.shape, number) for x in inputs] for number in NUMBERS]
        fillings += [[rng.choice(NUMBERS, x.shape) for x in inputs] for _ in range(10)]
        for arrays in fillings:
            leaves = [Tensor(x, dtype=dtype, requires_grad=True) for x in arrays]
            out = node.apply(entry, *leaves, **attributes)
            assert np.isfinite(out.data).all()
            assert out.dtype == dtype
            for create_graph in (False, True):
                for x in leaves:
                    x.zero_grad()
                out.backward(np.ones(out.shape, dtype), create_graph=create_graph)
                for x in leaves:
                    gradient = x.grad.data if create_graph else x.grad
                    assert np.isfinite(gradient).all(), f"{arrays} {attributes}"
                    assert gradient.dtype == dtype


@pytest.mark.parametrize("name", ["softmax", "logsumexp", "softmax_cross_entropy", "hinge", "norm", "max", "min"])
def test_second_derivatives_of_blocks_have_no_nan(name):
    entry, rng = ARRAY_GATES[name], np.random.default_rng(6)
    for (sample,), attributes in entry.samples:
        for array in [np.full(sample.shape, 1000.0), *(rng.choice(NUMBERS, (8, *sample.shape)))]:

            def derivative(x, attributes=attributes):
                out = node.apply(entry, x, **attributes)
                return np.sum(grad(lambda y: np.sum(node.apply(entry, y, **attributes) ** 2))(x)) + 0 * np.sum(out)

            assert np.isfinite(grad(derivative)(array)).all()


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_softmax_does_not_depend_on_a_shift(shift):
    x = np.array([[1.0, 2.0, 4.0], [-1.0, 0.0, -1.0]])
    for block, attributes in ((SOFTMAX, {"axis": 1}), (LOGSUMEXP, {"axis": 1, "keepdims": False})):
        here, there = (Tensor(data, requires_grad=True) for data in (x, x + shift))
        at_here, at_there = (node.apply(block, t, **attributes) for t in (here, there))
        for out in (at_here, at_there):
            out.backward(np.linspace(1.0, 2.0, out.size).reshape(out.shape))
        moved = shift if block is LOGSUMEXP else 0.0
        np.testing.assert_allclose(at_there.data, at_here.data + moved, rtol=1e-12)
        np.testing.assert_allclose(there.grad, here.grad, rtol=1e-11, atol=1e-15)


# −inf, as in masks


MASKED = np.array([[1.0, -INF, 3.0], [-INF, -INF, 0.5]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("create_graph", [False, True])
def test_entries_of_minus_infinity_have_softmax_zero(dtype, create_graph):
    x = Tensor(MASKED, dtype=dtype, requires_grad=True)
    first = np.exp([1.0, 3.0]) / np.exp([1.0, 3.0]).sum()
    weights = np.array([[first[0], 0.0, first[1]], [0.0, 0.0, 1.0]])
    tolerance = 1e-14 if dtype == np.float64 else 1e-6

    softmax = x.softmax(axis=1)
    np.testing.assert_allclose(softmax.data, weights, rtol=tolerance)
    softmax.backward(np.array([[1.0, 2.0, 3.0]] * 2, dtype), create_graph=create_graph)
    bend = 2 * first[0] * first[1]
    gradient = x.grad.data if create_graph else x.grad
    np.testing.assert_allclose(gradient, [[-bend, 0.0, bend], [0.0, 0.0, 0.0]], rtol=10 * tolerance, atol=tolerance)

    x.zero_grad()
    logsumexp = x.logsumexp(axis=1)
    np.testing.assert_allclose(logsumexp.data, [np.log(np.exp([1.0, 3.0]).sum()), 0.5], rtol=tolerance)
    logsumexp.backward(np.ones(2, dtype), create_graph=create_graph)
    np.testing.assert_allclose(x.grad.data if create_graph else x.grad, weights, rtol=tolerance)

    x.zero_grad()
    log_softmax = x.log_softmax(axis=1)
    assert (log_softmax.data == -INF).tolist() == (MASKED == -INF).tolist()
    np.testing.assert_allclose(np.exp(log_softmax.data), weights, rtol=tolerance)
    log_softmax.backward(np.ones((2, 3), dtype), create_graph=create_graph)
    np.testing.assert_allclose(x.grad.data if create_graph else x.grad, 1 - 3 * weights, rtol=10 * tolerance)


def test_second_derivatives_with_entries_of_minus_infinity():
    hessian_free = grad(lambda x: np.sum(grad(lambda y: np.sum(y.logsumexp(axis=1)))(x) ** 2))
    out = hessian_free(MASKED)
    assert np.isfinite(out).all()
    kept = hessian_free(np.array([[1.0, 3.0]]))
    np.testing.assert_allclose(out[0, [0, 2]], kept[0], rtol=1e-13)
    assert out[MASKED == -INF].tolist() == [0.0, 0.0, 0.0]


def test_logsumexp_of_all_minus_infinity_is_minus_infinity():
    x = Tensor(np.full((2, 3), -INF), requires_grad=True)
    assert x.logsumexp(axis=1).data.tolist() == [-INF, -INF]
    assert x.logsumexp().item() == -INF
    assert np.isnan(x.softmax(axis=1).data).all()  # 0 / 0
    assert np.isnan(x.log_softmax(axis=1).data).all()
    half = Tensor([[0.0, 0.0], [-INF, -INF]], requires_grad=True)
    np.testing.assert_allclose(half.logsumexp(axis=1).data, [np.log(2), -INF])


def test_logsumexp_propagates_infinity_and_nan():
    assert Tensor([1.0, INF]).logsumexp().item() == INF
    assert np.isnan(Tensor([1.0, np.nan]).logsumexp().item())
    assert np.isnan(Tensor([1.0, np.nan]).softmax().data).all()


def test_a_label_of_probability_zero_has_infinite_loss_and_finite_gradient():
    logits = Tensor([[0.0, -INF, 0.0]], requires_grad=True)
    loss = node.apply(SOFTMAX_CROSS_ENTROPY, logits, labels=np.array([1]))
    loss.backward()
    assert loss.item() == INF
    assert logits.grad.tolist() == [[0.5, -1.0, 0.5]]


def test_hinge_at_1000():
    scores = Tensor([[1000.0, -1000.0, 0.0]], requires_grad=True)
    loss = node.apply(HINGE, scores, labels=np.array([1]), margin=1.0)
    loss.backward()
    assert loss.item() == 3002.0
    assert scores.grad.tolist() == [[1.0, -2.0, 1.0]]
