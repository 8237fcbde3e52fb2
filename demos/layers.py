"""f = W₂ max(0, W₁x): a max between two linear maps makes the function nonlinear, and the boundary curved.

A linear classifier and networks of two and three layers: their numbers of parameters on CIFAR-10, and their boundaries
on a spiral. (Each layer also adds a bias, which the formulas omit.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from spiral import save_boundaries, spiral
from stage import check, run

from classifiers import LinearClassifier, MLPClassifier
from nn import Linear, Sequential, fold

FORMULAS = ("f = Wx", "f = W₂ max(0, W₁x)", "f = W₃ max(0, W₂ max(0, W₁x))")  # with 0, 1 and 2 hidden layers


@dataclass
class Settings:
    neurons: int = 100
    """neurons per hidden layer"""
    samples: int = 100
    """points per arm of the spiral"""
    epochs: int = 200
    """steps of the optimiser, each on all points"""
    seed: int = 0
    """seed of the points and the weights"""
    out: Path = Path("out/layers")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, neurons=(1, None))
    n = settings.neurons
    print("weights + biases of each layer, from the 3,072 numbers of an image to 10 scores:")
    for hidden, formula in enumerate(FORMULAS):
        sizes = [3072, *[n] * hidden, 10]
        layers = [Linear(inputs, outputs) for inputs, outputs in pairwise(sizes)]
        terms = [f"({layer.weight.size:,} + {layer.bias.size})" for layer in layers]
        total = Sequential(*layers).summary().parameters
        print(f"  {formula:29}  {'-'.join(map(str, sizes)):15}  {' + '.join(terms)} = {total:,}")
    one = fold(Sequential(Linear(3072, n), Linear(n, 10)))
    print(f"without the max, W₂(W₁x) = (W₂W₁)x: the two layers are but one, {one[0]}")

    X, y = spiral(settings.samples, seed=settings.seed)
    options = {"epochs": settings.epochs, "batch_size": None, "random_state": settings.seed}
    linear = LinearClassifier(**options)
    two_layers = MLPClassifier((n,), learning_rate=0.02, **options)
    three_layers = MLPClassifier((n, n), learning_rate=0.02, **options)
    nets = dict(zip(FORMULAS, (linear, two_layers, three_layers), strict=True))
    print(f"training accuracy on the {len(X)} points of the spiral:")
    for formula, net in nets.items():
        print(f"  {net.fit(X, y).score(X, y):6.1%}  {formula}")
    save_boundaries(nets, X, y, settings.out / "boundaries.png")


if __name__ == "__main__":
    run(main, Settings)
