"""RMSProp: each update equals the formula."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn import optim


@given(
    lr=st.floats(1e-4, 1), alpha=st.sampled_from([0.0, 0.99]), momentum=st.sampled_from([0.0, 0.9]),
    decay=st.sampled_from([0.0, 0.1]), seed=st.integers(0, 99),
)  # fmt: skip
def test_updates_of_rmsprop_equal_the_formula(updated, lr, alpha, momentum, decay, seed):
    rng = np.random.default_rng(seed)
    gradients, w, s, v = rng.normal(size=(5, 3)), rng.normal(size=3), 0, 0
    settings = {"lr": lr, "alpha": alpha, "momentum": momentum, "weight_decay": decay}
    ours, _ = updated(lambda p: optim.RMSProp(p, **settings), gradients, w)
    for g in gradients:
        g = g + decay * w
        s = alpha * s + (1 - alpha) * g**2
        v = momentum * v + g / (np.sqrt(s) + 1e-8)
        w = w - lr * v
    np.testing.assert_allclose(ours, w, rtol=1e-9, atol=1e-12)
