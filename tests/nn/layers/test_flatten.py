"""Flatten reshapes each sample to one row."""

import numpy as np
import pytest

from nn import Flatten, Linear, Sequential


@pytest.mark.parametrize("shape", [(4, 2, 3), (4, 6), (4,), (0, 2, 3), (1, 2, 0)])
def test_samples_become_rows(shape):
    x = np.random.default_rng(0).normal(size=shape)
    out = Flatten()(x)
    assert out.shape == (shape[0], int(np.prod(shape[1:])))
    assert (out.data.ravel() == x.ravel()).all()


def test_images_before_a_linear_layer():
    assert Sequential(Flatten(), Linear(12, 5)).summary((2, 2, 3)).rows[0].output == (12,)


def test_rejects_a_single_number():
    with pytest.raises(ValueError, match=r"shape \(n, \.\.\.\), got a single number"):
        Flatten()(np.array(1.0))
