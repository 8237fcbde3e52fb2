"""Optimisers: each step is the formula; state and data keep their dtype."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import Linear, optim


def run(make, gradients, start, dtype=float):
    """The parameter after a step for each gradient."""
    parameter = Tensor(start, dtype=dtype, requires_grad=True)
    optimizer = make([parameter])
    for gradient in gradients:
        parameter.grad = np.array(gradient, dtype)
        optimizer.step()
    return parameter.data, optimizer


@given(
    lr=st.floats(1e-4, 1), momentum=st.sampled_from([0.0, 0.5, 0.9]), decay=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_sgd_is_its_formula(lr, momentum, decay, seed):
    rng = np.random.default_rng(seed)
    gradients, w, v = rng.normal(size=(5, 3)), rng.normal(size=3), np.zeros(3)
    ours, _ = run(lambda p: optim.SGD(p, lr=lr, momentum=momentum, weight_decay=decay), gradients, w)
    for g in gradients:
        v = momentum * v + g + decay * w
        w = w - lr * v
    np.testing.assert_allclose(ours, w, rtol=1e-12)


@given(
    lr=st.floats(1e-4, 1), betas=st.sampled_from([(0.9, 0.999), (0.0, 0.5)]), decay=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_adamw_is_its_formula(lr, betas, decay, seed):
    rng = np.random.default_rng(seed)
    gradients, w, m, v = rng.normal(size=(5, 3)), rng.normal(size=3), 0, 0
    ours, _ = run(lambda p: optim.AdamW(p, lr=lr, betas=betas, weight_decay=decay), gradients, w)
    for t, g in enumerate(gradients, start=1):
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        w = w - lr * decay * w
        w = w - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + 1e-8)
    np.testing.assert_allclose(ours, w, rtol=1e-9)


@pytest.mark.parametrize("make", [lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1), optim.AdamW])
@pytest.mark.parametrize("shape", [(), (3,), (301, 333), (2, optim.BLOCK), (optim.BLOCK + 1,)])
def test_blocks_cover_every_element_once(make, shape):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=shape), rng.normal(size=(2, *shape))
    ours, _ = run(make, gradients, start)
    one_by_one = [run(make, gradients.reshape(2, -1)[:, [i]], start.reshape(-1)[[i]])[0][0] for i in (0, -1)]
    assert ours.reshape(-1)[[0, -1]].tolist() == one_by_one
    assert (ours != start).all()


@pytest.mark.parametrize("make", [lambda p: optim.SGD(p, lr=0.1, momentum=0.9), optim.AdamW])
def test_float32_stays_float32(make):
    data, optimizer = run(make, [[1.0, 2.0]], [1.0, 2.0], np.float32)
    assert {data.dtype, *(array.dtype for state in optimizer.state for array in state)} == {np.dtype(np.float32)}


def test_a_gradient_that_is_not_contiguous_serves():
    parameter = Tensor(np.zeros((2, 3)), requires_grad=True)
    parameter.grad = np.arange(6.0).reshape(3, 2).T
    optim.SGD([parameter], lr=1.0).step()
    assert parameter.data.tolist() == [[0, -2, -4], [-1, -3, -5]]


def test_a_parameter_that_is_not_contiguous_is_changed_too():
    for make in (lambda p: optim.SGD(p, lr=1.0, momentum=0.5), optim.AdamW):
        plain, turned = (Tensor(np.ones((2, 3)), requires_grad=True) for _ in range(2))
        turned.data = np.ones((3, 2)).T
        for parameter in (plain, turned):
            optimizer = make([parameter])
            for _ in range(2):
                parameter.grad = np.arange(6.0).reshape(2, 3) + 1
                optimizer.step()
        assert (plain.data == turned.data).all()
        assert (plain.data != 1).all()


def test_a_model_may_change_its_dtype_on_the_way():
    parameter = Tensor([1.0], dtype=np.float32, requires_grad=True)
    optimizer = optim.AdamW([parameter], lr=0.1)
    parameter.data = parameter.data.astype(float)
    parameter.grad = np.array([2.0])
    optimizer.step()
    assert parameter.data.tolist() == [pytest.approx(0.899)]


def test_a_parameter_without_a_gradient_stays_and_zero_grad_forgets():
    a, b = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    optimizer = optim.SGD(iter([a, b]), lr=0.5)
    (a * 2).backward()
    optimizer.step()
    assert (a.data.tolist(), b.data.tolist()) == ([0.0], [1.0])
    optimizer.zero_grad()
    assert a.grad is None


def test_agrees_with_torch():
    torch = pytest.importorskip("torch", reason="torch is only an oracle")
    gradients, start = np.random.default_rng(0).normal(size=(100, 7)), np.linspace(-1, 1, 7)
    for ours, theirs in (
        (lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1),
         lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)),
        (lambda p: optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1),
         lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1)),
    ):  # fmt: skip
        parameter = torch.tensor(start, requires_grad=True)
        optimizer = theirs([parameter])
        for gradient in gradients:
            parameter.grad = torch.tensor(gradient)
            optimizer.step()
        np.testing.assert_allclose(run(ours, gradients, start)[0], parameter.detach().numpy(), rtol=1e-8)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda p: optim.SGD(p, lr=0), r"lr must be above 0 and finite, but 0 came"),
        (lambda p: optim.AdamW(p, lr=-1), r"lr must be above 0"),
        (lambda p: optim.SGD(p, lr=1, momentum=1), r"momentum must be at least 0 and below 1"),
        (lambda p: optim.AdamW(p, weight_decay=-1), r"weight_decay must be at least 0"),
        (lambda p: optim.AdamW(p, betas=(0.9, 1.0)), r"betas\[1\]"),
        (lambda p: optim.AdamW(p, eps=0), r"eps must be above 0"),
        (lambda p: optim.SGD([], lr=1), r"SGD got no parameters"),
    ],
)
def test_settings_out_of_range_are_refused(make, match):
    with pytest.raises(ValueError, match=match):
        make([Tensor([1.0], requires_grad=True)])


def test_what_is_no_parameter_is_refused():
    with pytest.raises(TypeError, match=r"AdamW changes Tensors with requires_grad=True .* but Tensor of shape"):
        optim.AdamW([Tensor([1.0])])
    leaf = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="that no gate has computed"):
        optim.SGD([leaf * 1.0], lr=1)
    with pytest.raises(TypeError, match=r"takes a list of parameters, but one Tensor came; give .* \[tensor\]"):
        optim.SGD(leaf, lr=1)
    with pytest.raises(TypeError, match=r"but one Linear came; give model.parameters\(\)"):
        optim.SGD(Linear(2, 1), lr=1)


def test_each_parameter_counts_its_own_steps():
    early, late = (Tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = optim.AdamW([early, late], lr=0.01, weight_decay=0.0)
    for _ in range(50):
        early.grad = np.array([1.0])
        optimizer.step()
    late.grad = np.array([1.0])
    optimizer.step()
    assert late.data[0] == pytest.approx(0.99)  # its first step, as long as the first of any other
