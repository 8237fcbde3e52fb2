"""One list of functions on Value, Tensor and, if installed, torch: values, first and second derivatives.

Without torch, the numerical check is the oracle. Gradients at ties and kinks follow conventions, which are torch's.
"""

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradcheck
from autograd.gates import GATES

try:
    import torch
except ImportError:
    torch = None


class Gatewise:
    """gatewise's versions of the tested functions that are neither methods nor operators."""

    maximum, minimum, where = (
        staticmethod(autograd.maximum),
        staticmethod(autograd.minimum),
        staticmethod(autograd.where),
    )
    remainder = staticmethod(lambda a, b: a % b)
    softplus, leaky_relu = staticmethod(lambda x: x.softplus()), staticmethod(lambda x, slope: x.leaky_relu(slope))


class Torch:
    """The same functions in torch."""

    maximum = staticmethod(lambda a, b: torch.maximum(*map(torch.as_tensor, (a, b))))
    minimum = staticmethod(lambda a, b: torch.minimum(*map(torch.as_tensor, (a, b))))
    where = staticmethod(lambda condition, x, y: torch.where(torch.as_tensor(condition), x, y))
    remainder = staticmethod(lambda a, b: torch.remainder(torch.as_tensor(a, dtype=b.dtype), b))
    softplus = staticmethod(lambda x: torch.nn.functional.softplus(x))
    leaky_relu = staticmethod(lambda x, slope: torch.where(x > 0, x, slope * x))


# Gates that torch lacks or has under another name
OF_TORCH = {
    "cbrt": lambda x: x.sign() * x.abs() ** (1 / 3),
    "mod": lambda x, y: x.remainder(y),
    "floor_divide": lambda x, y: (x / y).floor(),
    "radians": lambda x: x.deg2rad(),
    "degrees": lambda x: x.rad2deg(),
    "rint": lambda x: x.round(),
    "heaviside": lambda x, y: torch.where(x == 0, y, (x > 0).to(x.dtype)),
    "softplus": Torch.softplus,
    "leaky_relu": Torch.leaky_relu,
    "where": lambda condition, x, y: torch.where(condition != 0, x, y),
}


def by_method(name):
    """Call the gate as a method, under torch's name for it in torch."""

    def call(lib, *x):
        if lib is Torch and name in OF_TORCH:
            return OF_TORCH[name](*x)
        return Gatewise.where(*x) if name == "where" else getattr(x[0], name)(*x[1:])

    return call


def in_place(update):
    """A function of two nodes that applies one of Python's in-place operators to a new node."""

    def call(lib, x, y):
        z = x * 1.0
        return update(z, y)

    return call


def add_to(z, y):
    z += y
    z += 1
    return z


def subtract_from(z, y):
    z -= y
    z -= 0.5
    return z


def multiply_by(z, y):
    z *= y
    z *= 3
    return z


def divide_by(z, y):
    z /= y
    z /= 2
    return z


def raise_to(z, y):
    z = z.clone() if hasattr(z, "clone") else z
    z **= 3
    return z * y


def modulo(z, y):
    z %= 3
    return z * y


def softmax_by_hand(lib, x, y, z):
    a, b, c = x.exp(), y.exp(), z.exp()
    return (a * 1.5 - b + 2 * c) / (a + b + c)


def micrograd(lib, a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    return f / 2.0 + 10.0 / f


ANY, TWO = [(-2.0,), (-0.6,), (0.3,), (1.7,)], [(-2.0, 5.0), (3.0, -4.0), (0.7, 0.4), (-1.5, -0.3)]
ABOVE = [(0.5, 2.0), (2.0, -1.5), (1.3, 0.4)]

LIST = {
    **{f"method {name}": (by_method(name), np.array(gate.samples, float).tolist()) for name, gate in GATES.items()},
    "x + y": (lambda lib, x, y: x + y, TWO),
    "2 + x": (lambda lib, x: 2 + x, ANY),
    "x + 2.5": (lambda lib, x: x + 2.5, ANY),
    "x - y": (lambda lib, x, y: x - y, TWO),
    "x - 2": (lambda lib, x: x - 2, ANY),
    "2 - x": (lambda lib, x: 2 - x, ANY),
    "x * y": (lambda lib, x, y: x * y, TWO),
    "3 * x": (lambda lib, x: 3 * x, ANY),
    "x / y": (lambda lib, x, y: x / y, TWO),
    "x / 4": (lambda lib, x: x / 4, ANY),
    "2 / x": (lambda lib, x: 2 / x, ANY),
    "1 / x": (lambda lib, x: 1 / x, ANY),
    "x ** y": (lambda lib, x, y: x**y, ABOVE),
    "x ** 2": (lambda lib, x: x**2, ANY),
    "x ** 3": (lambda lib, x: x**3, ANY),
    "x ** -1.5": (lambda lib, x: x**-1.5, [(0.4,), (2.0,)]),
    "x ** 0": (lambda lib, x: x**0, ANY),
    "2 ** x": (lambda lib, x: 2**x, ANY),
    "-x": (lambda lib, x: -x, ANY),
    "+x": (lambda lib, x: +x * 1, ANY),
    "abs(x)": (lambda lib, x: abs(x), ANY),
    "x % y": (lambda lib, x, y: x % y, TWO[:3]),
    "x % 1": (lambda lib, x: x % 1, ANY[1:]),
    "7 % x": (lambda lib, x: lib.remainder(7.0, x), ANY),
    "x += y": (in_place(add_to), TWO),
    "x -= y": (in_place(subtract_from), TWO),
    "x *= y": (in_place(multiply_by), TWO),
    "x /= y": (in_place(divide_by), TWO),
    "x **= 3": (in_place(raise_to), TWO),
    "x %= 3": (in_place(modulo), TWO[2:]),
    "maximum(x, y)": (lambda lib, x, y: lib.maximum(x, y), TWO),
    "maximum(0.5, x)": (lambda lib, x: lib.maximum(0.5, x), ANY),
    "minimum(x, y)": (lambda lib, x, y: lib.minimum(x, y), TWO),
    "minimum(x, 0.5)": (lambda lib, x: lib.minimum(x, 0.5), ANY),
    "where(x > y, x, y)": (lambda lib, x, y: lib.where(x > y, x * x, y), TWO),
    "where(x < 0, -x, 2 x)": (lambda lib, x: lib.where(x < 0, -x, 2 * x), ANY),
    "a neuron": (lambda lib, w, x, b: 1 / (1 + (-(w * x + b)).exp()), [(2.0, -1.0, -3.0), (-3.0, -2.0, 0.5)]),
    "a softmax": (softmax_by_hand, [(0.5, -1.0, 2.0), (0.1, 0.2, 0.3)]),
    "micrograd's example": (micrograd, [(-4.0, 2.0), (1.5, 0.7)]),
    "a polynomial": (lambda lib, x: x**4 - 3 * x**3 + x * x - 7, ANY),
    "shared nodes": (lambda lib, x, y: (x * y).tanh() * (x * y).sin() + (x * y) ** 2, TWO),
    "a normal density": (lambda lib, x, s: (-0.5 * (x / s) ** 2).exp() / (s * math.sqrt(2 * math.pi)), ABOVE),
    "log(1 + exp)": (lambda lib, x, y: (1 + (x * y).exp()).log() - lib.softplus(x), TWO[2:]),
    "max inside": (lambda lib, x, y: lib.maximum(x * y, x + y).tanh() * abs(x), TWO),
    "a clipped ratio": (lambda lib, x, y: (x / y).clip(-0.8, 1.2) * y, TWO),
    "hinge": (lambda lib, x, y: lib.maximum(0.0, 1 - x * y) + lib.leaky_relu(x, 0.1), TWO),
    "nested powers": (lambda lib, x, y: (x**y + 1) ** (0.5 * y), ABOVE),
    "angles": (lambda lib, x, y: x.arctan2(y) * x.hypot(y).log(), TWO),
}  # fmt: skip

EACH = [pytest.param(f, at, id=f"{name} at {at}") for name, (f, points) in LIST.items() for at in points]
each = pytest.mark.parametrize(("f", "at"), EACH)


def number(thing):
    return 0.0 if thing is None else float(thing)


def with_gatewise(f, at, kind):
    """Value, gradients and second derivatives of `f` on nodes of one kind, by recorded backward passes."""
    leaves = [kind(x) for x in at]
    out = f(Gatewise, *leaves)
    out.backward(create_graph=True)
    derivatives = [x.grad for x in leaves]
    second = []
    for derivative in derivatives:
        for x in leaves:
            x.zero_grad()
        if derivative.requires_grad:
            derivative.backward()
        second.append([number(x.grad) for x in leaves])
    return number(out), [number(derivative) for derivative in derivatives], second


def with_torch(f, at):
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at]
    out = f(Torch, *leaves)
    options = {"allow_unused": True, "materialize_grads": True}
    derivatives = torch.autograd.grad(out, leaves, create_graph=True, **options)
    second = [
        [x.item() for x in torch.autograd.grad(derivative, leaves, retain_graph=True, **options)]
        if derivative.requires_grad
        else [0.0] * len(at)
        for derivative in derivatives
    ]
    return out.item(), [derivative.item() for derivative in derivatives], second


def tensor(x):
    return Tensor(x, dtype=float, requires_grad=True)


def test_every_gate_is_in_the_list():
    assert {f"method {name}" for name in GATES} <= set(LIST)


@each
def test_values_and_tensors_agree(f, at):
    for ours, others in zip(with_gatewise(f, at, Value), with_gatewise(f, at, tensor), strict=True):
        np.testing.assert_allclose(ours, others, rtol=1e-14, atol=1e-15)


@each
def test_an_array_agrees_with_its_elements(f, at):
    columns = [Tensor(np.array([x, x, x]), requires_grad=True) for x in at]
    out = f(Gatewise, *columns)
    out.backward(np.array([1.0, 2.0, -1.0]))
    value, derivatives, _ = with_gatewise(f, at, Value)
    np.testing.assert_allclose(out.data, [value] * 3, rtol=1e-14)
    for x, derivative in zip(columns, derivatives, strict=True):
        np.testing.assert_allclose(x.grad, [derivative, 2 * derivative, -derivative], rtol=1e-14, atol=1e-15)


@each
def test_the_gradient_numerically(f, at):
    report = gradcheck(lambda *x: f(Gatewise, *x), *map(Value, at))
    assert report.relative_error < 1e-6, report


@each
def test_the_second_derivative_numerically(f, at):
    def derivatives(*x):
        found = autograd.grad(lambda *x: f(Gatewise, *x), tuple(range(len(x))))(*x)
        total = sum(x)  # so that it depends on the inputs even if the gradient is constant
        for weight, derivative in enumerate(found, start=1):
            total = total + weight * derivative
        return total

    report = gradcheck(derivatives, *map(Value, at))
    assert report.relative_error < 1e-6, report


@pytest.mark.parametrize(("f", "at"), EACH if torch else [])  # without torch, one skip instead of hundreds
def test_torch_agrees(f, at):
    theirs = with_torch(f, at)
    for kind in (Value, tensor):
        ours = with_gatewise(f, at, kind)
        np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(ours[2], theirs[2], rtol=1e-10, atol=1e-13)


# Ties and kinks: these conventions are torch's too

INF = math.inf
KINKS = [
    ("maximum, a tie", lambda lib, x, y: lib.maximum(x, y), (3.0, 3.0), (0.5, 0.5)),
    ("minimum, a tie", lambda lib, x, y: lib.minimum(x, y), (3.0, 3.0), (0.5, 0.5)),
    ("maximum, a node with itself", lambda lib, x: lib.maximum(x, x), (3.0,), (1.0,)),
    ("maximum of two infinities", lambda lib, x, y: lib.maximum(x, y), (INF, INF), (0.5, 0.5)),
    ("maximum of 0 and −0", lambda lib, x, y: lib.maximum(x, y), (0.0, -0.0), (0.5, 0.5)),
    ("relu", lambda lib, x: x.relu(), (0.0,), (0.0,)),
    ("relu of −0", lambda lib, x: x.relu(), (-0.0,), (0.0,)),
    ("abs", lambda lib, x: abs(x), (0.0,), (0.0,)),
    ("leaky relu", lambda lib, x: lib.leaky_relu(x, 0.2), (0.0,), (0.2,)),
    ("clip at the lower bound", lambda lib, x: x.clip(-1.0, 1.0), (-1.0,), (1.0,)),
    ("clip at the upper bound", lambda lib, x: x.clip(-1.0, 1.0), (1.0,), (1.0,)),
    ("clip, below", lambda lib, x: x.clip(-1.0, 1.0), (-3.0,), (0.0,)),
    ("clip where the bounds cross", lambda lib, x: x.clip(1.0, -1.0), (0.5,), (0.0,)),
    ("clip, all tracked, below", lambda lib, x, low, high: x.clip(low, high), (-3.0, -1.0, 1.0), (0.0, 1.0, 0.0)),
    ("clip, all tracked, crossing", lambda lib, x, low, high: x.clip(low, high), (0.5, 1.0, -1.0), (0.0, 0.0, 1.0)),
    ("sign", lambda lib, x: x.sign() * 1.0, (0.0,), (0.0,)),
    ("sqrt at 0", lambda lib, x: x.sqrt(), (0.0,), (INF,)),
    ("log at 0", lambda lib, x: x.log(), (0.0,), (INF,)),
    ("1 / 0", lambda lib, x: 1 / x, (0.0,), (-INF,)),
    ("0 ** 2", lambda lib, x: x**2, (0.0,), (0.0,)),
    ("0 ** 1", lambda lib, x: x**1, (0.0,), (1.0,)),
    ("0 ** 0, by both", lambda lib, x, y: x**y, (0.0, 0.0), (0.0, 0.0)),
    ("0 ** 2, by both", lambda lib, x, y: x**y, (0.0, 2.0), (0.0, 0.0)),
    ("(−2) ** 3, by the base", lambda lib, x: x**3.0, (-2.0,), (12.0,)),
    ("floor at a whole number", lambda lib, x: x.floor() + x, (2.0,), (1.0,)),
    ("mod at a multiple", lambda lib, x, y: x % y, (6.0, 3.0), (1.0, -2.0)),
    ("where at a tie", lambda lib, x, y: lib.where(x > y, x, y), (1.0, 1.0), (0.0, 1.0)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "at", "expected"), [pytest.param(*rest, id=name) for name, *rest in KINKS])
def test_ties_and_kinks(f, at, expected):
    assert tuple(with_gatewise(f, at, Value)[1]) == expected
    assert tuple(with_gatewise(f, at, tensor)[1]) == expected
    if torch is not None:
        assert tuple(with_torch(f, at)[1]) == expected


@pytest.mark.parametrize("name", ["relu", "abs", "maximum, a tie", "leaky relu", "clip at the upper bound", "sign"])
def test_second_derivatives_at_kinks_are_zero(name):
    f, at = next((f, at) for kink, f, at, _ in KINKS if kink == name)
    zeros = np.zeros((len(at), len(at))).tolist()
    assert with_gatewise(f, at, Value)[2] == with_gatewise(f, at, tensor)[2] == zeros
    if torch is not None:
        assert with_torch(f, at)[2] == zeros


ARRAYS = {
    "max over an axis": (lambda x: x.max(axis=1), lambda x: x.amax(dim=1)),
    "min over an axis": (lambda x: x.min(axis=0), lambda x: x.amin(dim=0)),
    "max of all": (lambda x: x.max(), lambda x: x.amax()),
    "the norm at the origin": (lambda x: np.linalg.norm(x * 0.0), lambda x: torch.linalg.vector_norm(x * 0.0)),
    "softmax": (lambda x: x.softmax(axis=0), lambda x: x.softmax(0)),
    "logsumexp": (lambda x: x.logsumexp(axis=1), lambda x: x.logsumexp(1)),
}


DATA = np.array([[1.0, 3.0, 3.0], [2.0, -1.0, 2.0], [1.0, 3.0, -1.0]])


def by_hand():
    """The value and the gradient of each, with upstream gradients from 1 to 2; ties share evenly."""
    shares = np.exp(DATA) / np.exp(DATA).sum(axis=0)
    weights = np.linspace(1.0, 2.0, 9).reshape(3, 3)
    sums = np.exp(DATA).sum(axis=1)
    return {
        "max over an axis": ([3.0, 2.0, 3.0], [[0.0, 0.5, 0.5], [0.75, 0.0, 0.75], [0.0, 2.0, 0.0]]),
        "min over an axis": ([1.0, -1.0, -1.0], [[0.5, 0.0, 0.0], [0.0, 1.5, 0.0], [0.5, 0.0, 2.0]]),
        "max of all": (3.0, np.array([[0, 1, 1], [0, 0, 0], [0, 1, 0]]) / 3),
        "the norm at the origin": (0.0, np.zeros((3, 3))),
        "softmax": (shares, shares * (weights - (shares * weights).sum(axis=0))),
        "logsumexp": (np.log(sums), np.exp(DATA) / sums[:, None] * np.array([[1.0], [1.5], [2.0]])),
    }


@pytest.mark.parametrize("name", ARRAYS)
def test_ties_over_axes(name):
    ours, theirs = ARRAYS[name]
    x = Tensor(DATA, requires_grad=True)
    out = ours(x)
    weights = np.linspace(1.0, 2.0, out.size).reshape(out.shape)
    out.backward(weights)
    value, gradient = by_hand()[name]
    np.testing.assert_allclose(out.data, value, rtol=1e-14)
    np.testing.assert_allclose(x.grad, gradient, rtol=1e-13, atol=1e-15)
    if torch is not None:
        t = torch.tensor(DATA, requires_grad=True)
        of_torch = theirs(t)
        of_torch.backward(torch.tensor(weights))
        np.testing.assert_allclose(out.data, of_torch.detach(), rtol=1e-14)
        np.testing.assert_allclose(x.grad, t.grad, rtol=1e-14, atol=1e-16)
