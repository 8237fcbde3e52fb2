"""The prediction of k nearest neighbours depends on k: k = 3 predicts triangle, k = 5 predicts square."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from stage import run, save

from classifiers import KNeighborsClassifier, plots

QUESTION = np.array([5.0, 5.0])
TRIANGLES = [(5.5, 5.8), (4.2, 4.4), (7.6, 6.4), (6.6, 8.2), (8.3, 8.0), (4.6, 8.1)]
SQUARES = [(5.9, 4.3), (3.7, 6.1), (6.6, 3.9), (2.6, 3.6), (1.7, 5.0), (3.5, 2.0), (7.9, 2.2)]


@dataclass
class Settings:
    ks: tuple[int, ...] = (3, 5)
    """values of k, one prediction each"""
    metric: Literal["l1", "l2"] = "l2"
    """the metric: l1 or l2"""
    out: Path = Path("out/squares_and_triangles")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    if not settings.ks:
        raise ValueError("--ks must be one whole number or more, got none")
    X = np.array(TRIANGLES + SQUARES)
    y = np.repeat(["triangle", "square"], [len(TRIANGLES), len(SQUARES)])
    traces = [KNeighborsClassifier(k, metric=settings.metric).fit(X, y).trace(QUESTION) for k in settings.ks]

    largest = max(traces, key=lambda trace: len(trace.neighbours))
    print("the nearest first:")
    for distance, label in zip(largest.neighbour_distances, largest.neighbour_labels, strict=True):
        print(f"  {distance:.2f}  {label}")
    for k, trace in zip(settings.ks, traces, strict=True):
        votes = ", ".join(f"{votes:.0f} × {label}" for label, votes in trace.votes.items())
        print(f"k = {k}: {votes} → {trace.answer}")

    picture = plots.neighbourhoods(
        traces, X, y, markers={"triangle": "^", "square": "s"}, title="The answer depends on k"
    )
    save(picture, settings.out / "neighbours.png")


if __name__ == "__main__":
    run(main, Settings)
