"""micrograd's moons, neuron by neuron from Values: recorded once, then trained as compiled code.

A network 2-16-16-1 learns to separate two half moons with the hinge loss. The loss over all points is one graph of
65,000 gates. A second program, of the network alone, evaluates many points at once to draw the boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.datasets import make_moons
from stage import check, run, save

from autograd import Value, compile
from autograd.extend import Program
from classifiers import plots


@dataclass
class Settings:
    samples: int = 100
    """number of points, half of them in each moon"""
    hidden: tuple[int, ...] = (16, 16)
    """neurons of each hidden layer"""
    steps: int = 500
    """steps of gradient descent"""
    learning_rate: float = 0.5
    """initial learning rate, which falls to a tenth"""
    seed: int = 1
    """seed of the points and the weights"""
    out: Path = Path("out/moons")
    """output folder for the picture"""


class Network:
    """Layers of neurons: a weight for every input, a bias, and relu except in the last layer."""

    def __init__(self, sizes: list[int], rng: np.random.Generator) -> None:
        self.layers = [
            [[Value(w) for w in rng.uniform(-1, 1, inputs)] + [Value(0.0)] for _ in range(neurons)]
            for inputs, neurons in pairwise(sizes)
        ]
        self.parameters = [p for layer in self.layers for neuron in layer for p in neuron]

    def __call__(self, x: list[Value]) -> Value:
        for layer in self.layers:
            x = [sum((w * xi for w, xi in zip(weights, x, strict=True)), bias) for *weights, bias in layer]
            if layer is not self.layers[-1]:
                x = [value.relu() for value in x]
        return x[0]


class Trained:
    """The classifier that the plot needs: it predicts the sign of the network's score."""

    classes_ = np.array([-1, 1])

    def __init__(self, network: Network, theta: np.ndarray) -> None:
        point = [Value(0.0), Value(0.0)]
        for parameter, number in zip(network.parameters, theta, strict=True):
            parameter.data = number
        self.program: Program = compile(network(point), inputs=point)

    def predict(self, X: np.ndarray) -> np.ndarray:
        scores, _ = self.program(X.T)
        return np.where(scores > 0, 1, -1)


def main(settings: Settings) -> None:
    check(settings, samples=(2, None), steps=(2, None))
    rng = np.random.default_rng(settings.seed)
    X, y = make_moons(settings.samples, noise=0.1, random_state=settings.seed)
    y = 2 * y - 1
    network = Network([2, *settings.hidden, 1], rng)

    started = perf_counter()
    scores = [network([Value(a), Value(b)]) for a, b in X]
    hinge = sum((1 - label * score).relu() for label, score in zip(y.tolist(), scores, strict=True)) / len(X)
    loss = hinge + 1e-4 * sum(p * p for p in network.parameters)
    loss.backward()
    recorded = perf_counter()
    program = compile(loss, inputs=network.parameters)
    theta = np.array([p.data for p in network.parameters])
    program(theta)
    compiled = perf_counter()
    print(f"{program}")
    print(f"recorded and differentiated once in {recorded - started:.3f} s, compiled in {compiled - recorded:.3f} s")

    for step in range(settings.steps):
        value, gradients = program(theta)
        theta -= settings.learning_rate * (1 - 0.9 * step / settings.steps) * gradients
    seconds = (perf_counter() - compiled) / settings.steps
    print(f"a step now takes {1e3 * seconds:.2f} ms, {(recorded - started) / seconds:,.0f} times less")

    trained = Trained(network, theta)
    accuracy = np.mean(trained.predict(X) == y)
    print(f"loss after {settings.steps} steps: {value:.4f}, training accuracy: {accuracy:.0%}")
    axes = plots.decision_boundary(trained, X, y, title=f"two moons after {settings.steps} steps")
    save(axes, settings.out / "boundary.png")


if __name__ == "__main__":
    run(main, Settings)
