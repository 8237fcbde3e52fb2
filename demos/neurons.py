"""The more neurons a hidden layer has, the finer the boundary that it can draw, and the higher the training accuracy.

A net of two layers learns a spiral of three classes, with 3, 6 and 20 neurons.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spiral import save_boundaries, spiral
from stage import run

from classifiers import MLPClassifier


@dataclass
class Settings:
    neurons: tuple[int, ...] = (3, 6, 20)
    """of the hidden layer, one net for each"""
    samples: int = 100
    """points in each arm of the spiral"""
    epochs: int = 300
    """steps, as each sees all points"""
    seed: int = 0
    """of the points and the weights"""
    out: Path = Path("out/neurons")
    """the folder for the picture"""


def main(settings: Settings) -> None:
    X, y = spiral(settings.samples, seed=settings.seed)
    nets = {}
    for neurons in settings.neurons:
        net = MLPClassifier(
            (neurons,), learning_rate=0.1, epochs=settings.epochs, batch_size=None, random_state=settings.seed
        ).fit(X, y)
        parameters = net.model_.summary().parameters
        accuracy = net.score(X, y)
        print(f"{neurons:3} neurons: {parameters:4} parameters, training accuracy {accuracy:.1%}")
        nets[f"{neurons} neurons: {accuracy:.1%}"] = net
    save_boundaries(nets, X, y, settings.out / "boundaries.png")


if __name__ == "__main__":
    run(main, Settings)
