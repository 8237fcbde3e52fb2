"""KNeighborsClassifier: the k nearest neighbours, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted, validate_data

from autograd.extend import describe
from classifiers.atomic_fit import atomic_fit
from classifiers.estimators.knn_trace import Trace
from classifiers.estimators.labels import check_one_label_each, learn_classes
from nn.validation import check_choice, check_number

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike

METRICS = {"l1": "l1", "l2": "l2", "manhattan": "l1", "cityblock": "l1", "euclidean": "l2"}  # scikit-learn's names, too
WEIGHTS = ("uniform", "distance")
MAX_HELD = 1 << 19  # neighbours in memory at a time while their votes are counted


class KNeighborsClassifier(ClassifierMixin, BaseEstimator):
    """k-nearest-neighbours classifier: predicts the most frequent class among the k nearest training samples.

    Parameters
    ----------
    n_neighbors : int, default 5
        The number of neighbours k, at most the number of training samples.
    metric : {"l1", "manhattan", "cityblock", "l2", "euclidean"}, default "l2"
        The distance: Σ|x − known| ("l1" and its other names) or √Σ(x − known)² ("l2" and "euclidean").
    weights : {"uniform", "distance"}, default "uniform"
        The weight of a neighbour's vote: 1, or proportional to 1/distance with 1 for the nearest. If some distances
        are 0, only those neighbours count.
    n_jobs : int or None, default None
        The number of threads, as joblib counts them (−1: all cores). None uses all cores, too; the results do not
        depend on it.

    Attributes
    ----------
    classes_ : ndarray, shape (classes,)
        The classes, sorted.
    n_features_in_ : int
        The number of features.
    n_samples_fit_ : int
        The number of training samples.

    Notes
    -----
    Prediction has the five steps of the slides: compute the distances from x to all training samples, sort them, take
    the k nearest, count how often each class occurs among them, and answer with the most frequent one. `trace` shows
    them for one sample.

    Ties are broken the same way in any order of the training samples. Neighbours are ordered by (distance, label,
    index), so that of samples at the same distance, those with the smaller labels are among the k nearest. Of classes
    with equal votes, the one with the nearest neighbour wins, then the one with the smaller label.

    `fit` keeps the training samples as they are: an array is not copied, and uint8 stays uint8, one byte per pixel.
    Samples of uint8 and bool are compared in integers, others in float64, exact except for the rounding of sums. (L2
    squares the differences: beyond 1e150 they are infinite, and below 1e-150 they are 0.) The search goes through all
    training samples, in blocks that need little additional memory. It uses no tree, which helps only in few dimensions.

    Examples
    --------
    >>> from classifiers import KNeighborsClassifier
    >>> knn = KNeighborsClassifier(3, metric="l1").fit([[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"])
    >>> print(knn.predict([[1.5], [4.0]]))
    ['a' 'b']
    """

    def __init__(
        self, n_neighbors: int = 5, *, metric: str = "l2", weights: str = "uniform", n_jobs: int | None = None
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.weights = weights
        self.n_jobs = n_jobs

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Store the training samples.

        Parameters
        ----------
        X : array-like, shape (n, features)
            The training samples.
        y : array-like, shape (n,)
            Their class labels, of at least two classes.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ValueError
            If settings or samples are wrong. The estimator then stays unchanged.
        """
        with atomic_fit(self) as fitted:
            fitted._fit(X, y)
        return self

    def _fit(self, X: ArrayLike, y: ArrayLike) -> None:
        check_one_label_each(type(self).__name__, y)
        self._X, labels = validate_data(self, X, y)
        self.classes_, self._labels = learn_classes(type(self).__name__, labels)
        self.n_samples_fit_ = len(self._X)
        self._check_settings(self.n_neighbors)

    def predict(self, X: ArrayLike | None) -> np.ndarray:
        """Predict the class of each sample.

        Parameters
        ----------
        X : array-like, shape (m, features), or None
            Samples. None predicts each training sample from the others.

        Returns
        -------
        ndarray, shape (m,)
            The class of each sample.
        """
        winners = np.concatenate([winners for _, winners in self._vote(X)])
        return self.classes_[winners]

    def predict_proba(self, X: ArrayLike | None) -> np.ndarray:
        """Return each class's share of the votes.

        Parameters
        ----------
        X : array-like, shape (m, features), or None
            Samples. None predicts each training sample from the others.

        Returns
        -------
        ndarray of float64, shape (m, classes)
            The shares. Each row sums to 1.

        Notes
        -----
        If the highest shares of a row are equal, the winner's is set to the next larger float, so that the highest
        share is always that of the class that `predict` returns.
        """
        votes, winners = map(np.concatenate, zip(*self._vote(X), strict=True))
        shares = votes / votes.sum(axis=1, keepdims=True)
        highest = shares.max(axis=1)
        tied = np.flatnonzero((shares == highest[:, None]).sum(axis=1) > 1)
        shares[tied, winners[tied]] = np.nextafter(highest[tied], 1)
        return shares

    def kneighbors(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[np.ndarray, np.ndarray] | np.ndarray:
        """Find the nearest training samples of each sample.

        Parameters
        ----------
        X : array-like, shape (m, features), default None
            Samples. None searches for the neighbours of each training sample, excluding itself.
        n_neighbors : int, default None
            The number of neighbours; None uses the estimator's.
        return_distance : bool, default True
            Whether to return the distances, too.

        Returns
        -------
        distances : ndarray of float64, shape (m, n_neighbors)
            The distances, nearest first; only if `return_distance` is True.
        indices : ndarray of int, shape (m, n_neighbors)
            The neighbours' indices in the training samples.
        """
        k = self.n_neighbors if n_neighbors is None else n_neighbors
        distances, indices = self._search(self._validate_queries(X, k), slice(None), k)
        return (distances, indices) if return_distance else indices

    def trace(self, x: ArrayLike) -> Trace:
        """Return the five steps of the prediction for one sample.

        Parameters
        ----------
        x : array-like, shape (features,) or (1, features)
            The sample.

        Returns
        -------
        Trace
            The steps with their numbers: print it, or draw it with `plots.neighbours`.

        Raises
        ------
        ValueError
            If `x` is not a single sample.
        """
        k = self.n_neighbors
        X = cast("np.ndarray", self._validate_queries(x if np.ndim(x) == 2 else np.reshape(x, (1, -1)), k))
        if len(X) != 1:
            raise ValueError(f"trace expected one sample of shape (features,), got {describe(x)}; pass a row, X[0]")
        (sorted_distances,), (order,) = self._search(X, slice(None), self.n_samples_fit_)
        distances = np.empty_like(sorted_distances)
        distances[order] = sorted_distances
        nearest, labels = order[:k], self._labels[order[:k]]
        (votes,), (winner,) = self._count_votes(sorted_distances[None, :k], labels[None])
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

    def _validate_queries(self, X: ArrayLike | None, k: int) -> np.ndarray | None:
        """X as an array, or None for the training samples, after all checks."""
        check_is_fitted(self)
        self._check_settings(k, exclude_self=X is None)
        return None if X is None else validate_data(self, X, reset=False)

    def _search(self, X: np.ndarray | None, rows: slice, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Distances and indices of the k nearest to rows of X, or of the training samples, excluding themselves."""
        from classifiers.estimators.neighbour_search import nearest_neighbours  # loads numba

        exclude_self = X is None
        queries = (self._X if X is None else X)[rows]
        distances, indices = nearest_neighbours(
            self._X, self._labels, queries, k + exclude_self, metric=METRICS[self.metric], n_jobs=self.n_jobs
        )
        if not exclude_self:
            return distances, indices
        others = indices != np.arange(self.n_samples_fit_)[rows, None]
        others[others.all(axis=1), -1] = False  # with k + 1 copies before it, a sample is not among its own neighbours
        return distances[others].reshape(-1, k), indices[others].reshape(-1, k)

    def _vote(self, X: ArrayLike | None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The votes and winners for X, as many samples at a time as memory allows."""
        k = self.n_neighbors
        queries = self._validate_queries(X, k)
        n = self.n_samples_fit_ if queries is None else len(queries)
        for rows in gen_batches(n, max(1, MAX_HELD // max(k, len(self.classes_)))):
            distances, indices = self._search(queries, rows, k)
            yield self._count_votes(distances, self._labels[indices])

    def _count_votes(self, distances: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The votes (m, classes) of neighbours (m, k), nearest first, and the index (m,) of the class that wins."""
        m, classes = len(labels), len(self.classes_)
        rows = np.arange(m)[:, None]
        weights = np.ones_like(distances) if self.weights == "uniform" else _inverse_distance_weights(distances)
        votes = np.bincount((rows * classes + labels).ravel(), weights.ravel(), minlength=m * classes)
        votes = votes.reshape(m, classes)
        leads = votes == votes.max(axis=1, keepdims=True)
        first = leads[rows, labels].argmax(axis=1)  # the first neighbour whose class has the most votes
        return votes, labels[rows[:, 0], first]

    def _check_settings(self, k: int, *, exclude_self: bool = False) -> None:
        name = type(self).__name__
        check_choice(f"{name}: metric", self.metric, METRICS)
        check_choice(f"{name}: weights", self.weights, WEIGHTS)
        check_number(int, f"{name}: n_neighbors", k, at_least=1)
        if self.n_jobs is not None and (not isinstance(self.n_jobs, (int, np.integer)) or self.n_jobs == 0):
            raise ValueError(f"{name}: n_jobs must be a whole number other than 0, or None, got {self.n_jobs!r}")
        most = self.n_samples_fit_ - exclude_self
        if k > most:
            of = " for each training sample, excluding itself" if exclude_self else ""
            raise ValueError(
                f"{name} expected at most {most} neighbours{of}, as there are {self.n_samples_fit_} training samples, "
                f"got n_neighbors={k}; reduce n_neighbors, or add training samples"
            )


def _inverse_distance_weights(distances: np.ndarray) -> np.ndarray:
    """nearest distance / distance (m, k): 1 / distance, scaled to be finite; only zeros count if there are any."""
    nearest = distances[:, :1]  # the distances are sorted
    with np.errstate(invalid="ignore"):
        return np.where(distances == nearest, 1.0, nearest / distances)
