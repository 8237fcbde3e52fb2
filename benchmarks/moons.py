"""micrograd's moons demo for any kind of number: an MLP 2-16-16-1 with hinge loss and L2, scalar by scalar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import methodcaller
from typing import Protocol, Self, TypeVar

import numpy as np


class Number(Protocol):
    """What the moons ask of a number: + and ×."""

    def __add__(self, other: Self | float) -> Self: ...
    def __radd__(self, other: float) -> Self: ...
    def __mul__(self, other: Self | float) -> Self: ...
    def __rmul__(self, other: float) -> Self: ...


Kind = TypeVar("Kind", bound=Number)

NEURONS = (2, 16, 16, 1)
SAMPLES = (25, 50, 100)


def points(samples: int) -> list[list[float]]:
    """Draw points on two half circles, as make_moons does.

    scikit-learn itself is not loaded, as the garbage collector would have to walk its objects.

    Parameters
    ----------
    samples : int
        The number of points.

    Returns
    -------
    list of list of float
        x, y and the label (−1 or 1) of each point.
    """
    rng = np.random.default_rng(0)
    label = np.resize([1.0, -1.0], samples)
    angle = rng.uniform(0.0, np.pi, samples)
    x, y = label * np.cos(angle) + (label < 0), label * np.sin(angle) + 0.5 * (label < 0)
    noise = rng.normal(0.0, 0.1, (2, samples))
    return np.stack([x + noise[0], y + noise[1], label], axis=1).tolist()


def start() -> list[float]:
    """Draw the initial parameters.

    Returns
    -------
    list of float
        The 337 parameters, neuron by neuron: its weights, uniform in ±1, and its bias, 0.
    """
    rng = np.random.default_rng(1)
    shapes = pairwise(NEURONS)
    return [x for n, neurons in shapes for _ in range(neurons) for x in (*rng.uniform(-1.0, 1.0, n).tolist(), 0.0)]


def loss(
    parameters: Sequence[Kind],
    samples: int,
    *,
    number: Callable[[float], Kind],
    relu: Callable[[Kind], Kind] = methodcaller("relu"),
) -> Kind:
    """Compute the demo's loss: the mean hinge loss plus 10⁻⁴ times the sum of the squared parameters.

    Parameters
    ----------
    parameters : sequence
        The 337 parameters, of any kind of number.
    samples : int
        The number of points.
    number : callable
        The constructor of a number, for the coordinates of the points.
    relu : callable, default the method `relu`
        ReLU of a number.

    Returns
    -------
    number
        The loss.
    """
    rest = iter(parameters)
    layers = [[([next(rest) for _ in range(n)], next(rest)) for _ in range(m)] for n, m in pairwise(NEURONS)]
    losses = []
    for x, y, label in points(samples):
        outputs = [number(x), number(y)]
        for layer in layers:
            sums = [sum((w * out for w, out in zip(weights, outputs, strict=True)), bias) for weights, bias in layer]
            outputs = sums if layer is layers[-1] else [relu(total) for total in sums]
        losses.append(relu(1.0 + -label * outputs[0]))
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)
