"""unfold and expand: graphs of smaller gates with the same values and gradients."""

import numpy as np
import pytest

from autograd import Tensor, Value, draw, unfold
from autograd.gates.arrays import ARRAY_GATES
from autograd.gates.blocks import Block
from autograd.graph import node
from autograd.graph.order import topological_order
from autograd.unfolding import expand
from nn import CrossEntropyLoss, Dropout, HingeLoss, Linear, ReLU, Sequential, Sigmoid, Tanh


@pytest.mark.parametrize("name", sorted(ARRAY_GATES))
def test_every_gate_over_arrays_unfolds(name):
    gate = ARRAY_GATES[name]
    for inputs, attributes in gate.samples:
        tensors = [Tensor(x, requires_grad=True, label="x") for x in inputs]
        out = node.apply(gate, *tensors, **attributes)
        weights = np.cos(np.arange(out.size)).reshape(out.shape)
        total = (out * weights).sum()
        total.backward()
        scalar, leaves = unfold(total)
        assert isinstance(scalar, Value)
        scalar.backward()
        assert scalar.data == pytest.approx(total.item(), rel=1e-12)
        for tensor in tensors:
            gradient = [value.grad for value in leaves[tensor].flat]
            np.testing.assert_allclose(gradient, tensor.grad.ravel(), rtol=1e-12, atol=1e-13)


def model():
    return Sequential(
        Linear(3, 4, rng=0, dtype=float), ReLU(), Dropout(0.5, rng=0), Linear(4, 4, rng=1, dtype=float), Tanh(),
        Linear(4, 3, rng=2, dtype=float, bias=False), Sigmoid(),
    )  # fmt: skip


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), HingeLoss()])
def test_a_model_on_values_gives_the_same_values_and_gradients(loss):
    numbers, labels = np.array([[0.1, -0.4, 0.7], [1.0, 0.2, -0.3]]), [2, 0]
    net = model()
    x = Tensor(numbers, requires_grad=True)
    total = loss(net(x), labels)
    total.backward()

    again = model()  # the same weights, the same dropout
    values = np.array([[Value(number) for number in row] for row in numbers])
    scores = again(values)
    assert scores.shape == (2, 3)
    scalar = loss(scores.tolist(), labels)  # nested lists of Values work too
    scalar.backward()
    assert scalar.data == pytest.approx(total.item(), rel=1e-12)
    np.testing.assert_allclose([value.grad for value in values.flat], x.grad.ravel(), rtol=1e-10)
    leaves = {leaf.label: leaf.grad for leaf in topological_order(scalar) if leaf.label}
    for name, parameter in net.named_parameters():
        for index in np.ndindex(parameter.shape):
            found = leaves.get(f"{name}[{', '.join(map(str, index))}]", 0.0)  # 0 if it is unused
            assert found == pytest.approx(parameter.grad[index], rel=1e-10, abs=1e-15)


def test_gates_that_move_elements_record_nothing():
    t = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    out = t.T.reshape(2, 3)[0, 1:] * 2.0
    values, leaves = unfold(out)
    assert [value.gate.name for value in values] == ["mul", "mul"]
    assert [value.inputs[0] for value in values] == [leaves[t][1, 0], leaves[t][0, 1]]


def test_constants_stay_numbers_and_labels_are_kept():
    w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    scalar, leaves = unfold(w @ Tensor([3.0, 4.0]))
    assert [leaf.label for leaf in leaves[w]] == ["w[0]", "w[1]"]
    assert len(topological_order(scalar)) == 5
    source = draw(scalar).source
    assert "w[0]" in source
    assert "×3" in source


def test_expand_replaces_all_blocks_and_keeps_the_gradients():
    net = model().eval()
    total = CrossEntropyLoss()(net(np.ones((2, 3))), [0, 1])
    total.label = "loss"
    twin = expand(total)
    assert not any(isinstance(part.gate, Block) for part in topological_order(twin))
    assert twin.label == "loss"
    total.backward()
    first = {p: p.grad for p in net.parameters()}
    net.zero_grad()
    twin.backward()
    assert twin.item() == pytest.approx(total.item())
    for parameter, gradient in first.items():
        np.testing.assert_allclose(parameter.grad, gradient, rtol=1e-10, atol=1e-15)
    plain = (net[0].weight * 2).sum()
    assert expand(plain) is plain


def test_rejects_graphs_that_are_too_large_and_roots_that_are_not_tensors():
    huge = Linear(3072, 512, rng=0)(np.ones((64, 3072)))
    with pytest.raises(ValueError, match=r"at most 1000000 gates, but .* about \d+ gates of Values"):
        unfold(huge)
    with pytest.raises(TypeError, match="a Value is a scalar already"):
        unfold(Value(1.0))
