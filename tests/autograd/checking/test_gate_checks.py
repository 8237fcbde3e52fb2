"""Faults and kinks: gradcheck names the gate and the input at fault, and recognises kinks."""

import numpy as np
import pytest

from autograd import Tensor, Value, gradcheck, maximum
from autograd.gates import GATES, Gate
from autograd.gates.arrays import ARRAY_GATES, ArrayGate
from autograd.gates.blocks import HINGE
from autograd.graph import node

xp = None  # the name in the rules of gates


def with_fault(gate, position):
    """The gate with one of its local gradients off by a few parts in a thousand."""
    forward, *locals_ = gate._rules
    faulty = Gate(gate.name, gate.symbol, forward, *locals_, samples=gate.samples, kink=gate._kink)
    for backend in ("floats", "arrays", "python_text"):
        rules = getattr(faulty, backend)
        tampered = list(rules.local_gradients)
        if backend == "python_text":
            tampered[position] = lambda *x, local=tampered[position]: f"(1.002 * {local(*x)} + 0.005)"
        else:
            tampered[position] = lambda *x, local=tampered[position]: 1.002 * local(*x) + 0.005
        setattr(faulty, backend, rules._replace(local_gradients=tuple(tampered)))
    local = faulty.arrays.local_gradients[position]
    vjps = list(faulty._vjps)
    vjps[position] = lambda upstream, out, *x: local(out, *x) * upstream
    faulty._vjps = tuple(vjps)
    return faulty


CASES = [(name, position) for name, gate in GATES.items() for position in range(gate.arity)]


@pytest.mark.parametrize(("name", "position"), CASES)
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_names_a_faulty_local_gradient_in_any_gate(name, position, kind):
    faulty = with_fault(GATES[name], position)
    sample = [float(x) for x in GATES[name].samples[0]]
    inputs = [Value(x) if kind is Value else np.array([x, x]) for x in sample]

    def f(*x):  # the gate is neither first nor last in the graph
        inner = [a.positive() for a in x]
        return (node.apply(faulty, *inner) + sum(inner)) * 0.5

    report = gradcheck(f, *inputs)
    assert not report
    assert [(fault.gate, fault.argument) for fault in report.faults] == [(faulty, GATES[name].arguments[position])]
    assert f"gate {name!r} is at fault: its local gradient by {GATES[name].arguments[position]} gives" in str(report)


@pytest.mark.parametrize("name", sorted(ARRAY_GATES))
def test_names_a_faulty_gate_over_arrays_and_only_that(name):
    right = ARRAY_GATES[name]
    inputs, attributes = right.samples[0]
    try:
        wrong = ArrayGate(
            name,
            "?",
            right.arrays.forward,
            *[lambda *a, vjp=vjp, **k: 1.01 * vjp(*a, **k) for vjp in right._vjps],
            samples=[],
            vjp_formulas=(),
            variadic=right.variadic,
        )
        wrong.arguments = right.arguments
    finally:
        ARRAY_GATES[name] = right
    report = gradcheck(lambda *x: node.apply(wrong, *x, **attributes).tanh(), *inputs)
    assert not report
    assert {fault.gate for fault in report.faults} == {wrong}
    assert f"gate {name!r} is at fault: its vector-Jacobian product by" in str(report)


def test_the_numerical_gradient_of_a_fault_is_accurate():
    (fault,) = gradcheck(lambda x: node.apply(with_fault(GATES["square"], 0), x), Value(2.0, label="height")).faults
    assert fault.numeric == pytest.approx(4.0, rel=1e-9)
    assert fault.inputs == "x (height) = 2"


def test_reports_failures_outside_the_gates():
    report = gradcheck(lambda x: x * x.detach(), Value(3.0))
    assert not report.faults
    assert "every gate of the graph passes on its own" in str(report)
    assert "detach()" in str(report)


@pytest.mark.parametrize(
    ("f", "x", "gate"),
    [
        (lambda x: x.relu(), 0.0, "relu"),
        (lambda x: abs(x) * 3, 0.0, "abs"),
        (lambda x: maximum(x, 2 * x), 0.0, "maximum"),
        (lambda x: x.clip(-1, 1), 1.0, "clip"),
        (lambda x: x.leaky_relu(), 0.0, "leaky_relu"),
        (lambda x: x.max(), np.array([2.0, 2.0, 1.0]), "max"),
        (lambda x: np.linalg.norm(x), np.zeros(2), "norm"),
        (lambda x: (x - 1).relu().sum(), np.array([0.0, 1.0, 2.0]), "relu"),
        (lambda s: node.apply(HINGE, s, labels=np.array([0]), margin=1.0), np.array([[2.0, 1.0]]), "hinge"),
    ],
)
def test_reports_a_kink_instead_of_failing(f, x, gate):
    report = gradcheck(f, x)
    assert report
    assert report.corners == (f"gate {gate!r}",)
    assert sum(check.kinks.sum() for check in report.inputs) > 0
    assert f"at a kink of gate {gate!r}" in str(report)


def test_a_wrong_gradient_at_a_kink_still_fails():
    faulty = with_fault(GATES["abs"], 0)
    faulty.python_text = faulty.python_text._replace(local_gradients=(lambda out, x: "5.0",))
    assert not gradcheck(lambda x: node.apply(faulty, x), 0.0)


@pytest.mark.parametrize("x", [1e-5, -1e-5, 3e-4])
def test_uses_a_shorter_step_near_a_kink(x):
    report = gradcheck(lambda x: x.relu() + x * x, x)
    assert report
    assert not report.corners
    assert report.relative_error < 1e-6


def test_smooth_functions_have_no_kinks():
    for f in (lambda x: x.exp() * 1e6, lambda x: (x * 50).tanh(), lambda x: 1 / (x + 3)):
        report = gradcheck(f, 0.01)
        assert report
        assert not report.inputs[0].kinks.any()
    assert not gradcheck(lambda x: (x * 50).tanh() + 0.1 * x.detach(), 0.01)


def test_reports_no_fault_at_the_edge_of_a_domain():
    report = gradcheck(lambda x: x.sqrt() * 2, 0.0)
    assert not report
    assert not report.faults


POLES = {
    "1/x": (lambda x: 1 / x, 0.0), "x**-2": (lambda x: x**-2, 0.0), "x**-1": (lambda x: x**-1.0, 0.0),
    "x**0.5": (lambda x: x**0.5, 0.0), "cbrt": (np.cbrt, 0.0), "sqrt": (np.sqrt, 0.0), "log": (np.log, 0.0),
    "log2": (np.log2, 0.0), "log10": (np.log10, 0.0), "log1p": (np.log1p, -1.0), "arcsin": (np.arcsin, 1.0),
    "arccos": (np.arccos, -1.0), "arccosh": (np.arccosh, 1.0), "arctanh": (np.arctanh, 1.0),
    "1/(x*x)": (lambda x: 1 / (x * x), 0.0), "2/x": (lambda x: 2.0 / x, 0.0),
}  # fmt: skip


@pytest.mark.parametrize("name", POLES)
@pytest.mark.parametrize("kind", [Value, lambda x: np.array([0.7, x])])
def test_a_right_gate_at_a_pole_is_not_at_fault(name, kind):
    f, x = POLES[name]
    report = gradcheck(lambda x: f(x).sum() if isinstance(x, Tensor) else f(x), kind(x))
    assert not report
    assert not report.faults
    assert "outside the domain of a function, or on its edge" in str(report)


def test_a_wrong_gate_that_gives_infinity_is_at_fault():
    wrong = Gate("wrong", "w", lambda x: x * x, lambda out, x: xp.divide(1.0, x - x), samples=[(1.0,)])
    for x in (Value(2.0), np.array([2.0, 3.0])):
        report = gradcheck(lambda x: node.apply(wrong, x).sum() if isinstance(x, Tensor) else node.apply(wrong, x), x)
        assert [fault.gate for fault in report.faults] == [wrong]


SINGULAR = {"cbrt": 1e-300, "sign": 0.0, "floor": 1.0, "ceil": 1.0, "rint": 0.5, "trunc": 1.0}
SINGULAR_PAIRS = {"arctan2": (0.0, 0.0), "heaviside": (0.0, 0.5), "floor_divide": (2.0, 0.0), "mod": (2.0, 1.0)}


@pytest.mark.parametrize(("name", "point"), [*((n, (x,)) for n, x in SINGULAR.items()), *SINGULAR_PAIRS.items()])
@pytest.mark.parametrize("kind", [float, lambda x: np.array([0.7, x])])
def test_a_right_gate_at_a_jump_is_not_at_fault(name, point, kind):
    report = gradcheck(lambda *x: node.apply(GATES[name], *x).sum() if isinstance(x[0], Tensor) else
                       node.apply(GATES[name], *x), *map(kind, point))  # fmt: skip
    assert not report.faults


def test_a_wrong_gate_at_a_jump_or_beside_a_pole_is_at_fault():
    for forward, wrong, x in (
        (lambda x: xp.sign(x), lambda out, x: xp.flat(x) + 3.0, 0.0),
        (lambda x: xp.divide(1.0, x), lambda out, x: 2.0 * out * out, 1e-3),
        (lambda x: x * x * x, lambda out, x: xp.flat(x), 2.0),
    ):
        gate = Gate("wrong", "w", forward, wrong, samples=[])
        assert [fault.gate for fault in gradcheck(lambda a, gate=gate: node.apply(gate, a), x).faults] == [gate]
