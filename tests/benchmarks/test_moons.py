"""The moons: points on two half circles, and the loss of micrograd's demo."""

import math

import numpy as np

from benchmarks import moons


def test_points_lie_on_two_half_circles():
    points = np.array(moons.points(1000))
    x, y, label = points.T
    assert np.mean(label) == 0.0
    radius = np.where(label > 0, np.hypot(x, y), np.hypot(x - 1.0, y - 0.5))
    assert np.abs(radius - 1.0).max() < 0.6
    assert y[label > 0].mean() > y[label < 0].mean()


def test_the_loss_with_zero_parameters_is_that_of_zero_scores():
    parameters = moons.start()
    assert len(parameters) == 337
    loss = moons.loss([0.0] * 337, 6, number=float, relu=lambda x: max(x, 0.0))
    assert math.isclose(loss, 1.0)
