"""Half precision: every gate gives the float32 result, rounded to float16, forward and backward."""

import numpy as np
import pytest

from autograd import Tensor
from autograd.gates import GATES
from autograd.gates.arrays import ARRAY_GATES
from autograd.graph.node import apply

CASES = [(gate, (sample, {})) for gate in GATES.values() for sample in gate.samples]
CASES += [(gate, sample) for gate in ARRAY_GATES.values() for sample in gate.samples]
SCALES = [1.0, 300.0]  # the square of 300 is above 65,504, the largest number of float16


def run(gate, inputs, attributes, dtype, upstream):
    """The value and the gradients of a gate in one dtype."""
    nodes = [x if x.dtype.kind != "f" else Tensor(x.astype(dtype), requires_grad=True) for x in inputs]
    out = apply(gate, *nodes, **attributes)
    if not out.requires_grad:
        return [out.data]
    out.backward(upstream(out.shape).astype(out.dtype))
    return [out.data, *[node.grad for node in nodes if isinstance(node, Tensor)]]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("gate", "case"), CASES, ids=lambda x: getattr(x, "name", None))
def test_gate(gate, case, scale):
    sample, attributes = case
    if attributes.get("dtype") is float:
        attributes = {"dtype": np.float16}
    inputs = [np.asarray(x) for x in sample]
    inputs = [x if x.dtype.kind != "f" else (x * scale).astype(np.float16) for x in inputs]
    upstream = lambda shape: np.linspace(0.5, 1.5, int(np.prod(shape))).astype(np.float16).reshape(shape)
    half = run(gate, inputs, attributes, np.float16, upstream)
    if "dtype" in attributes:
        attributes = {"dtype": np.float32}
    single = run(gate, inputs, attributes, np.float32, upstream)
    assert len(half) == len(single)
    for got, expected in zip(half, single, strict=True):
        assert got.dtype == np.float16
        with np.errstate(over="ignore"):
            expected = expected.astype(np.float16).astype(float)
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)  # a gradient may use the rounded value
        np.testing.assert_allclose(got.astype(float), expected, rtol=2e-3, atol=2e-3 * largest)
