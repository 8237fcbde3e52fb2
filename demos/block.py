"""A whole block of gates can be computed at once: one gate instead of many, with the same gradient.

A block pays off if its gradient has a short form: that of the sigmoid is σ (1 − σ); that of softmax followed by −log is
p, minus 1 at the correct class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from circuits import neuron_inputs, sigmoid_block, sigmoid_neuron
from scores import SCORES
from stage import run, save

from autograd import Tensor, draw, unfold
from autograd.drawing import chain_rule_products, parenthesize_negative
from autograd.drawing import format_number as number
from autograd.extend import Node, topological_order
from nn import CrossEntropyLoss


@dataclass
class Settings:
    out: Path = Path("out/block")
    """output folder for the picture"""


def count(root: Node) -> int:
    """Return the number of gates of a graph."""
    return sum(node.gate is not None for node in topological_order(root))


def show(root: Node, value: float, gradients: Iterable[float]) -> None:
    print(f"  gates: {count(root):2}, value: {number(value)}, gradients: {', '.join(map(number, gradients))}")


def main(settings: Settings) -> None:
    neurons = []
    print("the sigmoid neuron, gate by gate and with σ as one gate; gradients by w0, x0, w1, x1, w2")
    for circuit in (sigmoid_neuron, sigmoid_block):
        inputs = neuron_inputs()
        f = circuit(*inputs)
        f.label = "f"
        f.backward()
        show(f, f.data, [x.grad for x in inputs])
        neurons.append(f)

    small, whole = neurons
    replaced = 1 + count(small) - count(whole)  # the gates that σ replaces: those where the backward pass starts
    factors = [step.local for step in chain_rule_products(small)[:replaced]]
    print(f"\nthe local gradient of σ, by its {replaced} gates and by its formula")
    print(f"  {' × '.join(parenthesize_negative(number(each)) for each in factors)} = {number(prod(factors))}")
    sigma, local = whole.data, whole.local_gradient(0)
    print(f"  σ (1 − σ) = {number(sigma)} × {number(1 - sigma)} = {number(local)}")

    told = ", ".join(map(number, SCORES[0]))
    print(f"\nsoftmax and −log P of the scores {told}, the first being right, gate by gate and as one block")
    scores = Tensor(SCORES[:1], requires_grad=True)
    loss = CrossEntropyLoss(reduction="none")(scores, [0])
    loss.backward(np.ones(1))
    (gates,), leaves = unfold(loss)
    gates.backward()
    show(gates, gates.data, [score.grad for score in leaves[scores][0]])
    show(loss, loss.item(), scores.grad[0])
    save(draw(whole), settings.out / "block.svg")


if __name__ == "__main__":
    run(main, Settings)
