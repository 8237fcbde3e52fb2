"""Metrics: how often, and what for, a classifier takes its samples; on NumPy alone.

Scores are (n, classes), labels (n,) integers that index the classes. Of equal scores the first one counts as the
highest, as argmax has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.extend import describe
from nn import errors
from nn.validation import check_number

Metric = Callable[[Any, Any], float]  # of scores and labels; its __name__ says which


def accuracy(scores: Any, labels: Any) -> float:
    """The share of samples whose label has the highest score."""
    scores = _checked_scores("accuracy", scores)
    return float(np.mean(scores.argmax(axis=1) == _checked_classes("accuracy", "labels", labels, *scores.shape)))


def top_k(k: int) -> Metric:
    """The metric named "top_k": the share of samples whose label is among the k highest scores.

    It is pickled and compared, as a setting of an estimator is; where there are no more than k classes, it is 1.
    """
    return _TopK(check_number(int, "top_k: k", k, at_least=1))


@dataclass(frozen=True)
class _TopK:
    k: int

    @property
    def __name__(self) -> str:
        return f"top_{self.k}"

    def __call__(self, scores: Any, labels: Any) -> float:
        scores = _checked_scores(self.__name__, scores)
        labels = _checked_classes(self.__name__, "labels", labels, *scores.shape)
        highest = np.argsort(-scores, axis=1, kind="stable")[:, : self.k]  # stable: of equals the first comes first
        return float(np.mean((highest == labels[:, None]).any(axis=1)))


def confusion_matrix(scores: Any, labels: Any, *, classes: int | None = None) -> np.ndarray:
    """How many samples of each class (rows) were taken for each class (columns): (classes, classes) integers.

    scores   (n, classes); or predictions (n,), integers that index the classes
    classes  how many there are; where None, as many as there are scores, or as the highest label or prediction asks for
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


def _checked_scores(metric: str, got: Any) -> np.ndarray:
    scores = np.asarray(got)
    if scores.ndim != 2 or not scores.size or scores.dtype.kind not in "fi":
        raise ValueError(errors.METRIC_SCORES.format(metric=metric, got=describe(got)))
    return scores


def _checked_classes(metric: str, what: str, got: Any, n: int, classes: int | None) -> np.ndarray:
    """Labels or predictions (n,), each from 0 to classes − 1."""
    array = np.asarray(got)
    if array.shape != (n,) or array.dtype.kind not in "iu":
        raise ValueError(errors.METRIC_CLASSES.format(metric=metric, what=what, n=n, got=describe(got)))
    wrong = (array < 0) | (array >= (np.inf if classes is None else classes))
    if wrong.any():
        row = int(wrong.argmax())
        below = "the number of classes" if classes is None else classes
        text = errors.METRIC_RANGE.format(metric=metric, what=what, classes=below, got=array[row], row=row)
        raise ValueError(text)
    return array.astype(np.intp)
