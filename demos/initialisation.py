"""The scale of the initial weights decides whether a signal survives ten layers, and whether they learn at all.

Small weights make it vanish, large ones saturate tanh; Xavier initialisation keeps its scale, and He's does with ReLU.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from stage import check, load, run, save

from autograd import no_grad
from classifiers import Training, plots, preprocessing
from nn import CrossEntropyLoss, Linear, ReLU, Sequential, Tanh, init, optim

WAYS = {  # activation, initialisation of the weights before it, and their standard deviation
    "0.01 · randn, tanh": (Tanh, partial(init.normal, std=0.01), "0.01"),
    "1 · randn, tanh": (Tanh, partial(init.normal, std=1.0), "1"),
    "Xavier, tanh": (Tanh, init.xavier, "√(2 / (in + out))"),
    "Xavier, ReLU": (ReLU, init.xavier, "√(2 / (in + out))"),
    "He, ReLU": (ReLU, init.he, "√(2 / in)"),
}


@dataclass
class Settings:
    layers: int = 10
    """number of hidden layers"""
    neurons: int = 100
    """neurons per hidden layer"""
    images: int = 1000
    """number of training images (the first ones)"""
    epochs: int = 10
    """passes over them (epochs)"""
    learning_rate: float = 0.01
    """learning rate of SGD with momentum, the same for all"""
    seed: int = 0
    """seed of the weights and the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/initialisation")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    check(settings, layers=(1, None), neurons=(1, None))
    data = load(stand_in=settings.stand_in)
    check(settings, images=(2, len(data.X_train)))
    X, y = data.X_train[: settings.images], data.y_train[: settings.images]

    print("standard deviation of the outputs of each layer, before training")
    print(f"{'':18}" + "".join(f"{layer + 1:>9}" for layer in range(settings.layers)))
    panels = plots.panels(len(WAYS), columns=1, size=(11, 2.6))
    models = {}
    for ax, (name, (activation, initialise, deviation)) in zip(panels, WAYS.items(), strict=True):
        models[name] = network(X, activation, initialise, settings)
        found = outputs(models[name], X, activation)
        print(f"{name:18}" + "".join(f"{values.std():9.2g}" for values in found.values()))
        title = f"{name}: weights of standard deviation {deviation}"
        picture = plots.activation_histograms(found, title=title, ax=ax)
    print(f"0.01 · √{settings.neurons} = {0.01 * settings.neurons**0.5:.4g} is the gain of a layer of 0.01 · randn")
    save(picture, settings.out / "layers.png")

    print(f"loss and accuracy in training, epoch {settings.epochs}; guessing has ln 10 = {np.log(10):.4f} and 10 %")
    histories = {}
    for name, model in models.items():
        optimizer = optim.SGD(model.parameters(), lr=settings.learning_rate, momentum=0.9)
        training = Training(model, CrossEntropyLoss(), optimizer, batch_size=100, rng=settings.seed)
        histories[name] = training.run((X, y), epochs=settings.epochs)
        print(f"{name:18}{histories[name][-1].loss:9.4f}{histories[name][-1].accuracy:9.1%}")
    left, right = plots.panels(2, size=(5, 4))
    plots.loss_curves(histories, log=True, title="loss", ax=left)
    save(plots.accuracy_curves(histories, title="accuracy", ax=right), settings.out / "training.png")


def network(X: np.ndarray, activation: Any, initialise: init.Init, settings: Settings) -> Sequential:
    """Return a deep network with one initialisation; its first layer standardises the pixels."""
    rng = np.random.default_rng(settings.seed)
    sizes = [X.shape[1], *[settings.neurons] * settings.layers]
    model = Sequential(preprocessing.learn_standardisation(X))
    for inputs, neurons in pairwise(sizes):
        model.append(Linear(inputs, neurons, init=initialise, rng=rng)).append(activation())
    return model.append(Linear(settings.neurons, 10, init=initialise, rng=rng))


def outputs(model: Sequential, X: np.ndarray, activation: Any) -> dict[str, np.ndarray]:
    """Return the output of each activation for X."""
    found: dict[str, np.ndarray] = {}
    with no_grad():
        for layer in model:
            X = layer(X)
            if isinstance(layer, activation):
                found[f"layer {len(found) + 1}"] = X.data
    return found


if __name__ == "__main__":
    run(main, Settings)
