"""More hidden neurons allow a finer boundary and a higher training accuracy.

A network of two layers learns a spiral of three classes, with 3, 6 and 20 hidden neurons.
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
    """numbers of hidden neurons, one network each"""
    samples: int = 100
    """points per arm of the spiral"""
    epochs: int = 300
    """steps of the optimiser, each on all points"""
    seed: int = 0
    """seed of the points and the weights"""
    out: Path = Path("out/neurons")
    """output folder for the picture"""


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
