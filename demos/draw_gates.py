"""Draw f = (x + y) z and the sigmoid neuron as on the slides: values above, gradients below, local gradients between.

Writes pictures (.svg, .png) and pages that step through backpropagation (.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from circuits import neuron_inputs, product, product_inputs, sigmoid_block, sigmoid_neuron
from stage import run

from autograd import Value, draw
from autograd.extend import topological_order


@dataclass
class Settings:
    out: Path = Path("out/draw_gates")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    draw_circuit("f = (x + y) z", product, product_inputs(), settings.out / "product")
    draw_circuit("sigmoid neuron, gate by gate", sigmoid_neuron, neuron_inputs(), settings.out / "sigmoid")
    draw_circuit("sigmoid neuron, the sigmoid as one gate", sigmoid_block, neuron_inputs(), settings.out / "block")


def draw_circuit(title: str, circuit: Callable[..., Value], inputs: list[Value], path: Path) -> None:
    f = circuit(*inputs)
    f.label = "f"
    f.backward()
    print(f"{title} = {f.data:.4f}")
    print("  gradients: " + ", ".join(f"{x.label} {x.grad:.4f}" for x in inputs))
    for node in topological_order(f)[1:]:
        if node.gate and node.label:
            print(f"  on the way: {node.label} = {node.data:.4f}, gradient {node.grad:.4f}")
    picture = draw(f)
    for file in dict.fromkeys(picture.save(path.with_suffix(suffix)) for suffix in (".svg", ".png", ".html")):
        print(f"  picture: {file}")


if __name__ == "__main__":
    run(main, Settings)
