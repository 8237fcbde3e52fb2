"""Evaluation: what a model comes to over samples: its scores, their mean loss, accuracy and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor, no_grad
from autograd.extend import describe
from nn import Module, errors
from nn.training.metrics import Metric

Samples = tuple[np.ndarray, np.ndarray]  # X (n, features), labels (n,)
Weighted = tuple[np.ndarray, np.ndarray, np.ndarray | None]  # and what each sample counts for, if not all the same
EVALUATED = 1000  # samples that pass through the model at a time where no gradient is wanted


class Measured(NamedTuple):
    """What a model comes to over samples; accuracy is None where the labels are no classes."""

    loss: float
    accuracy: float | None
    metrics: dict[str, float]


def evaluate(
    model: Module,
    loss: Module,
    samples: Samples,
    metrics: Sequence[Metric] = (),
    sample_weight: np.ndarray | None = None,
) -> Measured:
    """The mean loss, the accuracy and the metrics of a model over samples, in evaluation mode.

    sample_weight  (n,) what each counts for in the loss and the accuracy, beside the others; the metrics know of none
    """
    X, labels = samples
    scores = predict_scores(model, X)
    found = {}
    for metric in metrics:
        value = metric(scores, labels)
        if np.size(value) != 1:
            raise ValueError(errors.METRIC_NUMBER.format(metric=metric.__name__, got=describe(value)))
        found[metric.__name__] = float(value)
    correct = hits(scores, labels)
    accuracy = None if correct is None else float(np.average(correct, weights=sample_weight))
    weights = () if sample_weight is None else (sample_weight / sample_weight.mean(),)
    return Measured(loss(Tensor(scores, copy=False), labels, *weights).item(), accuracy, found)


def predict_scores(model: Module, X: np.ndarray) -> np.ndarray:
    """The model's output (n, classes) for X (n, features), in evaluation mode, without recording."""
    with model.evaluating(), no_grad():
        parts = [model(X[start : start + EVALUATED]).data for start in range(0, len(X), EVALUATED)]
    return np.concatenate(parts)


def hits(scores: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
    """Whether each label has the highest score; None where the labels are no classes."""
    if labels.dtype.kind not in "iu" or labels.ndim != 1 or scores.ndim != 2:
        return None
    return scores.argmax(axis=1) == labels


def checked_samples(what: str, samples: Any) -> Samples:
    """X and labels as arrays of one length, not empty, of finite numbers."""
    try:
        X, labels = (np.asarray(part) for part in samples)
    except (TypeError, ValueError) as error:
        raise ValueError(errors.SAMPLES.format(what=what, got=type(samples).__name__)) from error
    if not X.ndim or not labels.ndim or len(X) != len(labels) or not len(X):
        got = f"X of shape {X.shape} and labels of shape {labels.shape}"
        raise ValueError(errors.SAMPLES.format(what=what, got=got))
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        row = int(np.argwhere(~np.isfinite(X))[0][0])
        raise ValueError(errors.SAMPLES_FINITE.format(what=what, row=row))
    return X, labels


def checked_weights(sample_weight: Any, n: int) -> np.ndarray:
    """What each of n samples counts for, in float64, at least 0 and not all 0; ones where None."""
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight)
    numbers = weights.dtype.kind in "buif" and weights.shape == (n,)
    if not numbers or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise ValueError(errors.SAMPLE_WEIGHT.format(n=n, got=describe(sample_weight)))
    return weights.astype(float)
