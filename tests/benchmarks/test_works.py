"""The works that the benchmarks share between sides, without a clock."""

import numpy as np
import pytest

from autograd import Value
from autograd.gates import GATES
from autograd.graph.node import apply
from benchmarks import eager, mix, moons, steps
from benchmarks.chains import chain
from benchmarks.compiled import record


def gates(root):
    seen, todo = {root}, [root]
    while todo:
        fresh = [node for node in todo.pop().inputs if node not in seen]
        seen.update(fresh)
        todo += fresh
    return sum(node.gate is not None for node in seen)


def test_the_moons_are_those_of_micrograds_demo():
    loss, leaves = record(100)
    assert len(leaves) == 337
    assert gates(loss) == 65_077
    engine = pytest.importorskip("micrograd.engine", reason="micrograd is only a peer")
    ours, peer = (eager.step(kind, 5, constant=kind) for kind in (Value, engine.Value))
    np.testing.assert_allclose(eager.result(*ours), eager.result(*peer), rtol=1e-12)


def test_the_moons_lie_on_two_half_circles():
    points = np.array(moons.points(1000))
    x, y, label = points.T
    assert np.mean(label) == 0.0
    radius = np.where(label > 0, np.hypot(x, y), np.hypot(x - 1.0, y - 0.5))
    assert np.abs(radius - 1.0).max() < 0.6
    assert y[label > 0].mean() > y[label < 0].mean()


def test_the_random_graph_mixes_all_gates_within_bounds():
    chosen, theta = mix.graph(1000, list(GATES))
    assert {name for name, _ in chosen} == set(GATES)
    leaves = [Value(x) for x in theta]
    nodes = []

    def gate(name, *inputs):
        nodes.append(apply(GATES[name], *inputs))
        return nodes[-1]

    mix.run(chosen, leaves, gate).backward()
    assert len(nodes) == 1000
    assert max(abs(node.data) for node in nodes) <= mix.BOUND
    assert np.isfinite([leaf.grad for leaf in leaves]).all()


def test_casadi_writes_every_gate_of_the_table():
    casadi = pytest.importorskip("casadi", reason="CasADi is only a peer")
    forms = mix.forms(casadi)
    assert forms.keys() == GATES.keys()
    chosen, theta = mix.graph(300, list(GATES))
    leaves = [Value(x) for x in theta]
    root = mix.run(chosen, leaves, lambda name, *inputs: apply(GATES[name], *inputs))
    root.backward()
    evaluate = mix.value_and_gradient(
        lambda symbols: mix.run(chosen, symbols, lambda name, *inputs: forms[name](*inputs)), theta
    )
    value, gradient = evaluate()
    assert value == pytest.approx(root.data, rel=1e-12)
    np.testing.assert_allclose(gradient, [leaf.grad for leaf in leaves], rtol=1e-9, atol=1e-12)


def test_a_step_goes_down():
    step = steps.Step(steps.SMALL, "AdamW")
    losses = [step().item() for _ in range(5)]
    assert losses == sorted(losses, reverse=True)


def test_the_chain_ends_as_its_formula_says():
    assert chain(10) == (1.0, -1.0)
