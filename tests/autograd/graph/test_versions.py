"""Versions: a graph whose data was changed after it was recorded is refused, so no gradient is wrong."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.graph import versions
from nn import Linear, optim


def test_assigning_the_data_of_a_value_after_its_use_is_detected():
    x = Value(2.0, label="x")
    y = x * x
    x.data = 3.0
    with pytest.raises(RuntimeError, match=r"changed in place: x, used by gate 'mul' as x, has other data now"):
        y.backward()
    assert x.grad == 0.0
    y = x * x
    y.backward()
    assert x.grad == 6.0


@pytest.mark.parametrize("x", [Value(2.0), Tensor([2.0], requires_grad=True)])
def test_the_data_of_a_computed_node_cannot_be_assigned(x):
    y = x * x
    with pytest.raises(RuntimeError, match="that gate 'mul' made cannot be assigned"):
        y.data = 0.0
    y.backward()
    assert x.grad == 4.0


def test_writing_into_the_output_of_a_gate_is_detected():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = np.exp(x)
    y.data[0] = 0.0
    with pytest.raises(RuntimeError, match=r"used by gate 'exp' as its output|used by gate 'sum' as x"):
        y.sum().backward()


def test_assigning_the_data_of_an_untracked_tensor_is_detected_at_any_size():
    w, mask = Tensor(np.ones(1000), requires_grad=True), Tensor(np.ones(1000))
    out = (w * mask).sum()
    other = np.ones(1000)
    other[1] = 50.0  # an element that is not in the fingerprint
    mask.data = other
    with pytest.raises(RuntimeError, match="used by gate 'mul' as y"):
        out.backward()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_a_copy_of_a_changed_graph_is_refused(duplicate):
    w = Value(2.0)
    y = w * w
    w.data = 5.0
    with pytest.raises(RuntimeError, match="changed in place"):
        duplicate(y).backward()


def test_assigned_data_is_checked():
    x, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    for wrong in ([1.0, 2.0], "3", 1j):
        with pytest.raises(TypeError, match="expected one real number"):
            x.data = wrong
    with pytest.raises(TypeError, match="booleans, integers or real floats"):
        t.data = ["a"]
    assert (x.data, t.data.tolist()) == (2.0, [1.0, 2.0])


def rebind(t):
    t.data = t.data + 1.0


def subtract(t):
    t.data -= 0.1


def write_one(t):
    t.data[0] = 5.0


def write_all(t):
    t.numpy()[...] = 0.0


@pytest.mark.parametrize("change", [rebind, subtract, write_one, write_all])
@pytest.mark.parametrize("create_graph", [False, True])
def test_changing_a_tensor_after_its_use_is_detected(change, create_graph):
    w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    loss = (w * w).sum()
    change(w)
    with pytest.raises(RuntimeError, match=r"changed in place: w, used by gate 'mul' as x"):
        loss.backward(create_graph=create_graph)
    assert w.grad is None
    (w * w).sum().backward()
    assert w.grad.tolist() == (2 * w.data).tolist()


def test_reusing_an_array_for_the_next_batch_is_detected():
    batch, w = np.ones((1000, 8)), Tensor(np.ones(8), requires_grad=True)
    loss = (batch @ w).sum()
    batch[...] = 7.0
    with pytest.raises(RuntimeError, match="gate 'matmul' as x"):
        loss.backward()


def test_a_step_of_an_optimiser_between_forward_and_backward_is_detected():
    layer = Linear(3, 2, rng=0)
    optimizer = optim.SGD(layer.parameters(), lr=0.1)
    loss, late = layer(np.ones((4, 3))).sum(), layer(np.ones((4, 3))).sum()
    loss.backward()
    optimizer.step()
    with pytest.raises(RuntimeError, match=r"changed in place: W"):
        late.backward()


def test_data_outside_the_graph_may_change():
    x, other = Value(2.0), Value(1.0)
    y = x * x
    other.data = 5.0
    y.backward()
    assert x.grad == 4.0


def test_a_fingerprint_covers_a_small_array_and_every_row_of_a_large_one():
    small = np.zeros(versions.COMPARED)
    before = versions.fingerprint(small)
    small[17] = 1.0
    assert versions.fingerprint(small) != before
    for order in "CF":
        large = np.zeros((200, 300), order=order)
        before = versions.fingerprint(large)
        large[5] = 1.0
        assert versions.fingerprint(large) != before
        assert len(before) <= 8 * 2 * versions.COMPARED
