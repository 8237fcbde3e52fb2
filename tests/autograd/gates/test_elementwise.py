"""The table of elementwise gates: every entry is checked."""

import math

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, Value, gradcheck
from autograd.gates import GATES
from autograd.graph import node


@pytest.fixture(params=sorted(GATES))
def entry(request):
    return GATES[request.param]


def call(entry):
    return lambda *inputs: node.apply(entry, *inputs)


def test_the_table_has_the_gates_of_the_slides():
    symbols = {name: entry.symbol for name, entry in GATES.items()}
    wanted = {"add": "+", "mul": "×", "maximum": "max", "exp": "exp", "reciprocal": "1/x", "sigmoid": "σ", "neg": "×−1"}
    assert wanted.items() <= symbols.items()


def test_local_gradients_on_values_at_the_samples(entry):
    for sample in entry.samples:
        report = gradcheck(call(entry), *map(Value, sample))
        assert report.relative_error < 1e-6, f"{entry.name} at {sample}\n{report}"


def test_local_gradients_on_tensors_that_broadcast(entry):
    @given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=entry.arity, max_dims=3, max_side=3), data=st.data())
    def check(shapes, data):
        rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
        samples = np.array(entry.samples)
        # one sample for all elements, with small differences between them: inside the domain, away from kinks
        sample = samples[rng.integers(len(samples))]
        inputs = [
            Tensor(centre + rng.uniform(-0.05, 0.05, shape))
            for centre, shape in zip(sample, shapes.input_shapes, strict=True)
        ]
        report = gradcheck(call(entry), *inputs)
        assert report.relative_error < 1e-6, f"{entry.name}\n{report}"

    check()


def test_values_and_tensors_agree(entry):
    for sample in entry.samples:
        values = [Value(x) for x in sample]
        tensors = [Tensor(x, dtype=float, requires_grad=True) for x in sample]
        by_value, by_tensor = call(entry)(*values), call(entry)(*tensors)
        by_value.backward()
        by_tensor.backward()
        assert by_value.data == pytest.approx(by_tensor.item(), rel=1e-14)
        assert [x.grad for x in values] == pytest.approx([float(t.grad) for t in tensors], rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_value_and_gradient_keep_the_dtype(entry, dtype):
    inputs = [Tensor(column, dtype=dtype, requires_grad=True) for column in zip(*entry.samples, strict=True)]
    out = call(entry)(*inputs)
    out.backward(np.ones(out.shape), retain_grads=True)
    assert {out.dtype, out.grad.dtype, *(x.grad.dtype for x in inputs)} == {np.dtype(dtype)}
    out.backward(np.ones(out.shape), create_graph=True)
    assert {x.grad.dtype for x in inputs} == {np.dtype(dtype)}
    for x in inputs:
        x.zero_grad()
    if entry.arity > 1 and entry.name != "where":  # a Python number does not widen it either
        out = call(entry)(inputs[0], *entry.samples[0][1:])
        out.backward(np.ones(out.shape))
        assert {out.dtype, inputs[0].grad.dtype} == {np.dtype(dtype)}


@given(x=st.floats(-1000, 1000), y=st.floats(-1000, 1000))
def test_no_gate_raises_or_gives_a_complex_number(x, y):
    for entry in GATES.values():
        out = call(entry)(*[Value(x), Value(y), Value(x / 2)][: entry.arity])
        out.backward()
        assert type(out.data) is float
        assert all(type(x.grad) is float for x in out.inputs)


def test_ties_split_evenly_and_the_gradient_of_relu_at_0_is_0():
    a, b, x = Value(3.0), Value(3.0), Value(0.0)
    (a.maximum(b) + a.minimum(b) + x.relu()).backward()
    assert (a.grad, b.grad, x.grad) == (1.0, 1.0, 0.0)
    a, b = Value(math.inf), Value(math.inf)
    a.maximum(b).backward()
    assert (a.grad, b.grad) == (0.5, 0.5)


def test_pow_of_a_negative_base_and_of_0():
    x, y = Value(-2.0), Value(0.0)
    (x**2).backward()
    assert x.grad == -4.0  # the logarithm of −2, which is NaN, is not part of it
    zero = Value(0.0)
    (zero**2 + zero**1 + zero**y).backward()
    assert zero.grad == 1.0
    assert y.grad == 0.0


def test_large_inputs_give_finite_results_without_a_warning():
    t = Tensor([-1000.0, 1000.0], requires_grad=True)
    out = t.sigmoid() + t.tanh() + t.relu()
    out.backward(np.ones(2))
    assert out.data.tolist() == [-1.0, 1002.0]
    assert t.grad.tolist() == [0.0, 1.0]


def test_pow_with_exponent_zero_does_not_depend_on_its_base():
    for base in (0.0, 3.0, math.inf):
        x = Value(base)
        (x**0).backward()
        assert x.grad == 0.0
        t = Tensor([base], requires_grad=True)
        (t**0).backward()
        assert t.grad.tolist() == [0.0]
