"""Programs: their values and gradients equal those of eager graphs bit for bit, for one theta and for a batch."""

import copy
import math
import pickle
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, compile, maximum, unfold, where
from autograd.gates import GATES, gate, remove_gate
from autograd.program import kernels

LEAVES = 6


def random_graph(seed, gates, theta, table):
    """A root and its leaves. The structure depends on the seed alone, not on the numbers."""
    rng = random.Random(seed)
    leaves = [Value(number) for number in theta]
    nodes = [*leaves, Value(rng.uniform(-2, 2)), Value(0.5)]  # the last two are frozen
    for _ in range(gates):
        chosen = rng.choice(table)
        nodes.append(Value.record(chosen, tuple(rng.choice(nodes[-20:]) for _ in range(chosen.arity))))
    return sum(rng.sample(nodes, min(len(nodes), 8))) + nodes[-1], leaves


def eager(root, leaves):
    root.backward()
    return root.data, np.array([leaf.grad for leaf in leaves])


def assert_equal(ours, theirs, *, exact=True):
    """Assert equality bit for bit, or nearly so for graphs with `hypot`, whose last bit may differ."""
    tolerance = {"rtol": 0, "atol": 0} if exact else {"rtol": 1e-12, "atol": 1e-12}
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, equal_nan=True, **tolerance)


EXACT = tuple(entry for entry in GATES.values() if entry.name not in {"hypot", "arcsinh"})  # whose gradient has a hypot
thetas = st.lists(st.floats(-3, 3), min_size=LEAVES, max_size=LEAVES)


@given(seed=st.integers(0, 10**6), gates=st.integers(0, 120), theta=thetas, other=thetas)
def test_random_graphs_of_all_gates(seed, gates, theta, other):
    root, leaves = random_graph(seed, gates, theta, EXACT)
    replay = compile(root, inputs=leaves)
    assert_equal(replay(theta), eager(root, leaves))
    assert_equal(replay(other), eager(*random_graph(seed, gates, other, EXACT)))


@given(seed=st.integers(0, 10**6), theta=thetas)
def test_random_graphs_with_hypot(seed, theta):
    mild = tuple(GATES[name] for name in ("hypot", "arcsinh", "add", "mul", "tanh", "sin", "maximum"))
    root, leaves = random_graph(seed, 30, theta, mild)
    assert_equal(compile(root, inputs=leaves)(theta), eager(root, leaves), exact=False)


def test_integer_exponents_in_a_new_gate():
    """numba would multiply them out, which rounds differently and raises at 0, leaving the numbers of the last call."""
    cube = "lambda x: xp.power(x, -3)", "lambda out, x: -3 * xp.power(x, -4)"
    entry = gate("cube_reciprocal", "x⁻³", *map(eval, cube), samples=[(1.5,)])
    try:
        x = Value(1.5)
        replay = compile(x.cube_reciprocal() + 0.0 * x, inputs=[x])
        for number in (2.0, 0.0, 0.3, -0.0, 4.0, 0.0):
            other = Value(number)
            assert_equal(replay([number]), eager(other.cube_reciprocal() + 0.0 * other, [other]))
    finally:
        remove_gate(entry.name)


@pytest.mark.parametrize("batch", [0, 1, 2, 31, 32, 33, 70])
def test_a_batch_equals_its_columns(batch):
    rng = np.random.default_rng(batch)
    root, leaves = random_graph(3, 200, rng.uniform(-2, 2, LEAVES), EXACT)
    replay = compile(root, inputs=leaves)
    theta = rng.uniform(-2, 2, (LEAVES, batch))
    values, gradients = replay(theta)
    assert values.shape == (batch,)
    assert gradients.shape == (LEAVES, batch)
    for i in range(batch):
        assert_equal((values[i], gradients[:, i]), replay(theta[:, i]))


@pytest.mark.parametrize("form", [list, np.float32, lambda x: x[::-1][::-1], lambda x: x.astype(">f8"), tuple])
def test_theta_may_have_any_form(form):
    x, y = Value(1.0), Value(2.0)
    replay = compile(x * y + x, inputs=[x, y])
    value, gradients = replay(form(np.array([3.0, 5.0])))
    assert type(value) is float
    assert value == 18.0
    assert gradients.tolist() == [6.0, 3.0]
    frozen = np.array([[3.0, 1.0], [5.0, 2.0]])
    frozen.flags.writeable = False
    assert replay(frozen)[0].tolist() == replay(np.asfortranarray(frozen))[0].tolist() == [18.0, 3.0]


def test_results_are_not_overwritten_by_the_next_call():
    x = Value(2.0)
    replay = compile(x * x, inputs=[x])
    _, first = replay([3.0])
    replay([4.0])
    assert first.tolist() == [6.0]


def test_new_gates():
    mine = gate(
        "softsign", "x/(1+|x|)", lambda x: xp.divide(x, 1.0 + xp.abs(x)),  # noqa: F821
        lambda out, x: xp.divide(1.0, (1.0 + xp.abs(x)) * (1.0 + xp.abs(x))),  # noqa: F821
        samples=[(-2.0,), (0.7,)],
    )  # fmt: skip
    try:
        x, y = Value(-2.0), Value(0.3)
        root = (x.softsign() * y).softsign()
        replay = compile(root, inputs=[x, y])
        assert_equal(replay([-2.0, 0.3]), eager(root, [x, y]))
        assert replay.gates == {"softsign": 2, "mul": 1}
    finally:
        remove_gate("softsign")
    gate(
        "softsign", "other", lambda x: 2 * x, lambda out, x: 2, samples=[(1.0,)]
    )  # a different gate of the same name has another kernel
    try:
        z = Value(1.0)
        assert compile(z.softsign(), inputs=[z])([4.0]) == (8.0, np.array([2.0]))
        assert "abs" in kernels.write(mine)
    finally:
        remove_gate("softsign")


def test_gates_that_choose_choose_again_in_each_call():
    x, y = Value(1.0), Value(2.0)
    root = maximum(x, y) + where(np.heaviside(x - y, 0.0), 10.0 * x, 20.0) + x.relu()
    replay = compile(root, inputs=[x, y])
    assert replay([5.0, 2.0])[0] == 5 + 50 + 5
    assert replay([5.0, 2.0])[1].tolist() == [12.0, 0.0]
    assert replay([-5.0, 2.0])[0] == 2 + 20 + 0
    assert replay([-5.0, 2.0])[1].tolist() == [0.0, 1.0]


def test_inputs_that_were_not_chosen_get_zero_for_an_infinite_gradient():
    x, y = Value(1.0), Value(0.0)
    root = maximum(x, y).log() + maximum(y, -1.0)
    assert_equal(compile(root, inputs=[x, y])([0.0, -2.0]), (-math.inf, [math.inf, 0.0]))


def test_other_leaves_keep_their_numbers():
    w, x = Value(3.0), Value(2.0)
    loss = (w * x).tanh() * x
    replay = compile(loss, inputs=[w])
    loss.backward()
    assert replay.gates == {"mul": 2, "tanh": 1}
    x.data = 100.0
    assert replay([3.0]) == (loss.data, np.array([w.grad]))


def test_gates_that_do_not_depend_on_the_inputs_are_constants():
    w, x = Value(3.0), Value(2.0)
    replay = compile(w * (x.exp() + 1.0).log(), inputs=[w])
    assert replay.gates == {"mul": 1}
    assert replay([2.0])[0] == 2.0 * math.log(math.exp(2.0) + 1.0)


def test_odd_roots_and_inputs():
    x, y = Value(3.0), Value(4.0)
    assert compile(x, inputs=[x])([7.0]) == (7.0, np.array([1.0]))
    value, gradients = compile(y * y, inputs=[x])([7.0])  # independent of x
    assert (value, gradients.tolist()) == (16.0, [0.0])
    value, gradients = compile(y, inputs=[x])([7.0])
    assert (value, gradients.tolist()) == (4.0, [0.0])
    value, gradients = compile(x * x + x, inputs=[y, x])([1.0, 5.0])
    assert (value, gradients.tolist()) == (30.0, [0.0, 11.0])
    assert compile(x + x, inputs=[x])(np.array([[1.0, 2.0]]))[1].tolist() == [[2.0, 2.0]]


def test_a_deep_chain():
    x = node = Value(0.5)
    for _ in range(100_000):
        node = node * 1.0 + 0.25
    replay = compile(node, inputs=[x])
    assert_equal(replay([0.5]), (node.data, [1.0]))
    assert repr(replay) == "Program(1 input, 200,000 gates in 200,000 runs)"


def test_an_unfolded_network():
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((5, 4)), Tensor(rng.standard_normal((3, 4)), requires_grad=True)
    loss = ((X @ W.T).tanh() ** 2).mean()
    out, leaves = unfold(loss)
    replay = compile(out, inputs=leaves[W].ravel())
    value, gradients = replay(W.data.ravel())
    loss.backward()
    assert value == pytest.approx(loss.item(), rel=1e-14)
    np.testing.assert_allclose(gradients.reshape(3, 4), W.grad, rtol=1e-12)


def test_sums_are_taken_in_the_order_of_backward():
    """Terms of very different sizes show the order in which they are added."""
    x = Value(1.0)
    root = x * 1e16 + x * 1.0 + x * -1e16 + x * 3.0 + x
    assert_equal(compile(root, inputs=[x])([1.0]), eager(root, [x]))


@pytest.mark.parametrize("copied", [lambda p: pickle.loads(pickle.dumps(p)), copy.deepcopy])
def test_copies_and_pickles(copied):
    root, leaves = random_graph(8, 60, [0.3] * LEAVES, EXACT)
    replay = compile(root, inputs=leaves)
    theta = np.linspace(-1, 1, LEAVES)
    before = replay(theta)
    assert_equal(copied(replay)(theta), before)


def test_threads_do_not_share_buffers():
    root, leaves = random_graph(5, 300, [0.3] * LEAVES, EXACT)
    replay = compile(root, inputs=leaves)
    thetas = np.random.default_rng(0).uniform(-1, 1, (LEAVES, 64))
    expected = [replay(column) for column in thetas.T]
    with ThreadPoolExecutor(8) as pool:
        for ours, theirs in zip(pool.map(replay, list(thetas.T) * 20), expected * 20, strict=True):
            assert_equal(ours, theirs)


def test_rejects_other_inputs_than_numbers_in_the_right_shape():
    x, y = Value(1.0), Value(2.0)
    replay = compile(x * y, inputs=[x, y])
    for wrong in ([1.0], [1.0, 2.0, 3.0], 1.0, np.zeros((2, 2, 2)), np.zeros((3, 2))):
        with pytest.raises(ValueError, match=r"its inputs, 2 in the order.*\(2,\)"):
            replay(wrong)
    for wrong in ([1.0, "a"], [1.0, 2j], [1.0, None], [[1.0], [2.0, 3.0]]):
        with pytest.raises(TypeError, match="real numbers"):
            replay(wrong)


def of_inner_node(y):
    return (y * 0.7 + y / y) + y.sin() + y**y


SUMS = {  # several edges lead from one gate, or from several, to a node
    "one gate and others": lambda x: (x * 0.7 + x / x) + x.sin(),
    "one gate first": lambda x: x / x + x * 0.1,
    "both inputs, twice": lambda x: (x * x + x.exp()) / (x * x) + x / 3,
    "three inputs": lambda x: x.clip(x * 0.3, x * 1.7) + np.where(x, x * 0.1, x) + x * x,
    "an inner node": lambda x: of_inner_node(x * 1.1 + 0.3),
    "sums alone": lambda x: (x + x) + (x - x * 0.1) + (x + x * 0.7),
}


@pytest.mark.parametrize("name", SUMS)
def test_terms_of_a_sum_are_added_in_the_order_of_backward(name):
    """Sums of three and more terms round differently in another order, at some points."""
    points = np.random.default_rng(0).uniform(0.1, 3.0, 400)
    x = Value(1.0)
    program = compile(SUMS[name](x), inputs=[x])
    values, gradients = program(points[None])
    for point, value, gradient in zip(points, values, gradients[0], strict=True):
        leaf = Value(point)
        out = SUMS[name](leaf)
        out.backward()
        assert (value, gradient) == (out.data, leaf.grad)
