"""Trace: one prediction of the k nearest neighbours, step by step and with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 5  # entries of a long list that str() prints


@dataclass(frozen=True, eq=False)
class Trace:
    """How `KNeighborsClassifier.trace` came to its answer; str() tells the five steps of the slides.

    sample               (features,) what was asked about
    distances            (n,) step 1: from it to every training sample
    order                (n,) step 2: the training samples' indices, the nearest first; equals by label, then by index
    neighbours           (k,) step 3: the first k of these
    neighbour_distances  (k,) their distances
    neighbour_labels     (k,) their labels
    neighbour_samples    (k, features) themselves
    votes                step 4: label -> number of neighbours that have it, or the sum of their weights; the most first
    answer               step 5: the label that won
    metric               "l1" or "l2"

    `draw()` shows the sample and its neighbours as pictures.
    """

    sample: np.ndarray
    distances: np.ndarray
    order: np.ndarray
    neighbours: np.ndarray
    neighbour_distances: np.ndarray
    neighbour_labels: np.ndarray
    neighbour_samples: np.ndarray
    votes: dict[Any, float]
    answer: Any
    metric: str

    def draw(self, **options: Any) -> Axes:
        """The sample and its neighbours as pictures, where samples are images; options of `plots.neighbours`."""
        from classifiers import plots

        return plots.neighbours(self, **options)

    def __str__(self) -> str:
        n, k = len(self.distances), len(self.neighbours)
        formula = "Σ|x − known|" if self.metric == "l1" else "√Σ(x − known)²"
        table = zip(self.neighbours, self.neighbour_distances, self.neighbour_labels.tolist(), strict=True)
        tied = list(self.votes.values()).count(self.votes[self.answer]) > 1
        return "\n".join(
            [
                f"1. distances {formula} from x to all {n:,} known samples",
                _listed(f"{distance:.6g}" for distance in self.distances),
                "2. sorted, the nearest first",
                _listed(f"{self.distances[index]:.6g} (sample {index})" for index in self.order),
                f"3. the {k:,} nearest",
                *(f"   sample {index}: distance {distance:.6g}, class {label}" for index, distance, label in table),
                "4. votes",
                *(f"   class {label}: {votes:.6g}" for label, votes in self.votes.items()),
                f"5. answer: class {self.answer}" + tied * " (of those with the most votes, it has the nearest sample)",
            ]
        )


def _listed(entries: Iterable[str]) -> str:
    first = [entry for entry, _ in zip(entries, range(SHOWN + 1), strict=False)]
    return "   " + ", ".join([*first[:SHOWN], *["..."][: len(first) - SHOWN]])
