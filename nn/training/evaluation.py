"""Evaluation of a model on samples: its scores, their mean loss, the accuracy and the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor, no_grad
from autograd.extend import describe
from nn.module import Module
from nn.training.metrics import Metric

Samples = tuple[np.ndarray, np.ndarray]  # X (n, features), labels (n,)
Weighted = tuple[np.ndarray, np.ndarray, np.ndarray | None]  # X, labels, and sample weights (n,), if any
EVALUATED = 1000  # the batch size of an evaluation, which needs no gradients


class Measured(NamedTuple):
    """The metrics of a model on samples.

    Attributes
    ----------
    loss : float
        The mean loss.
    accuracy : float or None
        The share of samples whose label has the highest score; None if the labels are not classes.
    metrics : dict of float
        The metrics by name.
    """

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
    """Measure a model on samples, in evaluation mode.

    Parameters
    ----------
    model : Module
        The model.
    loss : Module
        A module of (scores, labels) that returns one number, the mean over the samples.
    samples : tuple of (array, array)
        X of shape (n, ...) and labels of shape (n,).
    metrics : sequence of callable, default ()
        Functions of (scores, labels) that return one number.
    sample_weight : array of shape (n,), or None, default None
        The weight of each sample in the loss and the accuracy; metrics ignore it.

    Returns
    -------
    Measured
        The mean loss, the accuracy and the metrics.

    Raises
    ------
    ValueError
        If a metric does not return one number.
    """
    X, labels = samples
    scores = predict_scores(model, X)
    found = {}
    for metric in metrics:
        value = metric(scores, labels)
        if np.size(value) != 1:
            raise ValueError(f"expected one number from the metric {metric.__name__}, got {describe(value)}")
        found[metric.__name__] = float(value)
    correct = hits(scores, labels)
    accuracy = None if correct is None else float(np.average(correct, weights=sample_weight))
    weights = () if sample_weight is None else (sample_weight / sample_weight.mean(),)
    return Measured(loss(Tensor(scores, copy=False), labels, *weights).item(), accuracy, found)


def predict_scores(model: Module, X: np.ndarray) -> np.ndarray:
    """Compute the output of a model in evaluation mode, batch by batch, without recording a graph.

    Parameters
    ----------
    model : Module
        The model.
    X : ndarray, shape (n, features)
        The samples.

    Returns
    -------
    ndarray, shape (n, classes)
        The scores.
    """
    with model.evaluating(), no_grad():
        blocks = [model(X[start : start + EVALUATED]).data for start in range(0, len(X), EVALUATED)]
    return np.concatenate(blocks)


def hits(scores: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
    """Find the samples whose label has the highest score.

    Parameters
    ----------
    scores : ndarray, shape (n, classes)
        The scores.
    labels : ndarray, shape (n,)
        The labels.

    Returns
    -------
    ndarray of bool, shape (n,), or None
        Whether each sample is classified correctly; None if the labels are not classes.
    """
    if labels.dtype.kind not in "iu" or labels.ndim != 1 or scores.ndim != 2:
        return None
    return scores.argmax(axis=1) == labels


def checked_samples(name: str, samples: object) -> Samples:
    """Convert samples to a pair of arrays, and check them.

    Parameters
    ----------
    name : str
        The name of the samples in the error message.
    samples : tuple of (array, array)
        X of shape (n, ...) and labels of shape (n, ...).

    Returns
    -------
    tuple of (ndarray, ndarray)
        X and labels.

    Raises
    ------
    ValueError
        If they are not arrays of the same length, at least 1, or X contains NaN or infinity.
    """
    expected = f"{name} must be a pair (X, labels) of arrays with one row per sample, at least one"
    try:
        X, labels = (np.asarray(part) for part in cast("tuple[ArrayLike, ArrayLike]", samples))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{expected}, got {type(samples).__name__}") from error
    if not X.ndim or not labels.ndim or len(X) != len(labels) or not len(X):
        raise ValueError(f"{expected}, got X of shape {X.shape} and labels of shape {labels.shape}")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        row = int(np.argwhere(~np.isfinite(X))[0][0])
        raise ValueError(f"{name} must be finite, got NaN or infinity, first in row {row}; remove or replace them")
    return X, labels


def checked_weights(sample_weight: ArrayLike | None, n: int) -> np.ndarray:
    """Convert sample weights to an array, and check them.

    Parameters
    ----------
    sample_weight : array of shape (n,), or None
        The weight of each sample, at least 0 and not all 0; None for 1 each.
    n : int
        The number of samples.

    Returns
    -------
    ndarray of float64, shape (n,)
        The weights.

    Raises
    ------
    ValueError
        If they are not finite numbers of at least 0, or all are 0.
    """
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight)
    numbers = weights.dtype.kind in "buif" and weights.shape == (n,)
    if not numbers or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise ValueError(
            f"sample weights must be {n} finite numbers of at least 0, one for each sample and not all zero, "
            f"got {describe(sample_weight)}; pass None to weight all samples equally"
        )
    return weights.astype(float)
