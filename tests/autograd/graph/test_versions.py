"""Versions: a graph whose data was changed after it was recorded is refused, so no gradient is wrong."""

import copy
import pickle
import re
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, check_writes, no_grad
from autograd.extend import SOFTMAX_CROSS_ENTROPY, apply
from autograd.gates.arrays import ARRAY_GATES, ArrayGate
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


def test_the_output_of_a_gate_is_read_only():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = np.exp(x)
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 0.0
    y.sum().backward()
    assert np.allclose(x.grad, np.exp([1.0, 2.0]))


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


def test_an_array_that_only_its_leaf_refers_to_gets_no_checksum(monkeypatch):
    layer, batch = Linear(3, 2, rng=0), Tensor(np.ones((4, 3)))
    optimizer = optim.SGD(layer.parameters(), lr=0.1)
    monkeypatch.setattr(versions, "_xxh3", lambda: pytest.fail("a checksum"))
    for _ in range(2):
        optimizer.zero_grad()
        layer(batch).sum().backward()
        optimizer.step()


# Every way to reach an array that a graph refers to, and to write into it

STEP = 7


class Graph:
    """A graph of a leaf, a plain array, an untracked Tensor, an index and labels, each of which a gate refers to."""

    def __init__(self, size):
        rng = np.random.default_rng(size)
        self.plain, self.index, self.labels = rng.normal(size=size), np.arange(size), np.arange(size) % 2
        self.leaf = Tensor(rng.normal(size=size), requires_grad=True, label="leaf")
        self.constant = Tensor(rng.normal(size=size))
        self.shared = Tensor(rng.normal(size=size), copy=False)
        self.view = self.plain.reshape(1, -1)[:, ::-1]
        self.condition = rng.random(size) < 0.5
        self.product = self.leaf * self.plain
        self.inner = np.tanh(self.product * self.constant + self.shared * self.leaf)
        self.flat = self.leaf.reshape(1, -1)
        self.chosen = self.inner[self.index]
        scores = np.stack([self.chosen, self.chosen * self.flat.T[:, 0]], axis=1)
        self.losses = apply(SOFTMAX_CROSS_ENTROPY, scores, labels=self.labels)
        self.loss = (np.where(self.condition, self.losses, self.inner) * self.leaf).sum()
        self.loss = self.loss + np.einsum("i,i->", self.leaf, self.plain) * np.dot(self.plain, self.leaf)

    def gradient(self):
        self.leaf.zero_grad()
        self.loss.backward()
        return self.leaf.grad.copy()


def owner(array):
    return array if array.base is None else array.base


def no_grad_view(graph):
    with no_grad():
        return graph.leaf.reshape(-1).data


ARRAYS = {
    "plain": lambda g: g.plain,
    "view of plain": lambda g: g.view[0],
    "index": lambda g: g.index,
    "labels": lambda g: g.labels,
    "condition": lambda g: g.condition,
    "leaf.data": lambda g: g.leaf.data,
    "leaf.numpy()": lambda g: g.leaf.numpy(),
    "leaf.detach()": lambda g: g.leaf.detach().data,
    "copy of leaf": lambda g: copy.copy(g.leaf).data,
    "memoryview": lambda g: np.frombuffer(memoryview(g.leaf.data)),
    "view under no_grad": no_grad_view,
    "base of a view": lambda g: owner(g.flat.data).reshape(-1),
    "element of leaf": lambda g: g.leaf[:].data,
    "constant.data": lambda g: g.constant.data,
    "np.asarray(constant)": lambda g: np.asarray(g.constant),
    "slice of constant": lambda g: g.constant[:].data,
    "reshaped constant": lambda g: g.constant.reshape(-1).numpy(),
    "bins": lambda g: np.histogram(np.zeros(1), bins=np.sort(g.constant))[1],
    "shared": lambda g: g.shared.data,
    "inner.data": lambda g: g.inner.data,
    "inner.numpy()": lambda g: g.inner.numpy(),
    "base of inner": lambda g: owner(g.inner.data),
    "inner.detach()": lambda g: g.inner.detach().data,
    "copy of inner": lambda g: copy.copy(g.inner).data,
    "Constant": lambda g: g.product.inputs[1].data,
    "local gradient": lambda g: g.product.local_gradient(0),
    "local gradient, of the leaf": lambda g: g.product.local_gradient(1),
    "attribute": lambda g: g.chosen.attributes["index"],
    "labels in attributes": lambda g: g.losses.attributes["labels"],
}


def write_element(array, at):
    array[at % len(array)] = array[at % len(array)] + 1 if array[at % len(array)] != 1 else 0


def write_slice(array, at):
    array[at % len(array) :: STEP] = 0


def swap(array, at):
    i, j = at % len(array), (at + STEP) % len(array)
    array[i], array[j] = array[j], array[i]


def shuffle(array, at):
    np.random.default_rng(at).shuffle(array)


def same_sums(array, at):
    """Change two elements so that all sums remain."""
    i, j = at % len(array), (at + 1) % len(array)
    array[i], array[j] = array[i] + 1, array[j] - 1


WRITES = [write_element, write_slice, swap, shuffle, same_sums]


@contextmanager
def refusal():
    """A block that ends well, or with the error for a graph that was changed or an array that is read-only."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        if not re.search("changed in place|read-only", str(error)):
            raise


@pytest.mark.parametrize("size", [1, 256, 257, 1200, 100_000])
@pytest.mark.parametrize("name", ARRAYS)
def test_a_write_is_refused_or_changes_no_gradient(name, size):
    right, rng = Graph(size).gradient(), np.random.default_rng(0)
    for write in WRITES if size < 100_000 else [swap]:
        graph = Graph(size)
        with refusal():
            write(ARRAYS[name](graph), int(rng.integers(size)))
            assert np.array_equal(graph.gradient(), right)


@given(
    at=st.tuples(st.integers(0, 39), st.integers(0, 29)),
    axis=st.sampled_from([None, 0, 1]),
    order=st.sampled_from("CF"),
)
def test_each_element_row_and_column_of_a_plain_array_is_checked(at, axis, order):
    rng = np.random.default_rng(0)
    X, w = np.array(rng.normal(size=(40, 30)), order=order), Tensor(rng.normal(size=30), requires_grad=True)
    loss = np.square(X @ w).sum()
    X[at if axis is None else (at[0], slice(None)) if axis == 0 else (slice(None), at[1])] += 1e-12
    with pytest.raises(RuntimeError, match=r"changed in place: ndarray of shape \(40, 30\).*gate 'matmul' as x"):
        loss.backward()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.bool_, np.longdouble])
@pytest.mark.parametrize(
    "view",
    [lambda a: a, lambda a: a.T, lambda a: a[::2, 1:], lambda a: a[:, None, 0], lambda a: a[::-1], lambda a: a[3, 4]],
)
def test_a_checksum_covers_every_element_of_any_layout(view, dtype):
    whole = np.zeros((20, 30), dtype)
    array = view(whole)[...]
    for position in np.ndindex(array.shape):
        before = versions.checksum(array)
        array[position] = 1
        assert versions.checksum(array) != before


@pytest.mark.parametrize("attribute", [{"shape": (3, 4)}, {"dtype": np.int64}])
def test_a_change_of_shape_or_dtype_is_noticed(attribute):
    array, w = np.ones((4, 3)), Tensor(np.ones((4, 3)), requires_grad=True)
    for changed in (array, w.data):
        loss = (w * array).sum()
        for name, new in attribute.items():
            setattr(changed, name, new)
        with pytest.raises(RuntimeError, match="changed in place"):
            loss.backward()
        changed.shape, changed.dtype = (4, 3), np.float64


def test_a_checksum_of_a_broadcast_array_takes_no_memory():
    row = np.arange(3.0)
    array = np.broadcast_to(row, (1 << 40, 3))
    before = versions.checksum(array)
    row[1] = 7.0
    assert versions.checksum(array) != before


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_a_copy_of_a_graph_is_protected_as_the_graph_is(duplicate):
    for name in ("leaf", "constant", "shared", "inner", "product"):
        graph = duplicate(Graph(300))
        right, graph = graph.gradient(), duplicate(graph)
        with refusal():
            getattr(graph, name).data[5] = 9.0
            assert np.array_equal(graph.gradient(), right)
    for node, attribute in ((graph.chosen, "index"), (graph.losses, "labels")):
        with pytest.raises(ValueError, match="read-only"):
            node.attributes[attribute][0] = 1


def test_a_step_on_a_shallow_copy_of_a_leaf_is_detected():
    w = Tensor(np.ones(300), requires_grad=True)
    loss, shallow = (w * w).sum(), copy.copy(w)
    shallow.grad = np.ones(300)
    optim.SGD([shallow], lr=0.5).step()
    with pytest.raises(RuntimeError, match="changed in place"):
        loss.backward()


def test_a_custom_gate_that_returns_its_input_leaves_the_input_writeable():
    rules = (lambda x: x, lambda upstream, out, x: upstream[...])
    identity = ArrayGate("identity of the test", "id", *rules, samples=[], vjp_formulas=("upstream",))
    del ARRAY_GATES[identity.name]
    w = Tensor(np.ones(300), requires_grad=True)
    out = apply(identity, w)
    with pytest.raises(ValueError, match="read-only"):
        out.data[0] = 0.0
    w.data[0] = 5.0
    with pytest.raises(RuntimeError, match="changed in place"):
        out.sum().backward()


def test_hooks_get_a_gradient_of_their_own():
    x, y = Tensor(np.ones(3), requires_grad=True), Tensor(np.ones(3), requires_grad=True)
    kept = np.full(3, 5.0)

    def spoil(gradient):
        with pytest.raises(ValueError, match="read-only"):
            gradient *= 0
        return kept

    (x + y).register_hook(spoil)
    node = x + y
    node.register_hook(spoil)
    x.register_hook(lambda gradient: kept.fill(7.0))
    (node * 2.0).sum().backward()
    assert x.grad.tolist() == [5.0] * 3
    kept.fill(9.0)
    assert y.grad.tolist() == x.grad.tolist() == [5.0] * 3


def test_centring_a_detached_activation_changes_no_gradient():
    def gradient(spoil):
        rng = np.random.default_rng(0)
        W, X = Tensor(rng.normal(size=(20, 30)), requires_grad=True), rng.normal(size=(40, 20))
        h = np.tanh(X @ W)
        loss = np.square(h).sum()
        if spoil:
            seen = h.detach()
            seen.data -= seen.data.mean(axis=0)
            assert abs(seen.data.mean()) < 1e-12
        loss.backward()
        return W.grad

    assert np.array_equal(gradient(True), gradient(False))


def test_check_writes_is_one_switch():
    w, X = Tensor(np.ones(3), requires_grad=True), np.ones((4, 3))
    with check_writes(False):
        loss, assigned = (X @ w).sum(), (w * w).sum()
        with check_writes():
            checked = (X @ w).sum()
    X[0] = 2.0
    w.data[0] = 2.0
    loss.backward()
    assert w.grad.tolist() == [5.0, 5.0, 5.0]
    with pytest.raises(RuntimeError, match="changed in place"):
        checked.backward()
    w.data = w.data * 2
    with pytest.raises(RuntimeError, match="changed in place"):
        assigned.backward()


@pytest.mark.parametrize("step", range(3))
def test_a_write_between_walks_is_refused_in_recorded_walks_too(step):
    X, w = np.random.default_rng(0).normal(size=(300, 4)), Tensor(np.ones(4), requires_grad=True)
    loss = np.square(X @ w).sum()
    for i in range(3):
        if i == step:
            X[17, 2] += 1.0
            with pytest.raises(RuntimeError, match="changed in place"):
                loss.backward(create_graph=True)
            return
        loss.backward(create_graph=True)


@pytest.mark.parametrize("shape", [(512, 32), (256, 128), (5000, 8), (2048, 3), (300, 40)])
@pytest.mark.parametrize("order", "CF")
def test_a_write_to_any_column_of_a_large_array_is_detected(shape, order):
    """As when a column of the data is centred between forward and backward."""
    for column in range(shape[1]):
        x, w = Tensor(np.ones(shape, order=order), copy=False), Tensor(np.ones(shape[1]), requires_grad=True)
        out = (x * w).sum()
        x.data[:, column] -= 1.0
        with pytest.raises(RuntimeError, match="changed in place"):
            out.backward()


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("make", [Value, lambda x: Tensor(x, requires_grad=True)])
def test_a_leaf_set_after_recording_is_refused_by_every_walk(make, create_graph):
    for deep in (False, True):  # used by the root's gate, or by one before it
        x = make(2.0)
        x.label = "x"
        y = (x * x).exp() if deep else x * x
        x.data = x.data + 1.0
        with pytest.raises(RuntimeError, match="changed in place: x, used by gate 'mul' as x"):
            y.backward(create_graph=create_graph)
        assert not x.grad
