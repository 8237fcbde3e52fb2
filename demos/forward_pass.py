"""The forward pass goes from the scores to the loss, gate by gate: exp, sum, division, logarithm.

The scores are those of a cat's image, for the classes cat, car and frog.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scores import CLASSES, SCORES
from stage import run, save

from autograd import Value, draw

RIGHT = "cat"


@dataclass
class Settings:
    out: Path = Path("out/forward_pass")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    scores = {name: Value(score, label=f"s {name}") for name, score in zip(CLASSES, SCORES[0], strict=True)}
    exps = {name: score.exp() for name, score in scores.items()}
    total = exps["cat"] + exps["car"] + exps["frog"]
    probability = exps[RIGHT] / total
    loss = -probability.log()

    total.label, probability.label, loss.label = "Σ exp", f"P {RIGHT}", "loss"
    for name, power in exps.items():
        print(f"s {name:4} = {scores[name].data:4.1f}    exp {name:4} = {power.data:8.4f}")
    print(f"Σ exp  = {total.data:.4f}")
    print(f"P {RIGHT}  = exp {RIGHT} / Σ exp = {probability.data:.4f}")
    print(f"loss   = −log P {RIGHT} = {loss.data:.4f}")
    save(draw(loss, gradients=False), settings.out / "graph.svg")


if __name__ == "__main__":
    run(main, Settings)
