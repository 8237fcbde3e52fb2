"""KNeighborsClassifier: the k nearest neighbours, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted, validate_data

from autograd.extend import describe
from classifiers import errors
from classifiers.atomic_fit import atomic_fit
from classifiers.estimators.knn_trace import Trace
from classifiers.estimators.labels import learn_classes
from nn.validation import check_choice, check_number

if TYPE_CHECKING:
    from typing import Self

METRICS = {"l1": "l1", "l2": "l2", "manhattan": "l1", "cityblock": "l1", "euclidean": "l2"}  # others' names, too
WEIGHTS = ("uniform", "distance")
HELD = 1 << 19  # neighbours that are kept at a time while their votes are counted


class KNeighborsClassifier(ClassifierMixin, BaseEstimator):
    """The class that is the most frequent among the k nearest training samples: lazy, all work is done when asked.

    The five steps of the slides: the distances from x to all known samples, sorted, the k nearest, how often each class
    occurs among them, and the most frequent as the answer. `trace(x)` shows them.

    n_neighbors  k, at most the number of training samples
    metric       "l1", Σ|x − known|, also called "manhattan", or "l2", √Σ(x − known)², also called "euclidean"
    weights      of a neighbour's vote: "uniform", 1, or "distance", in proportion to 1/distance, 1 for the
                 nearest; where some distances are 0, these alone count
    n_jobs       threads, as joblib counts them (-1: all cores); None is all cores, too, as the answers are the same

    Ties: neighbours come in the order of (distance, label, index), so that of those at the same distance the smaller
    labels are among the k nearest. Of classes with equal votes, that with the nearest neighbour wins, then the smaller
    label. Thereby the answer does not depend on the order of the training samples.

    Learned by `fit`: classes_, n_features_in_, n_samples_fit_. The training samples are kept as they came: an array is
    not copied, and uint8 stays uint8, a byte a pixel. Samples of uint8 and bool are measured in integers, others in
    float64, exactly but for the rounding of sums (L2 takes squares: of numbers beyond 1e150, or below 1e-150, they are
    infinite, or 0), and in blocks, which take little memory beside the samples. A search looks at all: there is no
    tree, which would help in few dimensions.
    """

    def __init__(
        self, n_neighbors: int = 5, *, metric: str = "l2", weights: str = "uniform", n_jobs: int | None = None
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.weights = weights
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> Self:
        """Remember X (n, features) and the labels y (n,), at least two different ones."""
        with atomic_fit(self) as fitted:
            fitted._fit(X, y)
        return self

    def _fit(self, X: Any, y: Any) -> None:
        self._X, y = validate_data(self, X, y)
        self.classes_, self._labels = learn_classes(type(self).__name__, y)
        self.n_samples_fit_ = len(self._X)
        self._check_settings(self.n_neighbors)

    def predict(self, X: Any) -> np.ndarray:
        """The class (m,) of each sample of X (m, features); where X is None, of each training sample by the others."""
        winners = np.concatenate([winners for _, winners in self._elect(X)])
        return self.classes_[winners]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The share (m, classes) of the votes that each class gets, for X (m, features) or None, as in `predict`.

        Of equal shares, the winner's is the next larger float, so that the highest is always that of `predict`.
        """
        votes, winners = map(np.concatenate, zip(*self._elect(X), strict=True))
        shares = votes / votes.sum(axis=1, keepdims=True)
        highest = shares.max(axis=1)
        tied = np.flatnonzero((shares == highest[:, None]).sum(axis=1) > 1)
        shares[tied, winners[tied]] = np.nextafter(highest[tied], 1)
        return shares

    def kneighbors(
        self, X: Any = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[np.ndarray, np.ndarray] | np.ndarray:
        """The nearest training samples of each sample of X (m, features), the nearest first.

        X                where None, the training samples, each without itself among its neighbours
        n_neighbors      how many; where None, those of the estimator
        return_distance  False for the indices alone

        Returns distances (m, n_neighbors), float64, and indices (m, n_neighbors) into the training samples.
        """
        k = self.n_neighbors if n_neighbors is None else n_neighbors
        distances, indices = self._nearest(self._queries(X, k), slice(None), k)
        return (distances, indices) if return_distance else indices

    def trace(self, x: Any) -> Trace:
        """The five steps for one sample x (features,): print it; `plots.neighbours` draws it."""
        k = self.n_neighbors
        X = self._queries(x if np.ndim(x) == 2 else np.reshape(x, (1, -1)), k)
        if len(X) != 1:
            raise ValueError(errors.TRACE_SAMPLE.format(got=describe(x)))
        (sorted_distances,), (order,) = self._nearest(X, slice(None), self.n_samples_fit_)
        distances = np.empty_like(sorted_distances)
        distances[order] = sorted_distances
        nearest, labels = order[:k], self._labels[order[:k]]
        (votes,), (winner,) = self._count(sorted_distances[None, :k], labels[None])
        classes = self.classes_.tolist()
        most_first = sorted(set(labels), key=lambda label: (label != winner, -votes[label], label))
        return Trace(
            sample=X[0],
            distances=distances,
            order=order,
            neighbours=nearest,
            neighbour_distances=sorted_distances[:k],
            neighbour_labels=self.classes_[labels],
            neighbour_samples=self._X[nearest],
            votes={classes[label]: float(votes[label]) for label in most_first},
            answer=classes[winner],
            metric=METRICS[self.metric],
        )

    def _queries(self, X: Any, k: int) -> Any:
        """X as an array, or None for the training samples, once all is found to be as it must."""
        check_is_fitted(self)
        self._check_settings(k, alone=X is None)
        return None if X is None else validate_data(self, X, reset=False)

    def _nearest(self, X: np.ndarray | None, rows: slice, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Distances and indices of the k nearest to some rows of X, or of the training samples, each without itself."""
        from classifiers.estimators.neighbour_search import nearest  # which loads numba

        alone = X is None
        queries = (self._X if X is None else X)[rows]
        distances, indices = nearest(
            self._X, self._labels, queries, k + alone, metric=METRICS[self.metric], n_jobs=self.n_jobs
        )
        if not alone:
            return distances, indices
        others = indices != np.arange(self.n_samples_fit_)[rows, None]
        others[others.all(axis=1), -1] = False  # it is not among k + 1 where as many others lie at distance 0
        return distances[others].reshape(-1, k), indices[others].reshape(-1, k)

    def _elect(self, X: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The votes and winners for X, as many samples at a time as memory allows."""
        k = self.n_neighbors
        X = self._queries(X, k)
        for rows in gen_batches(
            self.n_samples_fit_ if X is None else len(X), max(1, HELD // max(k, len(self.classes_)))
        ):
            distances, indices = self._nearest(X, rows, k)
            yield self._count(distances, self._labels[indices])

    def _count(self, distances: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The votes (m, classes) of neighbours (m, k), the nearest first, and the index (m,) of the class that wins."""
        m, classes = len(labels), len(self.classes_)
        rows = np.arange(m)[:, None]
        weights = np.ones_like(distances) if self.weights == "uniform" else _closeness(distances)
        votes = np.bincount((rows * classes + labels).ravel(), weights.ravel(), minlength=m * classes)
        votes = votes.reshape(m, classes)
        leads = votes == votes.max(axis=1, keepdims=True)
        first = leads[rows, labels].argmax(axis=1)  # the first neighbour whose class has the most votes
        return votes, labels[rows[:, 0], first]

    def _check_settings(self, k: Any, *, alone: bool = False) -> None:
        name = type(self).__name__
        check_choice(f"{name}: metric", self.metric, METRICS)
        check_choice(f"{name}: weights", self.weights, WEIGHTS)
        check_number(int, f"{name}: n_neighbors", k, at_least=1)
        if self.n_jobs is not None and (not isinstance(self.n_jobs, (int, np.integer)) or self.n_jobs == 0):
            expected = "a whole number other than 0, or None"
            text = errors.SETTING.format(estimator=name, what="n_jobs", got=self.n_jobs, expected=expected)
            raise ValueError(text)
        most = self.n_samples_fit_ - alone
        if k > most:
            of = " of each training sample, without itself" if alone else ""
            text = errors.TOO_MANY_NEIGHBOURS.format(estimator=name, got=k, of=of, known=self.n_samples_fit_, most=most)
            raise ValueError(text)


def _closeness(distances: np.ndarray) -> np.ndarray:
    """Distance of the nearest / distance (m, k): as 1 / distance, but finite; where it is 0, only equals count."""
    nearest = distances[:, :1]  # as they come sorted
    with np.errstate(invalid="ignore"):
        return np.where(distances == nearest, 1.0, nearest / distances)
