"""A network consists of layers of neurons, each connected to all neurons of the layer before; a neuron is a few gates.

A layer of n neurons with m inputs has n × m weights and n biases.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from stage import run, save

from autograd import Tensor, draw, unfold
from autograd.extend import inputs_first
from classifiers import plots
from nn import Linear, ReLU, Sequential

CIFAR = (3072, 512, 10)  # the pixels of an image, a hidden layer, the classes
DRAWN = 12  # inputs of a neuron whose gates are still readable


@dataclass
class Settings:
    sizes: tuple[int, ...] = (3, 4, 4, 1)
    """number of inputs, then neurons of each layer"""
    seed: int = 0
    """seed of the weights and of the input"""
    out: Path = Path("out/architecture")
    """output folder for the pictures"""


def network(sizes: tuple[int, ...], rng: np.random.Generator) -> Sequential:
    """Return fully connected layers with max(0, ·) between them."""
    layers = [(Linear(inputs, neurons, init=ReLU, rng=rng), ReLU()) for inputs, neurons in pairwise(sizes)]
    return Sequential(*[part for layer in layers for part in layer][:-1])


def main(settings: Settings) -> None:
    if len(settings.sizes) < 2 or min(settings.sizes) < 1 or settings.sizes[0] > DRAWN:
        raise ValueError(
            f"--sizes must be two or more whole numbers from 1, the first at most {DRAWN}, got {settings.sizes}"
        )
    rng = np.random.default_rng(settings.seed)
    models = {sizes: network(sizes, rng) for sizes in (settings.sizes, CIFAR)}
    titles = {}
    for sizes, model in models.items():
        summary = model.summary(sizes[:1])
        name = "-".join(map(str, sizes))
        print(f"{name}\n{summary}")
        terms = " + ".join(f"({m:,} + 1) × {n:,}" for m, n in pairwise(sizes))
        print(f"(weights + bias) × neurons: {terms} = {sum((m + 1) * n for m, n in pairwise(sizes)):,}\n")
        titles[sizes] = f"{name}: {summary.parameters:,} parameters"

    x = Tensor(rng.normal(size=(1, settings.sizes[0])), requires_grad=True, label="x")
    neuron = unfold(models[settings.sizes][:2](x)).out[0, 0]
    neuron.label = "h"
    neuron.backward()
    gates = Counter(node.gate.symbol for node in inputs_first(neuron) if node.gate)
    made_of = ", ".join(f"{count} {symbol}" for symbol, count in gates.items())
    print(f"the first neuron of {'-'.join(map(str, settings.sizes))} is {gates.total()} gates: {made_of}")

    for ax, (sizes, title) in zip(plots.panels(len(titles), size=(5, 3.6)), titles.items(), strict=True):
        plots.network(sizes, title=title, ax=ax)
    save(ax, settings.out / "network.png")
    save(draw(neuron, number=".2f"), settings.out / "neuron.svg")


if __name__ == "__main__":
    run(main, Settings)
