"""SGD: each update equals the formula."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn import optim


@given(
    lr=st.floats(1e-4, 1), momentum=st.sampled_from([0.0, 0.5, 0.9]), decay=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_updates_of_sgd_equal_the_formula(updated, lr, momentum, decay, seed):
    rng = np.random.default_rng(seed)
    gradients, start = rng.normal(size=(5, 3)), rng.normal(size=3)
    for nesterov in {False, momentum > 0}:
        settings = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": decay}
        ours, _ = updated(lambda p, settings=settings: optim.SGD(p, **settings), gradients, start)
        w, v = start, 0
        for g in gradients:
            g = g + decay * w
            v = momentum * v + g
            w = w - lr * (g + momentum * v if nesterov else v)
        np.testing.assert_allclose(ours, w, rtol=1e-9, atol=1e-12)
