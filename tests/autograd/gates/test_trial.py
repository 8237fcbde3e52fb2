"""Trying out a gate: a rule means the same on all back ends, or its gate is refused when it is entered."""

import pytest

from autograd import Tensor, Value
from autograd.gates import GATES, gate, remove_gate
from autograd.gates.gate import Gate
from autograd.gates.trial import compare, try_out


@pytest.mark.parametrize("entry", GATES.values(), ids=GATES)
def test_every_gate_of_the_table_passes(entry):
    try_out(entry)


def enter(forward, *local_gradients, samples=((2.0,), (-2.0,))):
    return gate("tried", "?", forward, *local_gradients, samples=list(samples))


@pytest.mark.parametrize(
    ("forward", "local", "text"),
    [
        (lambda x: x if x > 0 else 0.0, lambda out, x: 1.0, r"Python's if.*|xp\.where"),
        (lambda x: x, lambda out, x: 1.0 if x > 0 else 2.0, r"xp\.where"),
        (lambda x: x / 2.0, lambda out, x: 0.5, r"xp\.divide"),
        (lambda x: x * x, lambda out, x: x**1 + x, r"xp\.power"),
        (lambda x: abs(x), lambda out, x: 1.0, r"xp\.abs"),
        (lambda x: xp.divide(x, x == 0.0), lambda out, x: 1.0, r"xp\.equal"),  # noqa: F821
        (lambda x: x.exp(), lambda out, x: out, r"fails.*write xp\.exp\(x\), not x\.exp\(\)"),
        (lambda x: exp(x), lambda out, x: out, "fails.*not defined"),  # noqa: F821
        (lambda x: xp.exp(x, x), lambda out, x: out, "gate 'tried'"),  # noqa: F821
    ],
)
def test_refuses_a_rule_that_differs(forward, local, text):
    with pytest.raises(TypeError, match=text):
        enter(forward, local)
    assert "tried" not in GATES
    assert not hasattr(Value, "tried")


def test_accepts_every_comparison():
    """`>=` was once accepted, and then broke the formulas."""
    rule = lambda x: xp.where(x >= 0.5, x, xp.where(x <= -0.5, -x, x * x + 0.25))  # noqa: F821
    local = lambda out, x: xp.where(x >= 0.5, 1.0, xp.where(x <= -0.5, -1.0, 2.0 * x))  # noqa: F821
    try:
        entered = enter(rule, local, samples=[(2.0,), (-2.0,), (0.1,)])
        assert entered.formulas.forward("x") == "x where x ≥ 0.5, else (−x where x ≤ −0.5, else x · x + 0.25)"
        x, t = Value(-2.0), Tensor([-2.0, 0.25], requires_grad=True)
        x.tried().backward()
        t.tried().sum().backward()
        assert (x.grad, t.grad.tolist()) == (-1.0, [-1.0, 0.5])
    finally:
        remove_gate("tried")


def test_a_difference_is_reported_with_the_sample():
    entry = GATES["exp"]
    compare(entry, "forward, on arrays", 1.0, 1.0 + 1e-12, (0.0,))
    with pytest.raises(TypeError, match=r"forward, on arrays, gives 2.0 at the sample \(0.0,\), but 1.0 on floats"):
        compare(entry, "forward, on arrays", 1.0, 2.0, (0.0,))


def test_a_gate_outside_the_table_can_be_tried():
    half = Gate("half", "½", lambda x: 0.5 * x, lambda out, x: 0.5, samples=[(3.0,)])
    try_out(half)
    assert "half" not in GATES


def test_samples_may_be_whole_numbers():
    """NumPy rejects negative powers of integer arrays, but gates never receive those."""
    rules = lambda x: xp.power(x, -1), lambda out, x: -xp.power(x, -2)  # noqa: F821
    try:
        enter(*rules, samples=[(1,), (2,)])
        assert Value(2.0).tried().data == 0.5
    finally:
        remove_gate("tried")


def test_samples_of_an_iterator_are_used_by_every_check():
    numbers = iter([(3.0,)])
    half = Gate("half", "½", lambda x: 0.5 * x, lambda out, x: 0.5, samples=numbers)
    assert half.samples == ((3.0,),)
