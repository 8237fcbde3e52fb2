"""Gates over arrays: every entry of the table is checked, and agrees with NumPy."""

import itertools

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, gradcheck
from autograd.gates import blocks
from autograd.gates.arrays import ARRAY_GATES, ArrayGate
from autograd.graph import node

assert blocks  # importing it enters the blocks into the table


@pytest.mark.parametrize("name", sorted(ARRAY_GATES))
def test_vjps_at_the_samples(name):
    entry = ARRAY_GATES[name]
    for inputs, attributes in entry.samples:
        report = gradcheck(lambda *x, attributes=attributes: node.apply(entry, *x, **attributes), *inputs)
        assert report.relative_error < 1e-6, f"{name} {attributes}\n{report}"


@pytest.mark.parametrize("name", sorted(ARRAY_GATES))
def test_float32_stays_float32(name):
    entry = ARRAY_GATES[name]
    for inputs, attributes in entry.samples:
        if name == "astype":
            attributes = {"dtype": np.float32}
        tensors = [Tensor(x, dtype=np.float32, requires_grad=True) for x in inputs]
        out = node.apply(entry, *tensors, **attributes)
        out.backward(np.ones(out.shape))
        assert {out.dtype, *(x.grad.dtype for x in tensors)} == {np.dtype(np.float32)}


@given(
    x=hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=3), elements=st.floats(-10, 10)),
    keepdims=st.booleans(),
    data=st.data(),
)
def test_reductions_agree_with_numpy(x, keepdims, data):
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    t = Tensor(x, requires_grad=True)
    for name in ("sum", "mean", "max"):
        ours = getattr(t, name)(axis=axis, keepdims=keepdims)
        numpys = getattr(np, name)(x, axis=axis, keepdims=keepdims)
        assert ours.shape == np.shape(numpys)
        np.testing.assert_allclose(ours.data, numpys, rtol=1e-12, atol=1e-12)
        t.zero_grad()
        ours.backward(np.ones(ours.shape))
        assert t.grad.sum() == pytest.approx(np.size(numpys) if name != "sum" else x.size)


def test_max_splits_ties_over_an_axis():
    t = Tensor([[1.0, 1.0, 0.0], [2.0, 3.0, 3.0]], requires_grad=True)
    t.max(axis=1).sum().backward()
    assert t.grad.tolist() == [[0.5, 0.5, 0], [0, 0.5, 0.5]]


def test_gradients_of_a_repeated_index_are_added():
    t = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    t[[0, 0, 2]].sum().backward()
    assert t.grad.tolist() == [2.0, 0.0, 1.0]


def test_matmul_broadcasts_over_batches():
    a = Tensor(np.ones((2, 3)), requires_grad=True)
    b = Tensor(np.ones((5, 3, 4)), requires_grad=True)
    out = a @ b
    assert out.shape == (5, 2, 4)
    out.sum().backward()
    assert a.grad.tolist() == np.full((2, 3), 20.0).tolist()


def test_a_gradient_is_a_writable_array_of_its_own():
    t = Tensor([[1.0, 2.0]], requires_grad=True)
    for out in (t.sum(), t.reshape(2), t.T, t[0], t.astype(float)):
        t.zero_grad()
        seed = np.ones(out.shape)
        out.backward(seed)
        t.grad += 1.0  # neither read-only nor a view of the upstream gradient
        assert (seed == 1.0).all()
        assert t.grad.shape == t.shape


@pytest.mark.parametrize("signs", list(itertools.product([0, -3], repeat=3)))
@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))))
def test_transpose_with_negative_axes(axes, signs):
    named = [axis + sign for axis, sign in zip(axes, signs, strict=True)]
    x = Tensor(np.arange(24.0).reshape(2, 3, 4), requires_grad=True)
    out = x.transpose(named)
    weights = np.arange(24.0).reshape(out.shape) ** 2
    (out * weights).sum().backward()
    assert (x.grad == weights.transpose(np.argsort(axes))).all()


def test_changing_an_index_array_later_has_no_effect():
    x, index = Tensor([1.0, 2.0, 3.0], requires_grad=True), np.array([0, 1])
    out = x[index].sum()
    index[:] = 2
    out.backward()
    assert x.grad.tolist() == [1.0, 1.0, 0.0]


def test_a_vjp_of_the_wrong_shape_is_reported():
    x = Tensor(np.ones((2, 3)), requires_grad=True)
    wrong = ArrayGate("wrong", "?", lambda x: x, lambda upstream, out, x: upstream.T, samples=[], vjp_formulas=())
    try:
        with pytest.raises(ValueError, match=r"gate wrong .* an input of shape \(2, 3\) a gradient of shape \(3, 2\)"):
            node.apply(wrong, x).sum().backward()
    finally:
        del ARRAY_GATES["wrong"]
