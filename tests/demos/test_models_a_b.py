"""Slide 19: equal scores, R of 1 and 0.25 by L2, no preference by L1."""

import re

import models_a_b
import numpy as np


def test_scores_are_equal_and_l2_alone_prefers_b(at_defaults):
    output, _ = at_defaults("models_a_b")
    rows = {name: [float(n) for n in numbers.split()] for name, numbers in re.findall(r"\n([AB]) +([\d. ]+)", output)}
    assert rows == {"A": [1, 1, 1], "B": [1, 1, 0.25]}
    assert "L1 has no preference\nL2 prefers B\n" in output


def test_the_models_are_those_of_the_slide():
    np.testing.assert_array_equal(models_a_b.MODELS["A"], [1, 0, 0, 0])
    np.testing.assert_array_equal(models_a_b.MODELS["B"], 4 * [0.25])
