"""The larger λ in loss = data loss + λ R(W), the smaller the weights, and the smoother the boundary.

Networks of two layers with the same initial weights learn the same noisy spiral, each with its own λ.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spiral import save_boundaries, spiral
from stage import check, run

from nn import CrossEntropyLoss, Linear, ReLU, Sequential, l2, optim


@dataclass
class Settings:
    strengths: tuple[float, ...] = (0.001, 0.01, 0.1)
    """values of λ, one network each"""
    neurons: int = 20
    """hidden neurons"""
    samples: int = 50
    """points per arm of the spiral"""
    steps: int = 500
    """steps of the optimiser, each on all points"""
    seed: int = 0
    """seed of the points and the weights"""
    out: Path = Path("out/penalty")
    """output folder for the picture"""


class Net:
    """Two layers, x → W₂ max(0, W₁x), with a `predict` for the plot."""

    def __init__(self, classes: np.ndarray, neurons: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.classes_ = classes
        self.model = Sequential(Linear(2, neurons, init=ReLU, rng=rng), ReLU(), Linear(neurons, len(classes), rng=rng))

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.classes_[self.model(X).data.argmax(axis=1)]


def main(settings: Settings) -> None:
    if min(settings.strengths, default=0) < 0:
        raise ValueError(f"--strengths must be at least 0, got {settings.strengths}")
    check(settings, neurons=(1, None), steps=(1, None))
    X, y = spiral(settings.samples, noise=0.5, seed=settings.seed)
    nets = {}
    for strength in settings.strengths:
        net = Net(np.unique(y), settings.neurons, settings.seed)
        optimizer = optim.Adam(net.model.parameters(), lr=0.05)
        for _ in range(settings.steps):
            data_loss = CrossEntropyLoss()(net.model(X), y)
            loss = data_loss + strength * l2(net.model)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        norm = np.sqrt(l2(net.model).item())
        accuracy = np.mean(net.predict(X) == y)
        print(
            f"λ = {strength:<5g}  ‖W‖ = {norm:<6.2f}  R(W) = {norm**2:<7.2f}  "
            f"data loss {data_loss.item():.3f}  training accuracy {accuracy:.1%}"
        )
        nets[f"λ = {strength:g}: ‖W‖ = {norm:.2f}"] = net
    save_boundaries(nets, X, y, settings.out / "boundaries.png")


if __name__ == "__main__":
    run(main, Settings)
