"""Sources: a rule writes itself down in Python, and what it wrote computes what the rule computes."""

import math

import numpy as np
import pytest

from autograd import arrays, floats, sources
from autograd.gates import GATES
from autograd.sources import Source


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


@pytest.mark.parametrize("name", GATES)
def test_the_text_of_a_gate_computes_what_its_rules_compute(name):
    gate = GATES[name]
    for sample in gate.samples:
        names = dict(zip((f"x{i}" for i in range(gate.arity)), map(float, sample), strict=True))
        room = {"xp": floats, "inf": math.inf, **names}
        texts = [gate.sources.forward(*names), *(local("out", *names) for local in gate.sources.local_gradients)]
        out = gate.floats.forward(*sample)
        expected = [out, *(local(out, *names.values()) for local in gate.floats.local_gradients)]
        assert np.array_equal([eval(text, room | {"out": out}) for text in texts], expected, equal_nan=True), texts
