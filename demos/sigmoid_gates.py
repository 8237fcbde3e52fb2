"""The sigmoid neuron gate by gate: all values of the forward pass, all gradients of the backward pass.

In the backward pass each gate gives each of its inputs local gradient × upstream gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from circuits import neuron_inputs, sigmoid_neuron
from stage import check, run, save

from autograd import draw
from autograd.drawing import chain_rule_products, forward_order, number_formatter


@dataclass
class Settings:
    digits: int = 2
    """number of decimals; the slides have two"""
    out: Path = Path("out/sigmoid_gates")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, digits=(0, 12))
    write = number_formatter(f"{settings.digits + 3}.{settings.digits}f")  # all of the same width
    inputs = neuron_inputs()
    f = sigmoid_neuron(*inputs)
    wires = forward_order(f)  # in forward order
    for number, node in enumerate((node for node in wires if node.gate), 1):
        node.label = f"g{number}"
    f.label = "f"
    f.backward()

    print("f = 1 / (1 + exp(−(w0 x0 + w1 x1 + w2)))")
    print("\nforward: the value of")
    for node in wires:
        names = [x.label or f"{x.data:g}" for x in node.inputs]
        made = f"= {node.gate.formulas.forward(*names)}" if node.gate else ""
        print(f"  {node.label:3}{made:12}{write(node.data)}")

    print("\nbackward: local gradient × upstream gradient = downstream gradient")
    for step in chain_rule_products(f):
        node, x = step.node, step.input
        names = [one.label or f"{one.data:g}" for one in (node, *node.inputs)]
        formula = node.gate.formulas.local_gradients[step.position](*names)
        product = f"{write(step.local)} × {write(step.upstream)} = {write(step.downstream)}"
        print(f"  {node.label:2} → {x.label:4}{f'∂{node.label}/∂{x.label} = {formula}':20}{product}")

    _, x0, *_, w2 = inputs
    print(f"\nrounded only where written: {write(w2.grad).strip()} is {w2.grad:.6f}, and twice that is {x0.grad:.6f}")
    save(draw(f, number=f".{settings.digits}f"), settings.out / "sigmoid.svg")


if __name__ == "__main__":
    run(main, Settings)
