"""Batches: they cover an epoch; sums over the samples so far."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn.training.batches import EpochPosition, batches


@given(n=st.integers(1, 40), size=st.integers(1, 12))
def test_batches_cover_every_sample_once_and_hold_more_than_one(n, size):
    parts = batches(n, size)
    assert [i for part in parts for i in range(n)[part]] == list(range(n))
    sizes = [part.stop - part.start for part in parts]
    assert max(sizes) <= size + 1
    assert size == 1 or n == 1 or min(sizes) > 1


def test_position_counts_losses_and_hits():
    position = EpochPosition(np.arange(5))
    assert (position.loss, position.accuracy) == (0.0, 0.0)
    position.count(1.0, 3, np.array([True, False, True]))
    position.count(2.0, 2, np.array([True, True]))
    assert (position.batch, position.seen, position.loss, position.accuracy) == (2, 5, 7 / 5, 4 / 5)
    position.count(2.0, 1, None)
    assert position.accuracy is None
