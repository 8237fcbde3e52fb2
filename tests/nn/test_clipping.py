"""Clipping agrees with PyTorch, uses the norm of all gradients together, and scales only gradients above the bound."""

import math
from math import inf, nan

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import Linear, clip_grad_norm, clip_grad_value

try:
    import torch
except ImportError:
    torch = None


def parameters(*gradients, dtype=float):
    """Parameters with these gradients."""
    made = []
    for gradient in gradients:
        made.append(Tensor(np.zeros(np.shape(gradient)), dtype=dtype, requires_grad=True))
        made[-1].grad = np.array(gradient, dtype)
    return made


def of_torch(clip, parameters, bound):
    """The gradients after torch's function of that name."""
    peers = [torch.tensor(parameter.data, requires_grad=True) for parameter in parameters]
    for parameter, peer in zip(parameters, peers, strict=True):
        peer.grad = None if parameter.grad is None else torch.tensor(parameter.grad)
    getattr(torch.nn.utils, clip)(peers, bound)
    return [None if peer.grad is None else peer.grad.numpy() for peer in peers]


@hypothesis.settings(max_examples=30)
@given(
    shapes=st.lists(st.sampled_from([(), (3,), (2, 4), (0,)]), min_size=1, max_size=3),
    scale=st.floats(1.0, 1e3), bound=st.floats(0.1, 1e4), seed=st.integers(0, 99), dtype=st.sampled_from(["f4", "f8"]),
)  # fmt: skip
def test_equals_the_formula_and_torch(shapes, scale, bound, seed, dtype):
    rng = np.random.default_rng(seed)
    gradients = [(np.sign(rng.normal(size=shape)) + rng.normal(size=shape) / 9) * scale for shape in shapes]
    for clip, theirs in ((clip_grad_norm, "clip_grad_norm_"), (clip_grad_value, "clip_grad_value_")):
        ours = [*parameters(*gradients, dtype=dtype), Tensor(1.0, requires_grad=True)]
        before = [parameter.grad for parameter in ours]
        exact = [None if gradient is None else gradient.astype(float) for gradient in before]
        norm = math.sqrt(sum((gradient**2).sum() for gradient in exact if gradient is not None))
        expected = [of_torch(theirs, ours, bound)] if torch else []
        returned = clip(ours, bound)
        factor = min(1.0, bound / norm) if norm else 1.0
        if clip is clip_grad_norm:
            assert type(returned) is float
            assert returned == pytest.approx(norm, rel=1e-12)
        by_formula = [
            gradient if gradient is None
            else gradient * factor if clip is clip_grad_norm
            else np.clip(gradient, -bound, bound)
            for gradient in exact
        ]  # fmt: skip
        for all_expected in (by_formula, *expected):
            for parameter, gradient, one in zip(ours, before, all_expected, strict=True):
                assert parameter.grad is gradient  # changed in place
                if gradient is not None:
                    assert gradient.dtype == dtype
                    np.testing.assert_allclose(gradient, one, rtol=2e-6)


def test_norm_of_all_gradients_together():
    a, b = parameters([3.0, 0.0], [[4.0]])
    assert clip_grad_norm(iter([a, b]), 10.0) == 5.0
    assert (a.grad.tolist(), b.grad.tolist()) == ([3.0, 0.0], [[4.0]])
    assert clip_grad_norm([a, b], 1) == 5.0
    np.testing.assert_allclose([*a.grad, *b.grad[0]], [0.6, 0.0, 0.8], rtol=1e-15)
    assert clip_grad_norm([Tensor(1.0, requires_grad=True)], 1.0) == 0.0


def test_large_float32_gradients_do_not_overflow():
    (parameter,) = parameters(np.full(10_000, 3e38), dtype=np.float32)
    assert clip_grad_norm([parameter], 1.0) == pytest.approx(3e40, rel=1e-6)
    np.testing.assert_allclose(parameter.grad, 0.01, rtol=1e-6)


@pytest.mark.parametrize("wrong", [nan, inf, 1e200])
def test_gradients_are_unchanged_if_the_norm_is_not_finite(wrong):
    made = parameters([3.0], [wrong])
    norm = clip_grad_norm(made, 1.0)
    assert not np.isfinite(norm)
    assert made[0].grad.tolist() == [3.0]


def test_gradients_with_a_graph_are_clipped_by_gates():
    for clip, first in ((clip_grad_norm, 1.0), (clip_grad_value, 1.0)):
        x = Tensor([2.0], dtype=np.float32, requires_grad=True)
        (x**3).sum().backward(create_graph=True)
        clip([x], 1.0)
        assert x.grad.tolist() == [first]
        assert x.grad.dtype == np.float32
        gradient = x.grad
        x.zero_grad()
        gradient.sum().backward()  # the graph of the clipped gradient is intact
        assert x.grad.tolist() == [pytest.approx(1.0 if clip is clip_grad_norm else 0.0)]


def test_rejects_wrong_bounds_and_parameters():
    (parameter,) = parameters([1.0])
    for clip, what in ((clip_grad_norm, "max_norm"), (clip_grad_value, "max_value")):
        for got in (0, -1.0, nan, "1", None):
            with pytest.raises(ValueError, match=f"{what} must be above 0, got .*"):
                clip([parameter], got)
        with pytest.raises(TypeError, match=rf"{clip.__name__} expected a list of parameters, got one Tensor"):
            clip(parameter, 1.0)
        with pytest.raises(TypeError, match="got one Linear"):
            clip(Linear(2, 1), 1.0)
        with pytest.raises(TypeError, match=rf"{clip.__name__} expected .* leaf Tensors with requires_grad=True"):
            clip([parameter * 1.0], 1.0)


@pytest.mark.parametrize("clip", [clip_grad_norm, clip_grad_value])
def test_a_read_only_gradient_is_replaced(clip):
    (parameter,) = parameters([0.0, 0.0])
    parameter.grad = np.broadcast_to(3.0, (2,))
    clip([parameter], 1.0)
    np.testing.assert_allclose(parameter.grad, [math.sqrt(0.5)] * 2 if clip is clip_grad_norm else [1.0, 1.0])
