"""Source: the gates of Values are written out as text that computes what the rules do, and that one can read."""

import inspect
import math
import pickle
import subprocess
import sys
import traceback

import pytest

from autograd import Value, floats, source
from autograd.gates import GATES, gate, remove_gate
from autograd.node import apply


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


@pytest.mark.parametrize("entry", GATES.values(), ids=GATES)
def test_the_text_of_a_rule_computes_what_the_rule_does(entry):
    texts = entry._bound(source)
    names = [f"x{i}" for i in range(entry.arity)]
    sources = [source.Source(name) for name in names]
    for sample in (*entry.samples, (0.0,) * entry.arity, (-math.inf,) * entry.arity):
        known = {**vars(floats), **dict(zip(names, sample, strict=True)), "out": entry.floats.forward(*sample)}
        assert same(eval(source.text(texts.forward(*sources)), known), known["out"])
        for text, local in zip(texts.local_gradients, entry.floats.local_gradients, strict=True):
            assert same(eval(source.text(text(source.Source("out"), *sources)), known), local(known["out"], *sample))


def test_what_is_written_out_calls_no_rule_and_can_be_read():
    for entry in GATES.values():
        apply(entry, *map(Value, entry.samples[0]))
    assert "(x0._data * x1._data)" in inspect.getsource(Value.__mul__)
    assert "arriving[x0] += x1._data * upstream" in inspect.getsource(Value.rules[GATES["mul"]])
    assert not any("gate.floats" in inspect.getsource(Value.rules[entry]) for entry in GATES.values())


@pytest.mark.parametrize(
    "rule",
    [
        lambda xp, x, y: 1.0 - x * (y + 2.0),
        lambda xp, x, y: -(x - y) - (1.0 - y),
        lambda xp, x, y: +x * -1.0 + (3.0 - -x),
        lambda xp, x, y: xp.where(x > y, 1.0, 2.0) + xp.where(x <= 0.5, 10.0, 20.0) + xp.where(x <= y, 100.0, 200.0),
    ],
)
def test_operators_of_expressions_bind_as_they_did(rule):
    written = source.text(rule(source, source.Source("x"), source.Source("y")))
    assert eval(written, {**vars(floats), "x": 0.25, "y": 3.0}) == rule(floats, 0.25, 3.0)


def test_a_rule_that_branches_is_called():
    gate("half_wave", "⌒", lambda x: x if x > 0 else 0.0, lambda out, x: 1.0 if x > 0 else 0.0, samples=[(2.0,)])
    try:
        positive, negative = Value(2.0), Value(-2.0)
        (positive.half_wave() + negative.half_wave()).backward()
        assert (positive.grad, negative.grad) == (1.0, 0.0)
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
