"""The contract of a gate, and how one enters and leaves the table."""

import numpy as np
import pytest

from autograd import Value, gates, gradcheck
from autograd.gates import GATES, gate, remove_gate


def test_a_gate_entered_later_works_at_once():
    rule = lambda x: xp.divide(x, 1.0 + xp.abs(x))  # noqa: F821
    slope = lambda out, x: xp.divide(1.0, (1.0 + xp.abs(x)) * (1.0 + xp.abs(x)))  # noqa: F821
    try:
        gate("softsign", "softsign", rule, slope, samples=[(0.4,)])
        x = Value(-3.0)
        y = x.softsign()
        y.backward()
        assert (y.data, x.grad) == (-0.75, 1 / 16)
        assert gradcheck(lambda t: t.softsign(), np.array([[0.5, -2.0]]))
    finally:
        remove_gate("softsign")


def test_a_gate_that_breaks_the_contract_is_refused():
    with pytest.raises(TypeError, match=r"has 2 inputs, got 1 local gradients"):
        gate("half", "½", lambda x, y: x, lambda out, x, y: 1.0, samples=[])
    with pytest.raises(TypeError, match=r"names \['np'\]"):
        gate("half", "½", lambda x: np.exp(x), lambda out, x: 1.0, samples=[])
    with pytest.raises(ValueError, match="has a gate or a method of that name"):
        gate("add", "+", lambda x: x, lambda out, x: 1.0, samples=[])
    with pytest.raises(ValueError, match="Tensor has a gate or a method of that name"):
        gate("sum", "Σ", lambda x: x, lambda out, x: 1.0, samples=[])
    assert not hasattr(Value, "sum")
    for name in ("we/ird", 'a"', "", "2x"):
        with pytest.raises(ValueError, match="no name of a method"):
            gate(name, "?", lambda x: x, lambda out, x: 1.0, samples=[])
    factor = 2.0
    with pytest.raises(TypeError, match="factor"):
        gate("half", "½", lambda x: x * factor, lambda out, x: 2.0, samples=[])
    assert "half" not in GATES
    assert repr(gates.GATES["mul"]) == "<gate mul ×>"
