"""Where an activation is flat, its derivative is nearly 0, and the gradient vanishes on its way back.

The local gradients of sigmoid, tanh and ReLU, and the gradients of networks of five layers with each of them, on one
batch of CIFAR-10. Each network is initialised to suit its activation: Xavier, or He for ReLU.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from autograd import grad
from classifiers import Standardizer, plots
from nn import CrossEntropyLoss, Linear, Module, ReLU, Sequential, Sigmoid, Tanh

ACTIVATIONS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "ReLU": ReLU()}
POINTS = np.array([-10.0, -5, -1, 0, 1, 5, 10])


@dataclass
class Settings:
    images: int = 500
    """training images in the batch (the first ones)"""
    layers: int = 5
    """layers of each network"""
    neurons: int = 100
    """neurons of each layer but the last"""
    seed: int = 0
    """seed of the weights"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/activations")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    check(settings, layers=(1, None), neurons=(1, None))
    print("f′(x) at x =  " + "".join(f"{x:10g}" for x in POINTS))
    for name, f in ACTIVATIONS.items():
        slopes = grad(lambda x, f=f: np.sum(f(x)))(POINTS)
        print(f"  {name:12}" + "".join(f"{slope:10.5f}" for slope in slopes))
    axes = plots.panels(len(ACTIVATIONS))
    for ax, (name, f) in zip(axes, ACTIVATIONS.items(), strict=True):
        plots.function_and_derivative(f, title=name, ax=ax)
    save(axes[0], settings.out / "curves.png")

    data = load(stand_in=settings.stand_in)
    check(settings, images=(1, len(data.X_train)))
    X = Standardizer().fit_transform(data.X_train[: settings.images])
    sizes = [X.shape[1], *[settings.neurons] * (settings.layers - 1), 10]
    print(f"mean |gradient| of the weights of {'-'.join(map(str, sizes))}, before the first step:")
    print("  layer       " + "".join(f"{layer + 1:10}" for layer in range(settings.layers)) + "  first / last")
    means = {}
    for name, activation in ACTIVATIONS.items():
        layers = backpropagate(activation, sizes, X, data.y_train[: len(X)], settings.seed)
        means[name] = [abs(layer.weight.grad).mean() for layer in layers]
        row = "".join(f"{mean:10.6f}" for mean in means[name])
        print(f"  {name:12}{row}  {means[name][0] / means[name][-1]:12.4f}")
    save(plots.gradient_flow(means, title=f"gradients in {settings.layers} layers"), settings.out / "gradients.png")


def backpropagate(activation: Module, sizes: list[int], X: np.ndarray, y: np.ndarray, seed: int) -> list[Linear]:
    """Return the layers of a new network, after one forward and one backward pass."""
    rng = np.random.default_rng(seed)
    layers = [Linear(*ends, init=activation, rng=rng) for ends in pairwise(sizes)]
    net = Sequential(layers[0], *(module for layer in layers[1:] for module in (activation, layer)))
    CrossEntropyLoss()(net(X), y).backward()
    return layers


if __name__ == "__main__":
    run(main, Settings)
