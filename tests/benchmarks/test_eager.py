"""The eager step of the moons: equal for all engines."""

import numpy as np
import pytest

from autograd import Value
from benchmarks import eager


def test_the_gradient_is_set_to_zero_before_each_step():
    step = eager.step(Value, 5, constant=Value)
    assert eager.result(*step) == eager.result(*step)


def test_the_step_equals_micrograds():
    engine = pytest.importorskip("micrograd.engine", reason="micrograd is only a peer")
    ours, peer = (eager.step(kind, 5, constant=kind) for kind in (Value, engine.Value))
    np.testing.assert_allclose(eager.result(*ours), eager.result(*peer), rtol=1e-12)
