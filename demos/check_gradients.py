"""Check the gradients of f = (x + y) z and of the sigmoid neuron numerically: chain rule against finite differences."""

from __future__ import annotations

from dataclasses import dataclass

from circuits import neuron_inputs, product, product_inputs, sigmoid_block, sigmoid_neuron
from stage import run

from autograd import gradcheck


@dataclass
class Settings:
    tolerance: float = 1e-6
    """the largest relative error allowed"""


def main(settings: Settings) -> None:
    checks = {
        "f = (x + y) z": (product, product_inputs()),
        "sigmoid neuron, gate by gate": (sigmoid_neuron, neuron_inputs()),
        "sigmoid neuron, the sigmoid as one gate": (sigmoid_block, neuron_inputs()),
    }
    reports = {
        title: gradcheck(circuit, *inputs, tolerance=settings.tolerance) for title, (circuit, inputs) in checks.items()
    }
    for title, report in reports.items():
        print(f"{title}\n{report}\n")
    if not all(reports.values()):
        raise SystemExit("a gradient is wrong: see the tables above")


if __name__ == "__main__":
    run(main, Settings)
