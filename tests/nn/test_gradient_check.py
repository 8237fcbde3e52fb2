"""check_gradients compares the gradients of a whole model with finite differences."""

import numpy as np
import pytest

from autograd import Tensor
from autograd.gates.arrays import ARRAY_GATES, ArrayGate
from autograd.graph.node import apply
from nn import BatchNorm1d, CrossEntropyLoss, Dropout, Linear, Module, Sequential, Tanh, check_gradients

X, LABELS = np.random.default_rng(0).normal(size=(4, 3)), [0, 1, 1, 0]


def model():
    first = Linear(3, 4, bias=False, rng=0)
    return Sequential(first, BatchNorm1d(4), Tanh(), Dropout(0.3, rng=1), Linear(4, 2, rng=2))


def test_checks_input_and_parameters_and_leaves_the_model_unchanged():
    net = model()
    before, draws = net.state_dict(), net.generators()["3.rng"].bit_generator.state
    report = check_gradients(net, CrossEntropyLoss(), X.astype(np.float32), LABELS)
    assert report, report
    assert [check.name for check in report.inputs] == ["X", *(name for name, _ in net.named_parameters())]
    assert [check.shape for check in report.inputs[1:]] == [p.shape for p in net.parameters()]
    assert net.generators()["3.rng"].bit_generator.state == draws
    assert net[0].weight.label == "W"
    assert all(p.grad is None for p in net.parameters())
    for name, array in net.state_dict().items():
        assert array.dtype == np.float32
        assert (array == before[name]).all()


@pytest.fixture
def wrong_gate():
    yield ArrayGate(
        "wrong", "?", lambda x: x * x, lambda upstream, out, x: 3 * x * upstream, samples=[], vjp_formulas=()
    )
    del ARRAY_GATES["wrong"]


def test_names_the_wrong_parameter_and_gate(wrong_gate):
    class Wrong(Module):
        def __init__(self):
            self.scale = Tensor(np.array([0.5, 2.0, 1.0]), requires_grad=True)

        def forward(self, x):
            return x * apply(wrong_gate, self.scale)

    report = check_gradients(Sequential(Wrong(), Linear(3, 2, rng=0)), CrossEntropyLoss(), X, LABELS)
    assert not report
    assert [check.name for check in report.inputs if check.relative_error > report.tolerance] == ["0.scale"]
    assert "gate 'wrong' is at fault" in str(report)


class Odd(Module):
    """A module with its parameters in a tuple and a dict, one of them in both."""

    def __init__(self):
        self.pair = (Tensor(np.eye(3), requires_grad=True), Tensor([1.0, -1.0, 0.5], requires_grad=True))
        self.named = {"again": self.pair[0]}

    def forward(self, x):
        return (x @ self.pair[0] + self.pair[1]).tanh() @ self.named["again"]


def test_finds_parameters_in_tuples_and_dicts():
    report = check_gradients(Odd(), lambda out, targets: out.square().sum(), X, None)
    assert report, report
    assert [check.name for check in report.inputs] == ["X", "pair.0", "pair.1"]


def test_zero_gradient_of_a_bias_before_batch_norm_passes():
    net = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Tanh(), Linear(4, 2, rng=1))
    report = check_gradients(net, CrossEntropyLoss(), X, LABELS)
    assert report, str(report)
