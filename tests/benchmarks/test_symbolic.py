"""CasADi as a peer: value and gradient of a function of one vector."""

import numpy as np
import pytest

from benchmarks.symbolic import value_and_gradient


def test_reads_theta_in_place():
    pytest.importorskip("casadi", reason="CasADi is only a peer")
    theta = np.array([2.0, 3.0])
    evaluate = value_and_gradient(lambda x: x[0] * x[0] * x[1], theta)
    value, gradient = evaluate()
    assert (value, gradient.tolist()) == (12.0, [12.0, 4.0])
    theta[:] = 1.0
    value, gradient = evaluate()
    assert (value, gradient.tolist()) == (1.0, [2.0, 1.0])
