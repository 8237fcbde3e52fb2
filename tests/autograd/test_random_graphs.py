"""Random expression graphs: gradients and Hessian-vector products equal those of torch, or numerical ones."""

import random
from functools import cache

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import Tensor, maximum, where
from autograd.checking.finite_differences import central, has_kink, one_sided

try:
    import torch
except ImportError:
    torch = None


def fits(x, y):
    """Return whether two shapes broadcast."""
    return all(a == b or 1 in (a, b) for a, b in zip(x[::-1], y[::-1], strict=False))


def multiplies(x, y):
    if not x or not y:
        return False
    inner = y[-2] if len(y) > 1 else y[0]
    return x[-1] == inner and (len(x) < 3 or len(y) < 3 or fits(x[:-2], y[:-2]))


# Functions of two nodes: whether the shapes fit, gatewise's function, torch's function. All results stay small.
PAIRS = {
    "add": (fits, lambda x, y: (x + y) * 0.5, lambda x, y: (x + y) * 0.5),
    "subtract": (fits, lambda x, y: (x - y) * 0.5, lambda x, y: (x - y) * 0.5),
    "multiply": (fits, lambda x, y: (x * y).tanh(), lambda x, y: (x * y).tanh()),
    "divide": (fits, lambda x, y: x / (2 + y.cos()), lambda x, y: x / (2 + y.cos())),
    "power": (fits, lambda x, y: (x * x + 0.5) ** (0.3 * y), lambda x, y: (x * x + 0.5) ** (0.3 * y)),
    "maximum": (fits, lambda x, y: maximum(x, 0.7 * y - 0.01), lambda x, y: torch.maximum(x, 0.7 * y - 0.01)),
    "where": (
        fits,
        lambda x, y: where(x.data > 0.123, x * y, y).tanh(),
        lambda x, y: torch.where(x > 0.123, x * y, y).tanh(),
    ),
    "logaddexp": (fits, lambda x, y: np.logaddexp(x, y), torch and torch.logaddexp),
    "hypot": (fits, lambda x, y: np.hypot(x, y + 3) * 0.3, torch and (lambda x, y: torch.hypot(x, y + 3) * 0.3)),
    "matmul": (multiplies, lambda x, y: np.tanh(x @ y), lambda x, y: (x @ y).tanh()),
    "concatenate": (
        lambda x, y: True,
        lambda x, y: np.concatenate([x.ravel()[:2], y.ravel()[-1:]]),
        lambda x, y: torch.cat([x.reshape(-1)[:2], y.reshape(-1)[-1:]]),
    ),
    "stack": (
        lambda x, y: x == y and len(x) < 3,
        lambda x, y: np.stack([x, y], axis=-1),
        lambda x, y: torch.stack([x, y], dim=-1),
    ),
}

# Functions of one node, without and with an axis
SINGLES = {
    "tanh": (lambda x: x.tanh(), lambda x: x.tanh()),
    "sigmoid": (lambda x: (-x).sigmoid(), lambda x: (-x).sigmoid()),
    "sin": (lambda x: np.sin(2 * x), lambda x: (2 * x).sin()),
    "exp": (lambda x: np.exp(-x * x), lambda x: (-x * x).exp()),
    "log": (lambda x: np.log(x * x + 0.5), lambda x: (x * x + 0.5).log()),
    "sqrt": (lambda x: np.sqrt(x * x + 0.2), lambda x: (x * x + 0.2).sqrt()),
    "reciprocal": (lambda x: 1 / (1 + x**2), lambda x: 1 / (1 + x**2)),
    "arctan": (lambda x: np.arctan(x), lambda x: x.arctan()),
    "softplus": (lambda x: x.softplus(), lambda x: torch.nn.functional.softplus(x)),
    "abs": (lambda x: abs(x - 0.071), lambda x: abs(x - 0.071)),
    "reshape": (lambda x: x.reshape(-1), lambda x: x.reshape(-1)),
    "transpose": (lambda x: x.T, lambda x: x.permute(tuple(range(x.ndim)[::-1]))),
    "sum of all": (lambda x: np.tanh(x.sum()), lambda x: x.sum().tanh()),
    "mean of all": (lambda x: x.mean(), lambda x: x.mean()),
}
ALONG = {
    "sum": (lambda x, i: x.sum(axis=i).tanh(), lambda x, i: x.sum(dim=i).tanh()),
    "mean": (lambda x, i: x.mean(axis=i, keepdims=True), lambda x, i: x.mean(dim=i, keepdim=True)),
    "max": (lambda x, i: x.max(axis=i), lambda x, i: x.amax(dim=i)),
    "softmax": (lambda x, i: x.softmax(axis=i), lambda x, i: x.softmax(i)),
    "logsumexp": (lambda x, i: x.logsumexp(axis=i), lambda x, i: x.logsumexp(i)),
    "cumsum": (lambda x, i: np.cumsum(x, axis=i) * 0.4, lambda x, i: x.cumsum(i) * 0.4),
    "first": (lambda x, i: np.take(x, 0, axis=i), lambda x, i: x.select(i, 0)),
    "last, twice": (
        lambda x, i: np.take(x, [-1, 0, -1], axis=i),
        lambda x, i: x.index_select(i, torch.tensor([x.shape[i] - 1, 0, x.shape[i] - 1])),
    ),
}


def expression(which, seed, gates, leaves):
    """Return a scalar computed from the leaves by this many functions, of gatewise (which=0) or torch (which=1)."""
    rng = random.Random(seed)
    nodes = list(leaves)
    for _ in range(gates):
        x, y = rng.choice(nodes), rng.choice(nodes)
        kind = rng.random()
        if kind < 0.5:
            name = rng.choice(tuple(PAIRS))
            shapes_fit, *functions = PAIRS[name]
            if not shapes_fit(tuple(x.shape), tuple(y.shape)):
                _, *functions = PAIRS["concatenate"]
            node = functions[which](x, y)
        elif kind < 0.75 or x.ndim == 0:
            node = SINGLES[rng.choice(tuple(SINGLES))][which](x)
        else:
            node = ALONG[rng.choice(tuple(ALONG))][which](x, rng.randrange(x.ndim))
        nodes.append(node)
    total = nodes[-1].sum()
    for node in (*leaves, *nodes[-3:-1]):
        total = total + (node * node).mean()
    return total


def with_gatewise(seed, gates, arrays, directions):
    """Return value, gradients and Hessian-vector products, by differentiating the recorded backward pass."""
    leaves = [Tensor(x, requires_grad=True) for x in arrays]
    out = expression(0, seed, gates, leaves)
    out.backward(create_graph=True)
    gradients = [x.grad for x in leaves]
    for x in leaves:
        x.zero_grad()
    along = sum((g * v).sum() for g, v in zip(gradients, directions, strict=True))
    along.backward()
    return [out.data], [g.data for g in gradients], [x.grad for x in leaves]


def with_torch(seed, gates, arrays, directions):
    leaves = [torch.tensor(x, requires_grad=True) for x in arrays]
    out = expression(1, seed, gates, leaves)
    gradients = torch.autograd.grad(out, leaves, create_graph=True)
    along = sum((g * torch.as_tensor(v)).sum() for g, v in zip(gradients, directions, strict=True))
    products = torch.autograd.grad(along, leaves)
    return [out.detach().numpy()], [g.detach().numpy() for g in gradients], [h.numpy() for h in products]


def dot(left, right):
    return sum(float(np.sum(x * y)) for x, y in zip(left, right, strict=True))


def agrees_numerically(exact, along, tolerance):
    """Return whether a derivative equals the five-point difference of a function at 0, or there is a kink at 0."""
    for shrink in (0.1, 1.0, 16.0):  # longer steps have less rounding error, shorter ones less truncation error
        derivative, rounding, _ = central(along, np.array(0.0), shrink)
        if abs(exact - derivative) <= tolerance * max(1.0, abs(derivative)) + 10 * rounding:
            return True
    left, right, rounding = one_sided(along, np.array(0.0))
    return bool(has_kink(left, right, rounding))


def check_numerically(seed, gates, arrays, directions, found):
    _, gradients, products = found

    @cache  # both differences use the same points, and one backward pass gives value and derivative
    def at(t):
        leaves = [Tensor(x + t * v, requires_grad=True) for x, v in zip(arrays, directions, strict=True)]
        out = expression(0, seed, gates, leaves)
        out.backward()
        return out.item(), dot([x.grad for x in leaves], directions)

    assert agrees_numerically(dot(gradients, directions), lambda t: at(float(t))[0], 1e-7)
    assert agrees_numerically(dot(products, directions), lambda t: at(float(t))[1], 1e-6)


graphs = given(
    seed=st.integers(0, 2**32 - 1),
    gates=st.integers(1, 30),
    shapes=hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3),
)


def check(seed, gates, shapes):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes.input_shapes]
    directions = [rng.normal(size=shape) for shape in shapes.input_shapes]
    found = with_gatewise(seed, gates, arrays, directions)
    if torch is None:
        check_numerically(seed, gates, arrays, directions, found)
        return
    expected = with_torch(seed, gates, arrays, directions)
    for tolerance, arrays_found, arrays_expected in zip((1e-9, 1e-9, 1e-7), found, expected, strict=True):
        for left, right in zip(arrays_found, arrays_expected, strict=True):
            assert left.shape == right.shape
            np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


@graphs
@settings(max_examples=1000)
def test_random_graphs(seed, gates, shapes):
    check(seed, gates, shapes)


@graphs
@settings(max_examples=100)
def test_random_graphs_numerically(seed, gates, shapes):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes.input_shapes]
    directions = [rng.normal(size=shape) for shape in shapes.input_shapes]
    check_numerically(seed, gates, arrays, directions, with_gatewise(seed, gates, arrays, directions))


@pytest.mark.campaign
@graphs
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
def test_ten_thousand_random_graphs(seed, gates, shapes):
    check(seed, gates, shapes)
