"""The back end of Python text: evaluated, the text of a rule gives what the rule gives."""

import math

import numpy as np
import pytest

from autograd.gates import GATES
from autograd.gates.backends import arrays, floats, python_text
from autograd.gates.backends.python_text import Expression


def test_the_text_of_some_gates():
    assert GATES["mul"].python_text.forward("x", "y") == "(x * y)"
    assert GATES["sub"].python_text.local_gradients[1]("out", "x", "y") == "-1.0"
    assert GATES["sigmoid"].python_text.forward("x") == "xp.divide(1.0, (1.0 + xp.exp((-x))))"
    assert GATES["leaky_relu"].python_text.forward("x", "slope") == "(x if (x > 0.0) else (slope * x))"


def test_downstream_gradients():
    assert GATES["mul"].python_text.downstream("y", "upstream") == "y * upstream"
    assert GATES["add"].python_text.downstream("1.0", "upstream") == "upstream"
    selecting = GATES["relu"].python_text.downstream("local", "upstream")
    names = {"xp": floats, "upstream": math.inf}
    assert [eval(selecting, names | {"local": local}) for local in (0.0, 1.0)] == [0.0, math.inf]


def test_every_operator_of_rules():
    x, y = Expression("x"), Expression("y")
    written = [x + 1, 1 + x, x - y, 2.5 - x, x * y, 3.0 * x, -x, +x, x < y, x <= 1.0, x > y, x >= 0.0]
    assert [eval(str(text), {"x": 7.0, "y": 4.0}) for text in written] == [
        8.0, 8.0, 3.0, -4.5, 28.0, 21.0, -7.0, 7.0, False, False, True, True,
    ]  # fmt: skip
    assert isinstance(python_text.exp(x) + python_text.where(x < y, x, 1.0), Expression)


def test_has_every_function():
    assert all(callable(getattr(python_text, name)) for name in arrays.__all__)


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_the_text_of_a_gate_gives_what_its_rules_give(gate):
    for sample in (*gate.samples, (0.0,) * gate.arity, (-math.inf,) * gate.arity):
        names = dict(zip((f"x{i}" for i in range(gate.arity)), map(float, sample), strict=True))
        namespace = {"xp": floats, "inf": math.inf, **names}
        rules = gate.python_text
        texts = [rules.forward(*names), *(local("out", *names) for local in rules.local_gradients)]
        out = gate.floats.forward(*sample)
        expected = [out, *(local(out, *names.values()) for local in gate.floats.local_gradients)]
        assert np.array_equal([eval(text, namespace | {"out": out}) for text in texts], expected, equal_nan=True), texts
