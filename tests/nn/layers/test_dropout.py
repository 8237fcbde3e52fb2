"""Dropout is inverted, seeded, and off in evaluation mode."""

import numpy as np
import pytest

from autograd import Tensor, gradcheck
from nn import Dropout

X = np.ones((200, 500), np.float32)


def test_keeps_the_mean_and_drops_the_share_p():
    out = Dropout(0.3, rng=0)(X).data
    assert out.mean() == pytest.approx(1, rel=0.01)
    assert (out == 0).mean() == pytest.approx(0.3, rel=0.02)
    assert np.unique(out).tolist() == [0.0, np.float32(1 / 0.7)]
    assert out.dtype == np.float32


def test_returns_the_input_in_evaluation_mode():
    x = Tensor(X)
    assert Dropout(0.5, rng=0).eval()(x) is x
    assert Dropout(0.0)(x) is x


def test_same_masks_with_the_same_seed():
    layer, other = Dropout(0.5, rng=3), Dropout(0.5, rng=3)
    first = layer(X).data
    assert (first == other(X).data).all()
    assert (first != layer(X).data).any()


def test_gradient_with_a_fixed_mask():
    assert gradcheck(lambda x: Dropout(0.5, rng=0)(x), np.random.default_rng(0).normal(size=(4, 5)))


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_rejects_p_outside_of_0_to_1(p):
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        Dropout(p)
