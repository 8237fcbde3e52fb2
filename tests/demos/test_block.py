"""block: the formula of a block's gradient is the product of its gates."""

import re

import numpy as np
import pytest


def test_both_ways_to_the_gradient_agree(at_defaults):
    output, _ = at_defaults("block")
    rows = re.findall(r"gates: +(\d+), (.*)", output, re.MULTILINE)
    counts, found = zip(*((int(count), text) for count, text in rows), strict=True)
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert counts[:2] == (8, 5)
    assert counts[2] > counts[3] == 1


def test_the_gradient_of_softmax_and_log_is_p_minus_one(at_defaults):
    output, _ = at_defaults("block")
    gradients = output.splitlines()[-2].replace("−", "-").rpartition("gradients: ")[2]
    p = np.exp([3.2, 5.1, -1.7]) / np.exp([3.2, 5.1, -1.7]).sum()
    assert [float(number) for number in gradients.split(", ")] == pytest.approx(p - [1, 0, 0], abs=1e-4)
