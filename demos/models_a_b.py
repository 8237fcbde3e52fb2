"""Models A and B give equal scores, but R(W) by L2 prefers B, whose weights are spread.

The data loss depends on the scores only, so it cannot distinguish them. Neither can L1: Σ|w| is the same for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import run, save

from autograd import Tensor
from classifiers import plots
from nn import l1, l2

X = np.array([1.0, 1.0, 1.0, 1.0])
MODELS = {"A": np.array([1.0, 0.0, 0.0, 0.0]), "B": np.array([0.25, 0.25, 0.25, 0.25])}


@dataclass
class Settings:
    out: Path = Path("out/models_a_b")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    print(f"x   = {X.tolist()}")
    for name, w in MODELS.items():
        print(f"w_{name} = {w.tolist()}")

    print("\nmodel   score w·x   R of L1 = Σ|w|   R of L2 = Σw²")
    rows = {name: (w @ X, l1([Tensor([w])]).item(), l2([Tensor([w])]).item()) for name, w in MODELS.items()}
    for name, (score, absolute, squared) in rows.items():
        print(f"{name:5}   {score:9g}   {absolute:14g}   {squared:13g}")
    for penalty, column in (("L1", 1), ("L2", 2)):
        sizes = {name: row[column] for name, row in rows.items()}
        least = [name for name, size in sizes.items() if size == min(sizes.values())]
        print(f"{penalty} {'has no preference' if len(least) > 1 else f'prefers {least[0]}'}")

    weights = np.array(list(MODELS.values()))
    shown = {"score = Σ wᵢxᵢ": weights * X, "L1: R = Σ |wᵢ|": abs(weights), "L2: R = Σ wᵢ²": weights**2}
    axes = plots.panels(len(shown), size=(3.4, 3))
    for ax, (title, terms) in zip(axes, shown.items(), strict=True):
        parts = {f"i = {i}": column for i, column in enumerate(terms.T, start=1)}
        plots.stacked_bars(parts, [f"model {name}" for name in MODELS], title=title, ax=ax)
    save(axes[0], settings.out / "weights.png")


if __name__ == "__main__":
    run(main, Settings)
