"""One k-nearest-neighbours prediction, step by step with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PRINTED = 5  # entries of a long list that str() prints


@dataclass(frozen=True, eq=False)
class Trace:
    """The five steps of one `KNeighborsClassifier` prediction, as `KNeighborsClassifier.trace` returns it.

    ``str(trace)`` describes the five steps of the slides in words.

    Attributes
    ----------
    sample : ndarray, shape (features,)
        The sample to classify.
    distances : ndarray of float64, shape (n,)
        Step 1: the distance from the sample to each training sample.
    order : ndarray of int, shape (n,)
        Step 2: the indices of the training samples, nearest first. Samples at the same distance are ordered by label,
        then by index.
    neighbours : ndarray of int, shape (k,)
        Step 3: the first k entries of `order`.
    neighbour_distances : ndarray of float64, shape (k,)
        The neighbours' distances.
    neighbour_labels : ndarray, shape (k,)
        The neighbours' labels.
    neighbour_samples : ndarray, shape (k, features)
        The neighbours themselves.
    votes : dict
        Step 4: for each label among the neighbours, the number of neighbours with this label, or the sum of their
        weights. The winner comes first, then the others by decreasing votes.
    answer : label
        Step 5: the label that won.
    metric : {"l1", "l2"}
        The metric.

    Examples
    --------
    >>> from classifiers import KNeighborsClassifier
    >>> knn = KNeighborsClassifier(1).fit([[0.0], [4.0]], ["low", "high"])
    >>> print(knn.trace([1.0]))
    1. distances √Σ(x − known)² from x to all 2 known samples
       1, 3
    2. sorted, the nearest first
       1 (sample 0), 3 (sample 1)
    3. the 1 nearest
       sample 0: distance 1, class low
    4. votes
       class low: 1
    5. answer: class low
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
        """Draw the sample and its neighbours as pictures, if the samples are images.

        Parameters
        ----------
        **options : dict
            Keyword arguments of `plots.neighbours`.

        Returns
        -------
        Axes
            The matplotlib axes with the pictures.
        """
        from classifiers import plots  # loads matplotlib

        return plots.neighbours(self, **options)

    def __str__(self) -> str:
        n, k = len(self.distances), len(self.neighbours)
        formula = "Σ|x − known|" if self.metric == "l1" else "√Σ(x − known)²"
        table = zip(self.neighbours, self.neighbour_distances, self.neighbour_labels.tolist(), strict=True)
        tied = list(self.votes.values()).count(self.votes[self.answer]) > 1
        return "\n".join(
            [
                f"1. distances {formula} from x to all {n:,} known samples",
                _first_entries(f"{distance:.6g}" for distance in self.distances),
                "2. sorted, the nearest first",
                _first_entries(f"{self.distances[index]:.6g} (sample {index})" for index in self.order),
                f"3. the {k:,} nearest",
                *(f"   sample {index}: distance {distance:.6g}, class {label}" for index, distance, label in table),
                "4. votes",
                *(f"   class {label}: {votes:.6g}" for label, votes in self.votes.items()),
                f"5. answer: class {self.answer}" + tied * " (of those with the most votes, it has the nearest sample)",
            ]
        )


def _first_entries(entries: Iterable[str]) -> str:
    """The first few entries on one line, then "..." if there are more."""
    first = [entry for entry, _ in zip(entries, range(PRINTED + 1), strict=False)]
    return "   " + ", ".join([*first[:PRINTED], *["..."][: len(first) - PRINTED]])
