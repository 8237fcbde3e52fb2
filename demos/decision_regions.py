"""A linear classifier separates every pair of classes by a straight line.

Three clouds can be separated like this; two classes in opposite quadrants cannot, whatever the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.datasets import make_blobs
from stage import check, run, save

from classifiers import LinearClassifier, plots

CENTRES = np.array([[-2.0, -1.0], [2.0, -1.0], [0.0, 2.5]])


@dataclass
class Settings:
    samples: int = 240
    """points in each picture"""
    seed: int = 0
    """seed of the points"""
    out: Path = Path("out/decision_regions")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, samples=(30, None))
    clouds, cloud = make_blobs(settings.samples, centers=CENTRES, cluster_std=0.8, random_state=settings.seed)
    points = np.random.default_rng(settings.seed).uniform(-1, 1, (settings.samples, 2))
    examples = {"three clouds": (clouds, cloud), "opposite quadrants": (points, (points.prod(axis=1) > 0).astype(int))}

    axes = plots.panels(len(examples), size=(4.5, 4), title="the regions of linear classifiers")
    for ax, (name, (X, y)) in zip(axes, examples.items(), strict=True):
        model = LinearClassifier(epochs=200, random_state=settings.seed).fit(X, y)
        W, b = model.coef_, model.intercept_
        print(name)
        for j, (w, shift) in enumerate(zip(W, b, strict=True)):
            print(f"  score of class {j}: {line(w, shift)}")
        for i, j in combinations(range(len(W)), 2):
            print(f"  boundary of {i} and {j}: {line(W[i] - W[j], b[i] - b[j])} = 0, a straight line")
        accuracy = f"{model.score(X, y):.0%}"
        print(f"  accuracy: {accuracy} of {len(X)} points")
        title = f"{name}: {accuracy} right"
        plots.decision_boundary(model, X, y, steps=600, feature_names=("x₁", "x₂"), title=title, ax=ax)
    save(axes[0], settings.out / "regions.png")


def line(w: np.ndarray, b: float) -> str:
    """Return w₁ x₁ + w₂ x₂ + b with its numbers."""
    text = f"{w[0]:.2f} x₁ {w[1]:+.2f} x₂ {b:+.2f}"
    return text.replace(" +", " + ").replace(" -", " − ").replace("-", "−")


if __name__ == "__main__":
    run(main, Settings)
