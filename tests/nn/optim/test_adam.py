"""Adam and AdamW: each update equals the formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import optim


@given(
    lr=st.floats(1e-4, 1), betas=st.sampled_from([(0.9, 0.999), (0.0, 0.5)]), decay=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_updates_of_adam_and_adamw_equal_the_formulas(updated, lr, betas, decay, seed):
    rng = np.random.default_rng(seed)
    gradients, start = rng.normal(size=(5, 3)), rng.normal(size=3)
    for kind in (optim.Adam, optim.AdamW):
        ours, _ = updated(lambda p, kind=kind: kind(p, lr=lr, betas=betas, weight_decay=decay), gradients, start)
        w, m, v = start, 0, 0
        for t, g in enumerate(gradients, start=1):
            if kind is optim.AdamW:
                w = w - lr * decay * w
            else:
                g = g + decay * w
            m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
            w = w - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + 1e-8)
        np.testing.assert_allclose(ours, w, rtol=1e-9, atol=1e-12)


def test_each_parameter_counts_its_own_steps():
    early, late = (Tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = optim.AdamW([early, late], lr=0.01, weight_decay=0.0)
    for _ in range(50):
        early.grad = np.array([1.0])
        optimizer.step()
    late.grad = np.array([1.0])
    optimizer.step()
    assert late.data[0] == pytest.approx(0.99)  # its first update is as large as that of `early`
