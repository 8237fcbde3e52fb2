"""Generated code gives the same as the methods of Value, bit for bit."""

import inspect
import math
import pickle
import struct
import subprocess
import sys
import traceback

import numpy as np
import pytest

from autograd import Value, maximum, no_grad
from autograd.gates import GATES, gate, remove_gate
from autograd.graph import value_codegen
from autograd.graph.node import apply

SPECIAL = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e-310, 710.0, 0.3]


@pytest.fixture
def readable():
    """Without generated code."""
    value_codegen.disable()
    yield
    value_codegen.enable()


def bits(numbers):
    return [struct.pack("d", math.nan if x != x else x) for x in numbers]


def results(entry):
    """Return value and gradients of a gate at its samples and at special numbers, for several upstream gradients."""
    rng = np.random.default_rng(0)
    special = [tuple(rng.choice(SPECIAL, entry.arity).tolist()) for _ in range(30)]
    found = []
    for sample in (*entry.samples, *special):
        for upstream in (1.0, -2.5, math.inf, math.nan):
            inputs = [Value(float(x)) for x in sample]
            out = apply(entry, *inputs)
            out = apply(entry, *inputs)  # by generated code the second time, if it is enabled
            out.backward(upstream)
            found += [out.data, *(x.grad for x in inputs)]
    return found


@pytest.mark.parametrize("entry", GATES.values(), ids=GATES)
def test_both_ways_give_the_same_bits(entry):
    value_codegen.disable()
    try:
        expected = results(entry)
        assert entry not in Value.generated_rules
    finally:
        value_codegen.enable()
    assert bits(results(entry)) == bits(expected)
    assert entry in Value.generated_rules


def test_constants_and_an_input_that_is_used_twice(readable):
    def f(x):
        return (x * x + 2.0 * x - x / 3.0).maximum(1.0) + np.where(True, x, 2.0)

    def gradient():
        x = Value(1.7)
        f(x).backward()
        f(x).backward()
        return x.grad

    expected = gradient()
    value_codegen.enable()
    assert gradient() == expected == gradient()


def test_the_methods_can_be_read_before_and_after_first_use(readable):
    before = inspect.getsource(Value.__mul__)
    assert "Value.record(gate, inputs)" in before
    assert "rules.downstream(local, upstream)" in inspect.getsource(Value.chain_rule)
    value_codegen.enable()
    Value(2.0) * Value(3.0)
    assert "(x0._data * x1._data)" in inspect.getsource(Value.__mul__)
    assert "gradients[x0] += x1._data * upstream" in inspect.getsource(Value.generated_rules[GATES["mul"]])


def test_generated_code_calls_no_rule():
    for entry in GATES.values():
        apply(entry, *map(Value, entry.samples[0]))
    assert not any("gate.floats" in inspect.getsource(Value.generated_rules[entry]) for entry in GATES.values())


def test_an_environment_variable_turns_it_off():
    code = (
        "import autograd, inspect; x = autograd.Value(3.0); y = x * x; y.backward(); "
        "print(x.grad, len(autograd.Value.generated_rules))"
    )
    for setting, expected in (("0", "6.0 0"), ("1", "6.0 1")):
        out = subprocess.run(
            [sys.executable, "-c", code], env={**_environment(), "GATEWISE_CODEGEN": setting}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        assert out.stdout.strip() == expected


def _environment():
    import os

    return dict(os.environ)


def test_no_grad_without_generated_code(readable):
    with no_grad():
        y = Value(2.0) * 3.0
    assert y.gate is None
    assert y.data == 6.0


def test_a_traceback_shows_the_text():
    Value(1.0) * Value(1.0)
    broken = Value(1.0)
    del broken._data
    with pytest.raises(AttributeError) as caught:
        broken * broken
    assert "node._data, node.grad, node.label = (x0._data * x1._data)" in "".join(traceback.format_tb(caught.tb))


def test_code_is_generated_when_a_gate_is_first_used():
    added = gate("twice", "2x", lambda x: 2.0 * x, lambda out, x: 2.0, samples=[(1.0,)])
    try:
        value_codegen.disable()
        value_codegen.enable()
        assert added not in Value.generated_rules
        before, x = Value.twice, Value(3.0)
        y = x.twice()
        assert Value.twice is not before
        assert added in Value.generated_rules
        (y + before(x)).backward()  # the method from before does the same
        assert x.grad == 4.0
    finally:
        remove_gate("twice")
    assert apply(added, x).data == 6.0
    assert not hasattr(Value, "twice")


def test_a_pickled_graph_is_walked_in_a_process_that_never_used_its_gates():
    code = "import pickle, sys; y = pickle.load(sys.stdin.buffer); y.backward(); print(y.inputs[0].grad)"
    pickled = pickle.dumps(Value(2.0).sinh())
    out = subprocess.run([sys.executable, "-c", code], input=pickled, capture_output=True, check=True).stdout
    assert float(out) == pytest.approx(math.cosh(2.0))


@pytest.mark.parametrize("times", [1, 2])
def test_a_subclass_computes_values_on_first_use_and_later(times):
    class Named(Value):
        pass

    added = gate("twofold", "2×", lambda x: 2.0 * x, lambda out, x: 2.0, samples=[(1.0,)])
    try:
        results = [apply(added, Named(0.5)) for _ in range(times)]
        assert [type(result) for result in results] == [Value] * times
        assert type(1 / Named(0.5)) is Value
    finally:
        remove_gate("twofold")


def test_a_subclass_computes_values_without_generated_code(readable):
    class Named(Value):
        pass

    assert {type(x) for x in (1 / Named(0.5), Named(0.5).tanh(), np.exp(Named(0.5)), maximum(Named(0.5), 1.0))} == {
        Value
    }
