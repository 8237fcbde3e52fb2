"""The random graph: it mixes all gates within bounds, and CasADi writes the same function."""

import numpy as np
import pytest

from autograd import Value
from autograd.extend import apply
from autograd.gates import GATES
from benchmarks import mix


def test_mixes_all_gates_within_bounds():
    chosen, theta = mix.graph(1000, list(GATES))
    assert {name for name, _ in chosen} == set(GATES)
    leaves = [Value(x) for x in theta]
    nodes = []

    def gate(name, *inputs):
        nodes.append(apply(GATES[name], *inputs))
        return nodes[-1]

    mix.run(chosen, leaves, gate).backward()
    assert len(nodes) == 1000
    assert max(abs(node.data) for node in nodes) <= mix.MAX_VALUE
    assert np.isfinite([leaf.grad for leaf in leaves]).all()


def test_casadi_has_every_gate_of_the_table():
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
