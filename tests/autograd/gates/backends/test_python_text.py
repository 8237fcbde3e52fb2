"""Sources: a rule writes itself down in Python, and what it wrote computes what the rule computes."""

import inspect
import math
import pickle
import subprocess
import sys
import traceback

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.gates.backends import arrays, floats
from autograd.gates.backends import python_text as sources
from autograd.gates.backends.python_text import Source
from autograd.gates.elementwise import GATES, gate, remove_gate
from autograd.graph.node import apply


def test_gates_write_themselves_down():
    assert GATES["mul"].sources.forward("x", "y") == "(x * y)"
    assert GATES["sub"].sources.local_gradients[1]("out", "x", "y") == "-1.0"
    assert GATES["sigmoid"].sources.forward("x") == "xp.divide(1.0, (1.0 + xp.exp((-x))))"
    assert GATES["leaky_relu"].sources.forward("x", "slope") == "xp.where((x > 0.0), x, (slope * x))"


def test_every_operator_of_rules_is_written():
    x, y = Source("x"), Source("y")
    written = [x + 1, 1 + x, x - y, 2.5 - x, x * y, 3.0 * x, -x, +x, x < y, x <= 1.0, x > y, x <= 0.0]
    assert [eval(text, {"x": 7.0, "y": 4.0}) for text in written] == [
        8.0, 8.0, 3.0, -4.5, 28.0, 21.0, -7.0, 7.0, False, False, True, False,
    ]  # fmt: skip
    assert isinstance(sources.exp(x) + sources.where(x < y, x, 1.0), Source)


def test_every_function_is_there():
    assert all(callable(getattr(sources, name)) for name in arrays.__all__)


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_the_text_of_a_gate_computes_what_its_rules_compute(gate):
    for sample in (*gate.samples, (0.0,) * gate.arity, (-math.inf,) * gate.arity):
        names = dict(zip((f"x{i}" for i in range(gate.arity)), map(float, sample), strict=True))
        room = {"xp": floats, "inf": math.inf, **names}
        texts = [gate.sources.forward(*names), *(local("out", *names) for local in gate.sources.local_gradients)]
        out = gate.floats.forward(*sample)
        expected = [out, *(local(out, *names.values()) for local in gate.floats.local_gradients)]
        assert np.array_equal([eval(text, room | {"out": out}) for text in texts], expected, equal_nan=True), texts


# Values have their gates written out


def test_what_is_written_out_calls_no_rule_and_can_be_read():
    for entry in GATES.values():
        apply(entry, *map(Value, entry.samples[0]))
    assert "(x0._data * x1._data)" in inspect.getsource(Value.__mul__)
    assert "arriving[x0] += x1._data * upstream" in inspect.getsource(Value.rules[GATES["mul"]])
    assert not any("gate.floats" in inspect.getsource(Value.rules[entry]) for entry in GATES.values())


def test_a_rule_that_branches_is_called_and_not_compiled():
    gate("half_wave", "⌒", lambda x: x if x > 0 else 0.0, lambda out, x: 1.0 if x > 0 else 0.0, samples=[(2.0,)])
    try:
        positive, negative = Value(2.0), Value(-2.0)
        (positive.half_wave() + negative.half_wave()).backward()
        assert (positive.grad, negative.grad) == (1.0, 0.0)
        with pytest.raises(TypeError, match=r"asks whether \(x0 > 0\).*xp.where"):
            autograd.compile(positive.half_wave(), inputs=[positive])
    finally:
        remove_gate("half_wave")


def test_a_traceback_shows_the_text():
    broken = Value(1.0)
    del broken._data
    with pytest.raises(AttributeError) as caught:
        broken * broken
    assert "node._data, node.grad, node.label = (x0._data * x1._data)" in "".join(traceback.format_tb(caught.tb))


def test_a_gate_is_compiled_with_its_first_use():
    added = gate("twice", "2x", lambda x: 2.0 * x, lambda out, x: 2.0, samples=[(1.0,)])
    try:
        assert added not in Value.rules
        before, x = Value.twice, Value(3.0)
        y = x.twice()
        assert Value.twice is not before
        assert added in Value.rules
        (y + before(x)).backward()  # kept from before, it does the same
        assert x.grad == 4.0
    finally:
        remove_gate("twice")
    assert apply(added, x).data == 6.0
    assert not hasattr(Value, "twice")


def test_a_graph_from_a_pickle_is_walked_before_its_gates_were_used():
    code = "import pickle, sys; y = pickle.load(sys.stdin.buffer); y.backward(); print(y.inputs[0].grad)"
    pickled = pickle.dumps(Value(2.0).sinh())
    out = subprocess.run([sys.executable, "-c", code], input=pickled, capture_output=True, check=True).stdout
    assert float(out) == pytest.approx(math.cosh(2.0))
