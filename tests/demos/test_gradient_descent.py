"""Slide 23: each step is direction times rate, each update is the sum, and J falls to its minimum."""

import re
from itertools import pairwise

import gradient_descent
import numpy as np
import pytest


def test_three_parts_of_each_step(tmp_path, capsys):
    settings = gradient_descent.Settings(out=tmp_path)
    gradient_descent.main(settings)
    *lines, bottom = capsys.readouterr().out.splitlines()[1:-1]
    rows = [[float(number) for number in re.findall(r"-?\d+\.\d+", line)] for line in lines]
    assert len(rows) == settings.steps + 1
    for before, after in pairwise(rows):
        direction, step, update = np.reshape(after[:6], (3, 2))
        np.testing.assert_allclose(step, settings.learning_rate * direction, atol=2e-4)
        np.testing.assert_allclose(update, before[-3:-1] + step, atol=2e-4)
        assert after[-1] <= before[-1]
    least = [float(number) for number in re.findall(r"-?\d+\.\d+", bottom)]
    np.testing.assert_allclose(rows[-1][-3:], least, atol=0.03)


def test_the_direction_is_that_of_the_gradient_by_hand(tmp_path, capsys):
    gradient_descent.main(gradient_descent.Settings(samples=2, steps=2, out=tmp_path))
    first = capsys.readouterr().out.splitlines()[2]
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 2, 2)
    y = 3 + 2 * x + rng.normal(0, 0.5, 2)
    missing = y - (-1.5 + 1.5 * x)
    direction = [float(number) for number in re.findall(r"-?\d+\.\d+", first)[:2]]
    assert direction == pytest.approx([missing.mean(), (missing * x).mean()], abs=5e-5)


def test_wrong_settings():
    with pytest.raises(ValueError, match="--steps must be a whole number, at least 2, got 0"):
        gradient_descent.main(gradient_descent.Settings(steps=0))
