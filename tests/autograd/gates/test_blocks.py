"""Blocks: a block equals its expansion into smaller gates, in value and gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from autograd.gates.blocks import HINGE, LINEAR, SOFT_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY, STANDARDIZE
from autograd.graph import node


def both(block, *inputs, **attributes):
    """Return value and gradients of the block, and those of its expansion."""
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
    targets = rng.dirichlet(np.ones(classes), size=n)
    for block, inputs, attributes in (
        (LINEAR, (x, weight, bias), {}),
        (SOFTMAX_CROSS_ENTROPY, (scores,), {"labels": labels}),
        (SOFT_CROSS_ENTROPY, (scores, targets), {}),
        (HINGE, (scores,), {"labels": labels, "margin": 1.0}),
        (HINGE, (scores,), {"labels": labels, "margin": 0.5, "squared": True}),
        (STANDARDIZE, (scores,), {"axis": 0, "eps": 1e-5}),
        (STANDARDIZE, (scores,), {"axis": 1, "eps": 1e-3}),
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


def test_the_gradient_of_hinge_at_its_kink_is_0():
    scores = Tensor([[2.0, 1.0]], requires_grad=True)  # the margin is met exactly
    for function in (lambda s: node.apply(HINGE, s, labels=np.array([0]), margin=1.0),
                     lambda s: HINGE.expand(s, labels=np.array([0]), margin=1.0)):  # fmt: skip
        scores.zero_grad()
        function(scores).backward()
        assert scores.grad.tolist() == [[0.0, 0.0]]


def test_the_squared_hinge_has_no_kink():
    scores = Tensor([[2.0, 1.0, 3.0]], requires_grad=True)  # the second meets its margin exactly
    out = node.apply(HINGE, scores, labels=np.array([0]), margin=1.0, squared=True)
    out.backward()
    assert out.item() == 4.0
    assert scores.grad.tolist() == [[-4.0, 0.0, 4.0]]
    assert HINGE.kink(scores.data, labels=np.array([0]), margin=1.0, squared=True) is None


@given(
    shape=st.tuples(st.integers(2, 6), st.integers(1, 5)),
    axis=st.sampled_from([0, 1, -1]),
    shift=st.sampled_from([0.0, 1e3]),
    seed=st.integers(0, 99),
)
def test_standardize_gives_mean_0_and_variance_1_at_any_shift(shape, axis, shift, seed):
    data = np.random.default_rng(seed).normal(size=shape)
    x = Tensor(data + shift, requires_grad=True)
    out = node.apply(STANDARDIZE, x, axis=axis, eps=1e-12)
    np.testing.assert_allclose(out.data.mean(axis=axis), 0, atol=1e-8)
    if shape[axis] > 1:
        np.testing.assert_allclose(out.data.var(axis=axis), 1, rtol=1e-6)
    out.backward(np.random.default_rng(seed).normal(size=shape))
    np.testing.assert_allclose(x.grad.sum(axis=axis), 0, atol=1e-6)  # no gradient along a shift


@pytest.mark.parametrize("block", [STANDARDIZE.expand, lambda x, **a: node.apply(STANDARDIZE, x, **a)])
def test_standardize_maps_equal_numbers_to_0(block):
    x = Tensor(np.full((3, 2), 1000.0), requires_grad=True)
    out = block(x, axis=0, eps=1e-5)
    out.backward(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]))
    assert (out.data == 0).all()
    np.testing.assert_allclose(x.grad[:, 0], np.array([2, -1, -1]) / 3 / np.sqrt(1e-5))


def test_soft_cross_entropy_of_a_one_hot_target_is_that_of_its_label():
    logits, labels = np.array([[1000.0, -1000.0, 0.0], [0.3, -0.2, 0.1]]), np.array([1, 2])
    results = []
    for block, targets in ((SOFTMAX_CROSS_ENTROPY, {"labels": labels}), (SOFT_CROSS_ENTROPY, {})):
        x = Tensor(logits, requires_grad=True)
        out = node.apply(block, x, *([] if targets else [np.eye(3)[labels]]), **targets)
        out.backward(np.array([1.0, 2.0]))
        results.append((out.data, x.grad))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)
