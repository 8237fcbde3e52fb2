"""Tensor: NumPy's conventions, tracking, dtypes, and what it refuses."""

import operator as operators
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, grad, gradcheck, no_grad
from autograd.extend import plain
from autograd.gates import GATES
from autograd.graph.order import topological_order


def test_follows_numpy():
    assert Tensor([1, 2]).dtype == np.int64
    assert Tensor([1.0]).dtype == np.float64
    assert Tensor([1.0], dtype=np.float32).dtype == np.float32
    t = Tensor(np.arange(6.0).reshape(2, 3))
    assert (t.shape, t.ndim, t.size, len(t)) == ((2, 3), 2, 6, 2)
    assert [row.data.tolist() for row in t] == [[0, 1, 2], [3, 4, 5]]
    assert np.transpose(t, None).shape == t.transpose(None).shape == (3, 2)
    assert t.T.shape == t.transpose(1, 0).shape == t.transpose((1, 0)).shape == (3, 2)
    assert t.reshape(3, 2).shape == t.reshape((3, -1)).shape == (3, 2)
    assert t.numpy() is t.data
    assert np.asarray(t) is not None
    assert bool(Tensor(1.0))


def test_copies_by_default():
    array = np.zeros(2)
    assert not np.shares_memory(Tensor(array).data, array)
    assert np.shares_memory(Tensor(array, copy=False).data, array)


def test_tracks_only_what_requires_a_gradient():
    plain, tracked = Tensor([1.0]), Tensor([2.0], requires_grad=True)
    assert (plain * plain).gate is None
    assert not (plain * 2).requires_grad
    out = plain * tracked
    assert out.requires_grad
    assert out.inputs == (plain, tracked)
    out.backward()
    assert plain.grad is None
    assert tracked.grad.tolist() == [1.0]
    assert out.grad is None
    assert not out.detach().requires_grad
    assert out.detach().data.tolist() == out.data.tolist()
    assert tracked.detach().data is tracked.data


def test_python_numbers_and_arrays_on_either_side():
    t = Tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    for out in (2 * t, t * 2, t + 1.5, 1 - t, t**2, 2.0**t, t / 3, 1 / t, t @ [1, 2], np.float32(2) * t, t * True):
        assert isinstance(out, Tensor)
        assert out.requires_grad
    assert (2 * t).dtype == np.float32
    assert (np.ones(2, np.float32) * t).dtype == np.float32
    assert isinstance(np.ones((3, 2)) @ t, Tensor)
    assert (np.array([1.0, 1.0]) - t).data.tolist() == [0.0, -1.0]


def test_numpys_functions_record_gates():
    t = Tensor([0.5, 0.75], requires_grad=True)
    for name, gate in GATES.items():
        for function in (getattr(np, ufunc) for ufunc in gate.ufuncs if hasattr(np, ufunc)):
            out = {1: lambda f: f(t), 2: lambda f: f(t, [1.0, 3.0]), 3: lambda f: f(t, t, 3.0)}[gate.arity](function)
            assert out.gate is gate, name
            assert out.data.dtype == float
    assert np.isfinite(t).tolist() == [True, True]


def test_numpys_reductions_and_shapes():
    t = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    out = np.sum(np.mean(np.transpose(np.reshape(t, (3, 2))), axis=1, keepdims=True)) * np.max(t, axis=1)
    assert isinstance(out, Tensor)
    assert out.requires_grad
    assert out.data.tolist() == [21.0, 42.0]
    assert (np.shape(t), np.ndim(t), np.size(t), np.argmax(t)) == ((2, 3), 2, 6, 5)
    assert np.allclose(t, t.data)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda t: np.median(t), "np.median"),
        (lambda t: np.linalg.inv(t), "np.linalg.inv"),
        (lambda t: np.nextafter(t, t), "np.nextafter"),
        (lambda t: np.subtract.reduce(t), "np.subtract.reduce"),
        (lambda t: np.sum(t, where=[True, False]), "np.sum"),
        (lambda t: np.sum(t, out=np.zeros(())), "np.sum"),
        (lambda t: np.reshape(t, (2, 1), "F"), "np.reshape"),
    ],
)
def test_names_numpy_functions_without_a_gate(call, name):
    with pytest.raises(TypeError, match=rf"{name} has no gate"):
        call(Tensor([1.0, 2.0], requires_grad=True))


def test_a_tracked_tensor_is_not_turned_into_an_array_implicitly():
    with pytest.raises(TypeError, match=r"use tensor.numpy\(\)"):
        np.asarray(Tensor([1.0], requires_grad=True))
    with pytest.raises(TypeError, match="cannot be written into"):
        Tensor([1.0])[0] = 2.0


def test_integers_cannot_require_a_gradient():
    with pytest.raises(TypeError, match=r"dtype int64 cannot require a gradient.*dtype=float"):
        Tensor([1, 2], requires_grad=True)
    t = Tensor([1, 2])
    with pytest.raises(TypeError, match="only floating-point data can"):
        t.requires_grad = True
    assert (t * 2).dtype == np.int64
    with pytest.raises(TypeError, match="dtype bool"):
        Tensor([True], requires_grad=True)


def test_integers_and_tracked_floats():
    t = Tensor([1.0, 2.0], requires_grad=True)
    (t * Tensor([3, 4])).sum().backward()
    assert t.grad.tolist() == [3.0, 4.0]


@pytest.mark.parametrize("data", [["a"], [None], [[1, 2], [3]], 1j, [object()], {"a": 1}])
def test_refuses_data_that_is_not_numeric(data):
    with pytest.raises((TypeError, ValueError), match=r"takes booleans, integers or real floats.*got"):
        Tensor(data)


def test_an_error_of_shapes_names_gate_and_shapes():
    a, b = Tensor(np.ones((2, 3))), Tensor(np.ones(4))
    with pytest.raises(ValueError, match=r"gate 'add' cannot take inputs of shapes \(2, 3\) and \(4,\)"):
        a + b
    with pytest.raises(ValueError, match=r"gate 'matmul' .*\(2, 3\) and \(4,\)"):
        a @ b
    with pytest.raises(ValueError, match=r"gate 'reshape'"):
        a.reshape(5)
    with pytest.raises(IndexError, match=r"gate 'index' .* out of bounds"):
        a[7]


def test_backward_refuses_gradients_that_do_not_fit():
    t = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"shape \(2,\) expected the upstream gradient"):
        (t * 2).backward()
    with pytest.raises(ValueError, match=r"shape \(2,\) expected a gradient of the same shape, got shape \(3,\)"):
        (t * 2).backward(np.ones(3))
    with pytest.raises(ValueError, match="does not require a gradient"):
        Tensor([1.0]).backward()
    assert t.grad is None


@given(seed=st.integers(0, 99))
def test_the_upstream_gradient_weights_the_elements(seed):
    rng = np.random.default_rng(seed)
    x, weights = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    a, b = Tensor(x, requires_grad=True), Tensor(x, requires_grad=True)
    a.exp().backward(weights)
    (b.exp() * weights).sum().backward()
    np.testing.assert_allclose(a.grad, b.grad)


def test_each_gradient_has_the_dtype_of_its_input():
    a = Tensor([1.0], dtype=np.float32, requires_grad=True)
    b = Tensor([2.0], requires_grad=True)
    (a * b).backward()
    assert (a.grad.dtype, b.grad.dtype) == (np.float32, np.float64)
    a.zero_grad()
    a.astype(float).exp().backward()
    assert a.grad.dtype == np.float32


def test_repr():
    assert repr(Tensor([1.0, 2.0], requires_grad=True, label="w")) == (
        "Tensor([1., 2.], dtype=float64, requires_grad=True, label='w')"
    )


def test_an_in_place_operator_does_not_replace_a_leaf():
    w = Tensor([1.0, 2.0], requires_grad=True)
    names = {"+=": "iadd", "-=": "isub", "*=": "imul", "/=": "itruediv", "//=": "ifloordiv", "%=": "imod"}
    for operator, name in {**names, "**=": "ipow", "@=": "imatmul"}.items():
        for now in (no_grad(), nullcontext()):
            with now, pytest.raises(TypeError) as caught:
                getattr(operators, name)(w, np.ones((2, 2)) if name == "imatmul" else 2.0)
            assert f"`t.data {operator} ...`" in str(caught.value)
    with no_grad():
        w.data -= 0.5
        inner = w * 1
        inner += 1  # not a leaf: a new Tensor, as usual
    assert w.requires_grad
    assert (w.data.tolist(), inner.data.tolist()) == ([0.5, 1.5], [1.5, 2.5])
    t = w * 1
    t += 1
    t.sum().backward()
    assert w.grad.tolist() == [1.0, 1.0]


def test_a_function_that_is_differentiated_may_use_in_place_operators():
    def f(x):
        x *= 2
        x += 1
        return np.sum(x**2)

    assert grad(f)(np.array([1.0, 2.0])).tolist() == [12.0, 20.0]
    assert gradcheck(f, np.array([1.0, 2.0]))

    def product(x):
        x @= np.array([[1.0, 2.0], [3.0, 4.0]])
        return np.sum(x)

    assert grad(product)(np.array([1.0, 2.0])).tolist() == [3.0, 7.0]


def test_refuses_a_node_as_data():
    for node in (Tensor([1.0]), Value(1.0)):
        with pytest.raises(TypeError, match=f"got a {type(node).__name__}. Give its .data"):
            Tensor(node)


def test_integers_are_never_tracked():
    t = Tensor([1.7, 2.2], requires_grad=True)
    assert not t.astype(int).requires_grad
    assert not (t.astype(bool) * 1).requires_grad
    with pytest.raises(TypeError, match="dtype int64 cannot require a gradient"):
        t.data = np.array([3, 4])
    assert t.data.tolist() == [1.7, 2.2]
    for dtype in (str, object, complex):
        with pytest.raises(TypeError, match=r"got"):
            Tensor([1.0]).astype(dtype)


def test_a_scalar_is_not_iterable_and_its_gradient_is_an_array():
    with pytest.raises(TypeError, match="unsized"):
        list(Tensor(5.0))
    t = Tensor(5.0, requires_grad=True)
    for _ in range(2):
        (t * 2).backward()
        assert isinstance(t.grad, np.ndarray)
    t.grad[...] = 0


def test_other_errors_of_numpy_are_passed_on():
    with pytest.raises(OverflowError, match="300 out of bounds for uint8"):
        Tensor(np.array([1], np.uint8)) + 300


def test_clip_keeps_integers():
    out = np.clip(Tensor([1, 5]), 2, None)
    assert (out.dtype, out.tolist()) == (np.int64, [2, 5])


def test_writing_a_tensor_into_a_plain_array_is_refused():
    t, total = Tensor([1.0, 2.0], requires_grad=True), np.zeros(2)
    for call in (lambda: np.exp(t, out=total), lambda: total.__iadd__(t), lambda: np.add(t, t, out=total)):
        with pytest.raises(TypeError, match=r"would write a Tensor into a plain array.*Write array = array \+ tensor"):
            call()
    assert total.tolist() == [0.0, 0.0]


def test_equality_compares_elements_and_the_hash_is_by_identity():
    t, other = Tensor([1.0, 3.0], requires_grad=True), Tensor([1.0, 2.0])
    assert (t == 3.0).tolist() == (t == t.max()).tolist() == [False, True]
    assert (t == other).tolist() == [True, False]
    assert (t != other).tolist() == (t != [1.0, 2.0]).tolist() == [False, True]
    assert len({t, other, t, Tensor([1.0, 3.0])}) == 3
    assert {t: "t", other: "other"}[other] == "other"
    hook = other.register_hook(print)
    again = t.register_hook(print)
    hook.remove()
    again.remove()
    report = grad(lambda x: np.sum(x * (x == 2.0)))(np.array([1.0, 2.0]))
    assert report.tolist() == [0.0, 1.0]


def test_refuses_plain_results_that_would_depend_on_a_tracked_tensor():
    t = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    for call in (
        lambda: np.bincount([0, 1, 1], weights=t),
        lambda: np.histogram([0.1, 0.2, 0.3], weights=t),
        lambda: np.full_like(t, t[0]),
        lambda: np.unique(t),
    ):
        with pytest.raises(TypeError, match="has no gate that takes these arguments"):
            call()
    assert np.unique(t.detach()).tolist() == [1.0, 2.0, 3.0]
    assert np.full_like(t, 2.0).tolist() == [2.0, 2.0, 2.0]


def test_where_with_a_plain_boolean_broadcasts():
    t = Tensor(np.ones(3), requires_grad=True)
    out = np.where(True, t, np.zeros((2, 3)))
    out.sum().backward()
    assert (out.shape, t.grad.tolist()) == ((2, 3), [2.0, 2.0, 2.0])
    t.zero_grad()
    out = np.where(False, t, 0.0)
    out.sum().backward()
    assert (out.shape, t.grad.tolist()) == ((3,), [0.0, 0.0, 0.0])


def test_the_data_of_an_inner_node_is_read_only():
    w = Tensor(np.ones(3), requires_grad=True)
    e = w.exp()
    out = (e * e).sum()
    for array in (e.data, e.numpy(), e.reshape(3, 1).data, w.reshape(3, 1).data, w[:2].data):
        with pytest.raises(ValueError, match="read-only"):
            array[1] = 7.0
        assert array.base is None or not array.base.flags.writeable
    out.backward()
    assert np.allclose(w.grad, 2 * np.exp(2.0))


def test_a_copy_is_in_row_major_order():
    """As an array read from a file is: BLAS may round a product differently in another memory order."""
    column_major = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert Tensor(column_major).data.flags.c_contiguous
    assert Tensor(column_major, copy=False).data is column_major


SHARING = {  # gates whose vector-Jacobian product may be the upstream gradient itself, or a view of it
    "the leaf itself": lambda a, b: a,
    "add": lambda a, b: a + b,
    "add twice": lambda a, b: a + a + b + b,
    "sub": lambda a, b: a - b,
    "positive": lambda a, b: a.positive() + b.positive(),
    "sum": lambda a, b: a.sum() + b.sum(),
    "mean": lambda a, b: a.mean(axis=0) + b.mean(axis=1),
    "max": lambda a, b: a.max(axis=0) + b.min(axis=0),
    "reshape": lambda a, b: a.reshape(9) + b.reshape(9),
    "transpose": lambda a, b: a.T + b,
    "broadcast": lambda a, b: np.broadcast_to(a, (2, 3, 3)) + np.broadcast_to(b, (2, 3, 3)),
    "astype": lambda a, b: a.astype(float) + b.astype(float),
    "index": lambda a, b: a[1:] + b[:2],
    "concatenate": lambda a, b: np.concatenate([a, b]),
    "stack": lambda a, b: np.stack([a, b, a]),
    "where": lambda a, b: np.where(np.eye(3) > 0, a, b),
    "maximum": lambda a, b: np.maximum(a, b),
    "einsum": lambda a, b: np.einsum("ij->ji", a) + b,
    "matmul": lambda a, b: np.eye(3) @ a + b @ np.eye(3),
}


@pytest.mark.parametrize("options", [{}, {"retain_grads": True}, {"create_graph": True}], ids=str)
@pytest.mark.parametrize("name", SHARING)
def test_grad_of_a_leaf_shares_memory_with_nothing(name, options):
    a, b = (Tensor(np.arange(9.0).reshape(3, 3), requires_grad=True, label=label) for label in "ab")
    out = SHARING[name](a, b)
    upstream = np.ones(out.shape)
    for _ in range(2):  # the first gradient, and the accumulated one
        out.backward(upstream, **options)
        nodes = dict.fromkeys([*topological_order(out), a, b])
        arrays = {f"data of {node!r}": node.data for node in nodes} | {"upstream": upstream}
        arrays |= {f"grad of {node!r}": plain(node.grad) for node in nodes if node.grad is not None}
        leaves = [leaf for leaf in (a, b) if leaf.grad is not None]
        assert leaves
        for leaf in leaves:
            gradient = plain(leaf.grad)
            sharing = [other for other, array in arrays.items() if np.shares_memory(gradient, array)]
            assert sharing == [f"grad of {leaf!r}"]
            assert options.get("create_graph") or gradient.flags.writeable
