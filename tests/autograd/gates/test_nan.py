"""NaN stays NaN: in every gate, reduction, layer and loss, and down to the input that is NaN where a gate chooses."""

import math

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, compile
from autograd.gates import GATES
from autograd.gates.arrays import ARRAY_GATES
from autograd.graph.node import apply

NAN = math.nan
CHOOSING = ["abs", "clip", "heaviside", "leaky_relu", "maximum", "minimum", "relu", "sign"]


def with_nan(gate, position):
    sample = list(gate.samples[0])
    sample[position] = NAN
    return sample


EACH_INPUT = [
    (gate, i)
    for gate in GATES.values()
    for i in range(gate.arity)
    if (gate.name, i) not in [("where", 0), ("where", 2)]
]


@pytest.mark.parametrize(("gate", "position"), EACH_INPUT, ids=lambda x: getattr(x, "name", x))
def test_value_of_every_gate(gate, position):
    if (gate.name, position) == ("heaviside", 1):
        pytest.skip("chosen only where the first input is 0")
    sample = with_nan(gate, position)
    values = [Value(x) for x in sample]
    out = apply(gate, *values)
    assert math.isnan(out.data)
    assert np.isnan(apply(gate, *[Tensor([x, x]) for x in sample]).data).all()
    assert math.isnan(compile(out, values)(sample)[0])


@pytest.mark.parametrize("name", CHOOSING)
@pytest.mark.parametrize("kind", ["Value", "Tensor", "compiled"])
def test_a_gate_that_chooses_passes_nan_to_the_input_that_is_nan(name, kind):
    gate = GATES[name]
    for sample in gate.samples:
        for position in range(gate.arity):
            if (name, position) in [("heaviside", 1), ("leaky_relu", 1)]:
                continue  # it counts for some inputs only
            inputs = [NAN if i == position else float(x) for i, x in enumerate(sample)]
            if kind == "Tensor":
                nodes = [Tensor([x, x], requires_grad=True) for x in inputs]
                apply(gate, *nodes).sum().backward()
                grads = [float(node.grad[0]) for node in nodes]
            else:
                nodes = [Value(x) for x in inputs]
                out = apply(gate, *nodes)
                out.backward()
                grads = [node.grad for node in nodes]
                if kind == "compiled":
                    grads = list(compile(out, nodes)(inputs)[1])
            assert math.isnan(grads[position]), (sample, position, grads)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_the_other_input_gets_0(name):
    """The NaN counts as chosen."""
    x, y = Value(NAN), Value(1.0)
    apply(GATES[name], x, y).backward()
    assert y.grad == 0.0


def test_special_values_that_do_not_depend_on_the_nan():
    assert (Value(NAN) ** 0.0).data == 1.0
    assert np.hypot(Value(NAN), math.inf).data == math.inf


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_extremes_over_an_axis(name, axis):
    x = Tensor([[1.0, NAN], [2.0, 3.0]], requires_grad=True)
    out = getattr(x, name)(axis=axis)
    assert np.isnan(out.data).any()
    out.sum().backward()
    assert math.isnan(x.grad[0, 1])
    assert x.grad[0, 0] == (1.0 if (name, axis) == ("min", 0) else 0.0)


@pytest.mark.parametrize("gate", ARRAY_GATES.values(), ids=lambda gate: gate.name)
def test_value_of_every_gate_over_arrays(gate):
    for inputs, attributes in gate.samples:
        for position, x in enumerate(inputs):
            if x.dtype.kind != "f":
                continue
            arrays = [np.full_like(x, NAN) if i == position else other for i, other in enumerate(inputs)]
            assert np.isnan(apply(gate, *map(Tensor, arrays), **attributes).data).any()


LAYERS = [
    nn.Linear(3, 2, rng=0), nn.ReLU(), nn.LeakyReLU(), nn.Sigmoid(), nn.Tanh(), nn.Softmax(), nn.Flatten(),
    nn.Dropout(0.0, rng=0), nn.BatchNorm1d(3), nn.LayerNorm(3), nn.Standardize(3),
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@pytest.mark.parametrize("training", [True, False])
def test_layers(layer, training):
    x = np.ones((4, 3), np.float32)
    x[1, 2] = NAN
    assert np.isnan(layer.train(training)(x).data[1]).any()


@pytest.mark.parametrize(
    ("loss", "target"),
    [(nn.CrossEntropyLoss(), [0, 1]), (nn.HingeLoss(), [0, 1]), (nn.HingeLoss(squared=True), [0, 1]),
     (nn.MSELoss(), [[0.0, 0.0], [0.0, 0.0]])],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("where", [(0, 0), (0, 1), (1, 1)])
def test_losses(loss, target, where):
    scores = np.ones((2, 2))
    scores[where] = NAN
    x = Tensor(scores, requires_grad=True)
    out = loss(x, np.array(target))
    assert math.isnan(out.item())
    out.backward()
    assert math.isnan(x.grad[where])
