"""Copies and pickles of graphs of any depth: shared nodes stay shared."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Tensor, Value


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


def pickled_by_python(thing):
    """Pickled by the pickler in Python, which collects items before it saves them."""
    import io

    buffer = io.BytesIO()
    pickle._Pickler(buffer, protocol=2).dump(thing)
    return pickle.loads(buffer.getvalue())


WAYS = [copy.deepcopy, pickled]


@pytest.mark.parametrize("gates", [10_000, pytest.param(100_000, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("duplicate", [*WAYS, pickled_by_python])
def test_a_deep_graph(duplicate, gates):
    x = y = Value(1.0, label="x")
    for _ in range(gates // 2):
        y = y * 1.00001 + 1e-7
    again = duplicate(y)
    again.backward()
    y.backward()
    leaf = again
    while leaf.gate:
        leaf = leaf.inputs[0]
    assert (leaf.label, leaf.grad) == ("x", x.grad)


@pytest.mark.parametrize("duplicate", [*WAYS, pickled_by_python])
def test_shared_nodes_stay_shared(duplicate):
    w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    inner = w * w
    a, b = inner.sum(), inner.exp().sum()
    w2, (a2, b2) = duplicate([w, (a, b)])
    a2.backward()
    b2.backward()
    assert a2.inputs[0] is b2.inputs[0].inputs[0]
    np.testing.assert_allclose(w2.grad, 2 * w.data + 2 * w.data * np.exp(w.data**2))
    assert w.grad is None


@pytest.mark.parametrize("duplicate", WAYS)
def test_a_recorded_gradient_that_depends_on_its_node(duplicate):
    x = Value(3.0)
    (x * x * x).backward(create_graph=True)
    again = duplicate(x)
    gradient = again.grad
    again.zero_grad()
    gradient.backward()
    assert again.grad == 18.0


@pytest.mark.parametrize("duplicate", WAYS)
def test_attributes_gradients_and_constants_are_copied(duplicate):
    t = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    out = t[[0, 0], 1:].sum(axis=1).max() * Tensor(2.0)
    out.backward(retain_grads=True)
    again = duplicate(out)
    assert again.grad == out.grad
    assert again.inputs[0].inputs[0].attributes == {"axis": 1, "keepdims": False}
    again.backward()
    with pytest.raises(AttributeError):
        _ = again.nothing


def test_a_shallow_copy_shares_its_inputs():
    x = Value(2.0)
    y = x * x
    z = copy.copy(y)
    assert z is not y
    assert z.inputs == (x, x)


def test_pickling_works_again_after_a_failure():
    x = y = Value(1.0)
    for _ in range(2000):
        y = y + x
    x.label = lambda: None  # cannot be pickled
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(y)
    x.label = "x"
    assert pickled(y).data == y.data
