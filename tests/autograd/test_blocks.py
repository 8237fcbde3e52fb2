"""Blocks: one gate equals its expansion into smaller gates, in value and gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, node
from autograd.blocks import HINGE, LINEAR, SOFTMAX_CROSS_ENTROPY


def both(block, *inputs, **attributes):
    """Value and gradients of the block and of its expansion, stacked flat."""
    results = []
    for function in (lambda *x, **a: node.apply(block, *x, **a), block.expand):
        tensors = [Tensor(x, requires_grad=True) for x in inputs]
        out = function(*tensors, **attributes)
        out.backward(np.linspace(1, 2, out.size).reshape(out.shape))
        results.append([out.data, *(x.grad for x in tensors)])
    return results


@given(n=st.integers(1, 5), classes=st.integers(1, 6), seed=st.integers(0, 99), scale=st.sampled_from([1e-3, 1, 30]))
def test_block_equals_expansion(n, classes, seed, scale):
    rng = np.random.default_rng(seed)
    scores, labels = rng.normal(scale=scale, size=(n, classes)), rng.integers(classes, size=n)
    x, weight, bias = rng.normal(size=(n, 3)), rng.normal(size=(classes, 3)), rng.normal(size=classes)
    for block, inputs, attributes in (
        (LINEAR, (x, weight, bias), {}),
        (SOFTMAX_CROSS_ENTROPY, (scores,), {"labels": labels}),
        (HINGE, (scores,), {"labels": labels, "margin": 1.0}),
    ):
        ours, expanded = both(block, *inputs, **attributes)
        for a, b in zip(ours, expanded, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "block", [SOFTMAX_CROSS_ENTROPY.expand, lambda *x, **a: node.apply(SOFTMAX_CROSS_ENTROPY, *x, **a)]
)
def test_cross_entropy_is_stable_at_a_thousand(block):
    logits = Tensor([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0]], requires_grad=True)
    out = block(logits, labels=np.array([0, 0]))
    out.backward(np.ones(2))
    assert out.data.tolist() == [0.0, 2000.0]
    assert logits.grad.tolist() == [[0, 0, 0], [-1, 1, 0]]


def test_hinge_at_the_corner_is_flat():
    scores = Tensor([[2.0, 1.0]], requires_grad=True)  # the margin is met exactly
    for function in (lambda s: node.apply(HINGE, s, labels=np.array([0]), margin=1.0),
                     lambda s: HINGE.expand(s, labels=np.array([0]), margin=1.0)):  # fmt: skip
        scores.zero_grad()
        function(scores).backward()
        assert scores.grad.tolist() == [[0.0, 0.0]]
