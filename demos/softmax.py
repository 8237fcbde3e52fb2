"""Softmax turns scores into probabilities, exp(s) / Σ exp(s); the loss of an image is −log P of its correct class.

The sigmoid turns each score into a probability separately: they do not add up to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scores import CLASSES, SCORES
from stage import run, save

from autograd import Tensor
from classifiers import plots
from nn import CrossEntropyLoss

LABELS = np.arange(len(CLASSES))


@dataclass
class Settings:
    large: float = 1000.0
    """a score whose exp overflows"""
    out: Path = Path("out/softmax")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    scores = Tensor(SCORES)
    probabilities, losses = scores.softmax().data, CrossEntropyLoss(reduction="none")(scores, LABELS).data

    rows = {
        "score s": SCORES[0],
        "sigmoid 1/(1 + exp(−s))": scores[0].sigmoid().data,
        "exp(s)": scores[0].exp().data,
        "softmax exp(s)/Σ exp(s)": probabilities[0],
    }
    print(f"{'the image of a cat':24}" + "".join(f"{name:>9}" for name in (*CLASSES, "sum")))
    for name, numbers in rows.items():
        print(f"{name:24}" + "".join(f"{number:9.3f}" for number in (*numbers, numbers.sum())))

    print("\nthe loss, −log P of the right class, by the natural logarithm:")
    for row, label, name in zip(probabilities, LABELS, CLASSES, strict=True):
        print(f"  image of a {name:4}  P = {row[label]:.4f}  −log P = {losses[label]:.4f}")
    print(f"  their mean, the loss of the three: {losses.mean():.4f}")
    base_10 = losses[0] / np.log(10)
    print(
        f"  by the logarithm to base 10, which some slides have, the cat's is {base_10:.2f} = {losses[0]:.4f} / ln 10"
    )

    large = Tensor([[settings.large, 0.0, -settings.large]])
    print(f"\nscores {large.data[0].tolist()}: nothing overflows, as the largest score is taken from all of them first")
    print(f"  softmax {large.softmax().data[0].tolist()}")
    print(f"  −log P  {[CrossEntropyLoss()(large, [label]).item() for label in LABELS]}")

    shown = {
        "the scores of a cat's image": (SCORES[0], ".1f"),
        "sigmoid: each by itself": (rows["sigmoid 1/(1 + exp(−s))"], ".3f"),
        "softmax: they add up to 1": (probabilities[0], ".3f"),
        "−log P of the three images": (losses, ".4f"),
    }
    axes = plots.panels(len(shown), columns=2, size=(3.8, 2.8))
    for ax, (title, (numbers, number)) in zip(axes, shown.items(), strict=True):
        plots.stacked_bars(numbers, CLASSES, number=number, title=title, ax=ax)
    save(axes[0], settings.out / "softmax.png")


if __name__ == "__main__":
    run(main, Settings)
