"""Metrics of classifiers: accuracy, top-k accuracy and the confusion matrix, computed with NumPy alone.

Scores have shape (n, classes); labels are n integers that index the classes. Ties go to the first class, as in
`numpy.argmax`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from nn.validation import check_number

Metric = Callable[[np.ndarray, np.ndarray], float]  # a function of scores and labels, named by its __name__


def accuracy(scores: ArrayLike, labels: ArrayLike) -> float:
    """Compute the share of samples whose label has the highest score.

    Parameters
    ----------
    scores : array-like, shape (n, classes)
        The scores of each sample.
    labels : array-like of int, shape (n,)
        The index of each sample's class.

    Returns
    -------
    float
        The accuracy, from 0 to 1.

    Raises
    ------
    ValueError
        If scores or labels have another shape, or a label is out of range.

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    0.5
    """
    scores = _checked_scores("accuracy", scores)
    return float(np.mean(scores.argmax(axis=1) == _checked_classes("accuracy", "labels", labels, *scores.shape)))


def top_k(k: int) -> Metric:
    """Return a metric named "top_k": the share of samples whose label is among the k highest scores.

    The metric can be pickled and compared, so that it can be a setting of an estimator.

    Parameters
    ----------
    k : int
        How many of the highest scores count, at least 1. With k classes or fewer the metric is 1.

    Returns
    -------
    callable
        The metric, a function of (scores, labels).

    Raises
    ------
    ValueError
        If k is not a positive whole number.

    Examples
    --------
    >>> top_k(2)([[0.1, 0.7, 0.2], [0.1, 0.2, 0.7]], [2, 0])
    0.5
    """
    return _TopK(check_number(int, "top_k: k", k, at_least=1))


@dataclass(frozen=True)
class _TopK:
    k: int

    @property
    def __name__(self) -> str:
        return f"top_{self.k}"

    def __call__(self, scores: ArrayLike, labels: ArrayLike) -> float:
        scores = _checked_scores(self.__name__, scores)
        labels = _checked_classes(self.__name__, "labels", labels, *scores.shape)
        highest = np.argsort(-scores, axis=1, kind="stable")[:, : self.k]  # stable: ties go to the first
        return float(np.mean((highest == labels[:, None]).any(axis=1)))


def confusion_matrix(scores: ArrayLike, labels: ArrayLike, *, classes: int | None = None) -> np.ndarray:
    """Count the samples of each class (rows) that were classified as each class (columns).

    Parameters
    ----------
    scores : array-like, shape (n, classes), or array-like of int, shape (n,)
        The scores of each sample, or its predicted class.
    labels : array-like of int, shape (n,)
        The index of each sample's class.
    classes : int or None, default None
        The number of classes; None for the number of scores, or else one more than the highest label or prediction.

    Returns
    -------
    ndarray of int, shape (classes, classes)
        The counts.

    Raises
    ------
    ValueError
        If scores or labels have another shape, or a label or prediction is out of range.

    Examples
    --------
    >>> confusion_matrix([0, 1, 1], [0, 0, 1])
    array([[1, 1],
           [0, 1]])
    """
    name, predictions = "confusion_matrix", np.asarray(scores)
    if predictions.ndim == 2:
        scores = _checked_scores(name, predictions)
        predictions, classes = scores.argmax(axis=1), scores.shape[1] if classes is None else classes
    predictions = _checked_classes(name, "predictions", predictions, predictions.size, classes)
    labels = _checked_classes(name, "labels", labels, predictions.size, classes)
    if classes is None:
        classes = 1 + int(max(predictions.max(initial=0), labels.max(initial=0)))
    return np.bincount(labels * classes + predictions, minlength=classes**2).reshape(classes, classes)


def _checked_scores(metric: str, value: ArrayLike) -> np.ndarray:
    """Scores as an array of shape (n, classes)."""
    scores = np.asarray(value)
    if scores.ndim != 2 or not scores.size or scores.dtype.kind not in "fi":
        raise ValueError(
            f"{metric} expected scores of shape (n, classes), numbers, n and classes at least 1, "
            f"got {describe(value)}; pass a model's output for all samples"
        )
    return scores


def _checked_classes(metric: str, name: str, value: ArrayLike, n: int, classes: int | None) -> np.ndarray:
    """Labels or predictions as an array of shape (n,), each from 0 to classes − 1."""
    array = np.asarray(value)
    if array.shape != (n,) or array.dtype.kind not in "iu":
        raise ValueError(
            f"{metric} expected {name} as integers of shape ({n},), one class index for each sample, "
            f"got {describe(value)}; "
            f"np.searchsorted(classifier.classes_, names) turns names of classes into indices"
        )
    wrong = (array < 0) | (array >= (np.inf if classes is None else classes))
    if wrong.any():
        row = int(wrong.argmax())
        below = "the number of classes" if classes is None else classes
        raise ValueError(f"{metric}: {name} must be at least 0 and below {below}, got {array[row]} at sample {row}")
    return array.astype(np.intp)
