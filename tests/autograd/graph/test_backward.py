"""backward(): the chain rule, shared nodes, deep graphs, and a second walk."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, gradcheck, maximum


def test_the_first_circuit_of_the_slides():
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    q = x + y
    f = q * z
    f.backward()
    assert (q.data, f.data) == (3.0, -12.0)
    assert (x.grad, y.grad, z.grad, q.grad) == (-4.0, -4.0, 3.0, -4.0)


def test_the_sigmoid_neuron_of_the_slides():
    from circuits import neuron_inputs, sigmoid_block, sigmoid_neuron

    for circuit in (sigmoid_neuron, sigmoid_block):
        inputs = neuron_inputs()
        f = circuit(*inputs)
        f.backward()
        assert round(f.data, 4) == 0.7311
        gradients = {x.label: round(x.grad, 4) for x in inputs}
        assert gradients == {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}


def test_forward_and_backward_numbers_along_the_sigmoid():
    from circuits import neuron_inputs, sigmoid_neuron

    f = sigmoid_neuron(*neuron_inputs())
    f.backward()
    chain, node = [], f
    while node.gate:  # along the first input that was computed: of a sum, the left one
        chain.append(node)
        node = next((x for x in node.inputs if x.gate), node.inputs[0])
    trunk = chain[::-1]
    left, total, sum_, negated, exp, plus_one, reciprocal = trunk
    right = total.inputs[1]
    forward = [left, right, total, sum_, negated, exp, plus_one, reciprocal]
    assert [round(n.data, 4) for n in forward] == [-2, 6, 4, 1, -1, 0.3679, 1.3679, 0.7311]
    backward = [reciprocal, plus_one, exp, negated, sum_]
    assert [round(n.grad, 4) for n in backward] == [1, -0.5344, -0.5344, -0.1966, 0.1966]


def test_shared_nodes_add_up_and_a_second_backward_accumulates():
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad) == (4.0, 2.0)
    a.zero_grad()
    c.backward()
    assert (a.grad, b.grad) == (4.0, 2.0)
    c.backward()  # without zeroing, leaves accumulate; inner nodes are set afresh
    assert (a.grad, b.grad) == (8.0, 2.0)


def test_a_node_used_three_times():
    x = Value(3.0)
    cube = x * x * x
    cube.backward()
    assert x.grad == 27.0
    x.zero_grad()
    cube.backward()
    assert x.grad == 27.0


def test_a_tensor_leaf_accumulates_and_an_inner_one_does_not():
    t = Tensor([1.0, 2.0], requires_grad=True)
    inner = t * t
    out = inner.sum()
    for times in (1, 2):
        out.backward(retain_grads=True)
        assert t.grad.tolist() == [2.0 * times, 4.0 * times]
        assert inner.grad.tolist() == [1.0, 1.0]


def test_the_example_of_micrograds_readme(capsys):
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    print(f"{g.data:.4f}")  # prints 24.7041, the outcome of this forward pass
    g.backward()
    print(f"{a.grad:.4f}")  # prints 138.8338, i.e. the numerical value of dg/da
    print(f"{b.grad:.4f}")  # prints 645.5773, i.e. the numerical value of dg/db
    assert capsys.readouterr().out.split() == ["24.7041", "138.8338", "645.5773"]


@pytest.mark.parametrize("gates", [100_000, pytest.param(1_000_000, marks=pytest.mark.campaign)])
def test_a_deep_chain(gates):
    x = y = Value(1.0)
    for _ in range(gates // 2):
        y = y * 1.000001 + 1e-7
    y.backward()
    assert x.grad == pytest.approx(1.000001 ** (gates // 2), rel=1e-9)
    gc.collect()
    del y  # frees the chain, deeper than any recursion could go
    gc.collect()
    assert not [thing for thing in gc.get_objects() if type(thing) is Value and thing.gate is not None]


def test_a_chain_of_twenty_thousand_tensors():
    x = y = Tensor([1.0], requires_grad=True)
    for _ in range(20_000):
        y = y + x
    y.backward()
    assert x.grad.tolist() == [20_001.0]


@given(seed=st.integers(0, 2**32 - 1), gates=st.integers(1, 30))
def test_random_graphs_agree_with_the_numerical_gradient(seed, gates):
    def expression(*leaves):
        rng = np.random.default_rng(seed)
        nodes = list(leaves)
        for _ in range(gates):
            a, b = (nodes[i] for i in rng.integers(len(nodes), size=2))
            choices = (
                a + b,
                a - b,
                (a * b).tanh(),
                (-a).sigmoid(),
                a.sin() / (2 + b.cos()),
                maximum(a, b * 0.7 - 0.01),
            )
            nodes.append(choices[rng.integers(len(choices))])
        return nodes[-1] + sum(leaves)

    points = np.random.default_rng(seed + 1).normal(size=(3, 1))
    report = gradcheck(expression, *points[:, 0])
    assert report.relative_error < 1e-5, report  # a maximum may be near its kink
    ours = [Value(x) for (x,) in points]
    tensors = [Tensor(x, requires_grad=True) for x in points]
    expression(*ours).backward()
    expression(*tensors).backward()
    np.testing.assert_allclose([x.grad for x in ours], [t.grad[0] for t in tensors], rtol=1e-12, atol=1e-14)


def test_an_error_in_the_walk_changes_no_gradient():
    t = Tensor([1.0, 2.0], requires_grad=True)
    (t * 1.0).sum().backward()
    broken = t[[0]] + t.sum()
    broken.inputs[0].attributes["index"] = 5  # broken by hand
    with pytest.raises(IndexError):
        broken.backward()
    assert t.grad.tolist() == [1.0, 1.0]
