"""Hyper-parameters: a number or a word."""

import numpy as np
import pytest

from nn.hyperparameters import checked


def test_a_number_or_a_word():
    assert type(checked("lr", np.float32(0.5), "above 0", True)) is float
    with pytest.raises(ValueError, match=r"lr must be above 0, but -1 came"):
        checked("lr", -1, "above 0", False)
