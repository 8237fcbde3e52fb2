"""Losses, which compare the outputs of a model for a batch with the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import Tensor
from autograd.extend import HINGE, SOFT_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY, apply, check_kind, describe, plain
from nn.module import Module
from nn.validation import check_choice, check_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["CrossEntropyLoss", "HingeLoss", "MSELoss"]

REDUCTIONS = ("mean", "sum", "none")
TOLERANCE = 1e-3  # how far from 1 the sum of probabilities may be, large enough for float16


class Loss(Module):
    """Base class for losses, which are called with (outputs, targets, sample_weight=None).

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, default "mean"
        Whether to return the mean of the losses of the samples, their sum, or each of them.

    Attributes
    ----------
    reduction : str
        The reduction.

    Notes
    -----
    `sample_weight` multiplies the loss of each sample. The mean still divides by the number of samples, so weights
    should have a mean of 1.
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = check_choice("reduction", reduction, REDUCTIONS)

    def reduced(self, losses: Tensor, sample_weight: ArrayLike | None = None, total: float | None = None) -> Tensor:
        """Multiply losses by the sample weights, if given, and apply the reduction.

        Parameters
        ----------
        losses : Tensor, shape (n, ...)
            The losses.
        sample_weight : array_like, shape (n,), optional
            The weight of each sample.
        total : float, optional
            The divisor of the sum in the mean; the number of losses if None.

        Returns
        -------
        Tensor, shape () or (n, ...)
            The reduced losses.

        Raises
        ------
        ValueError
            If the sample weights are not n finite non-negative numbers.
        """
        if sample_weight is not None:
            losses = losses * _sample_weights(self, losses, sample_weight)
        if self.reduction == "none":
            return losses
        if self.reduction == "mean" and total is None:
            return losses.mean()
        return losses.sum() / total if self.reduction == "mean" else losses.sum()


class CrossEntropyLoss(Loss):
    """Cross-entropy between the softmax of logits and the targets.

    Parameters
    ----------
    label_smoothing : float, default 0.0
        The share s of each target that is spread evenly over all classes, from 0 to 1: q ← (1 − s) q + s / classes.
    weight : array_like, shape (classes,), optional
        The weight of each class, for unbalanced classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        The reduction, see `Loss`. With `weight` and labels as targets, the mean divides by the sum of the class
        weights of the labels, times the sample weights, instead of by n, as PyTorch does.

    Attributes
    ----------
    label_smoothing : float
        The share that is spread over all classes.
    weight : numpy.ndarray, shape (classes,), or None
        The weight of each class.
    reduction : str
        The reduction.

    Notes
    -----
    The loss of a sample is −Σ q log softmax(logits), computed without overflow for logits of any size. The targets are
    labels, integers of shape (n,) from 0 to classes − 1; or class probabilities q, floats of shape (n, classes). Source
    of label smoothing: Szegedy and others, "Rethinking the Inception Architecture for Computer Vision", 2016.

    Examples
    --------
    >>> CrossEntropyLoss()(Tensor([[3.2, 5.1, -1.7]]), [0]).item()
    2.04035515280017
    """

    def __init__(
        self, *, label_smoothing: float = 0.0, weight: ArrayLike | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.label_smoothing = check_number(float, "label_smoothing", label_smoothing, at_least=0, at_most=1)
        self.weight = None if weight is None else _class_weights(weight)

    def forward(self, logits: Tensor, targets: ArrayLike | Tensor, sample_weight: ArrayLike | None = None) -> Tensor:
        """Compute the loss of a batch.

        Parameters
        ----------
        logits : Tensor, shape (n, classes)
            The scores of the classes, floats.
        targets : array_like or Tensor, shape (n,) or (n, classes)
            The labels, integers from 0 to classes − 1; or the probability of each class, floats.
        sample_weight : array_like, shape (n,), optional
            The weight of each sample.

        Returns
        -------
        Tensor, shape () or (n,)
            The loss, after the reduction.

        Raises
        ------
        TypeError
            If the labels are not integers.
        ValueError
            If a shape or a number does not fit.
        """
        classes = _check_scores(self, logits)[1]
        weight = None if self.weight is None else self.weight.astype(logits.dtype)
        if weight is not None and len(weight) != classes:
            raise ValueError(
                f"{self} expected scores of {len(weight)} classes, one for each class weight, got {classes} classes; "
                "pass weight= with one number per class"
            )
        check_kind(targets)
        array = np.asarray(plain(targets))
        if array.ndim == 2 and array.dtype.kind == "f":
            _check_probabilities(self, logits, array)
            losses = self._soft(logits, targets if isinstance(targets, Tensor) else Tensor(array), weight)
            return self.reduced(losses, sample_weight)
        labels = _check_labels(self, logits, array)
        if self.label_smoothing:
            losses = self._soft(logits, Tensor(np.eye(classes)[labels]), weight)
        else:
            losses = apply(SOFTMAX_CROSS_ENTROPY, logits, labels=labels)
            losses = losses if weight is None else losses * weight[labels]
        if weight is None:
            return self.reduced(losses, sample_weight)
        counted = weight[labels] if sample_weight is None else weight[labels] * np.asarray(plain(sample_weight))
        return self.reduced(losses, sample_weight, float(counted.sum()))

    def _soft(self, logits: Tensor, targets: Tensor, weight: np.ndarray | None) -> Tensor:
        """The losses for class probabilities, smoothed and weighted."""
        targets = targets.astype(logits.dtype)  # a copy, which the graph keeps
        if self.label_smoothing:
            targets = targets * (1 - self.label_smoothing) + self.label_smoothing / logits.shape[1]
        return apply(SOFT_CROSS_ENTROPY, logits, targets if weight is None else targets * weight)

    def arguments(self) -> dict[str, object]:
        return {**super().arguments(), "weight": None if self.weight is None else self.weight.tolist()}


class HingeLoss(Loss):
    """Multiclass hinge loss of a support vector machine, Σ_{j≠y} max(0, s_j − s_y + margin).

    Parameters
    ----------
    margin : float, default 1.0
        By how much the score of the label y should exceed the other scores, above 0.
    squared : bool, default False
        Whether to square each term of the sum, which penalises large violations more.
    reduction : {"mean", "sum", "none"}, default "mean"
        The reduction, see `Loss`.

    Attributes
    ----------
    margin : float
        The margin.
    squared : bool
        Whether the terms are squared.
    reduction : str
        The reduction.

    Notes
    -----
    The scores s are a Tensor of floats of shape (n, classes); the labels are integers of shape (n,) from 0 to
    classes − 1. Source: CS231n, "Linear classification".

    Examples
    --------
    >>> HingeLoss()(Tensor([[3.2, 5.1, -1.7]]), [0]).item()
    2.8999999999999995
    """

    def __init__(self, margin: float = 1.0, *, squared: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = check_number(float, "margin", margin, above=0)
        self.squared = bool(squared)

    def forward(self, scores: Tensor, labels: ArrayLike | Tensor, sample_weight: ArrayLike | None = None) -> Tensor:
        """Compute the loss of a batch.

        Parameters
        ----------
        scores : Tensor, shape (n, classes)
            The scores of the classes, floats.
        labels : array_like or Tensor, shape (n,)
            The labels, integers from 0 to classes − 1.
        sample_weight : array_like, shape (n,), optional
            The weight of each sample.

        Returns
        -------
        Tensor, shape () or (n,)
            The loss, after the reduction.

        Raises
        ------
        TypeError
            If the labels are not integers.
        ValueError
            If a shape or a number does not fit.
        """
        labels = _check_labels(self, scores, labels)
        losses = apply(HINGE, scores, labels=labels, margin=self.margin, squared=self.squared)
        return self.reduced(losses, sample_weight)


class MSELoss(Loss):
    """Mean squared error, (prediction − target)², averaged over all elements.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, default "mean"
        The reduction over all elements, see `Loss`.

    Attributes
    ----------
    reduction : str
        The reduction.

    Notes
    -----
    The predictions are a Tensor of floats of any shape; the targets have the same shape, as nothing is broadcast.

    Examples
    --------
    >>> MSELoss()(Tensor([1.0, 2.0]), [0.0, 4.0]).item()
    2.5
    """

    def forward(
        self, predictions: Tensor, targets: ArrayLike | Tensor, sample_weight: ArrayLike | None = None
    ) -> Tensor:
        """Compute the loss of a batch.

        Parameters
        ----------
        predictions : Tensor, shape (n, ...)
            The predictions, floats.
        targets : array_like or Tensor, shape (n, ...)
            The targets, of the same shape.
        sample_weight : array_like, shape (n,), optional
            The weight of each sample.

        Returns
        -------
        Tensor, shape () or (n, ...)
            The loss, after the reduction.

        Raises
        ------
        ValueError
            If the shapes differ, or the predictions are not floats.
        """
        targets = targets if isinstance(targets, Tensor) else Tensor(targets)
        if predictions.dtype.kind != "f" or predictions.shape != targets.shape or not predictions.size:
            raise ValueError(
                f"{self} expected predictions, a Tensor of floats, and targets of the same shape, with at least one "
                f"element, got {describe(predictions, targets)}; reshape one of them, as nothing is broadcast"
            )
        return self.reduced((predictions - targets.astype(predictions.dtype)).square(), sample_weight)


def _check_scores(loss: Loss, scores: Tensor) -> tuple[int, int]:
    """The numbers of samples and classes of `scores`, after a check of its shape and dtype."""
    if scores.ndim != 2 or not scores.size or scores.dtype.kind != "f":
        raise ValueError(
            f"{type(loss).__name__} expected scores of shape (n, classes) as a Tensor of floats, n and classes at "
            f"least 1, got {describe(scores)}; pass the output of the last Linear for a batch"
        )
    n, classes = scores.shape
    return n, classes


def _check_labels(loss: Loss, scores: Tensor, labels: ArrayLike | Tensor) -> np.ndarray:
    """The labels as an array of integers, after a check that each is a class of `scores`."""
    n, classes = _check_scores(loss, scores)
    name = type(loss).__name__
    check_kind(labels)
    array = np.asarray(plain(labels))
    if array.shape != (n,) or array.dtype.kind not in "iu":
        kind = TypeError if array.dtype.kind not in "iu" else ValueError
        way_out = "convert class names with np.unique(names, return_inverse=True)"
        if array.shape == (n, 1):
            way_out = "pass labels.ravel()"
        elif array.shape == scores.shape and array.dtype.kind in "iubf":  # one-hot
            way_out = "convert one-hot labels with labels.argmax(axis=1)"
            if type(loss).__name__ == "CrossEntropyLoss":
                way_out += ", or to floats, which are taken as class probabilities"
        raise kind(
            f"{name} expected labels as integers of shape ({n},), one class index for each row of scores, got "
            f"{describe(array)}; {way_out}"
        )
    wrong = (array < 0) | (array >= classes)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"{name} expected labels between 0 and {classes - 1} for scores of {classes} classes, got label "
            f"{array[row]} at row {row}; number the classes from 0, or change the last Linear"
        )
    return array


def _check_probabilities(loss: Loss, scores: Tensor, array: np.ndarray) -> None:
    """Raise a ValueError unless each row of `array` is a distribution over the classes of `scores`."""
    got = describe(array)
    if array.shape == scores.shape:
        right = (array >= 0).all(axis=1) & (np.abs(array.sum(axis=1) - 1) <= TOLERANCE)
        if right.all():
            return
        row = int(right.argmin())
        got = f"{array[row].tolist()} in row {row}"
    raise ValueError(
        f"{type(loss).__name__} expected targets as labels, integers of shape (n,), or as class probabilities, floats "
        f"of shape {scores.shape} that are at least 0 and sum to 1 in each row, got {got}; divide each row by its sum"
    )


def _sample_weights(loss: Loss, losses: Tensor, sample_weight: ArrayLike) -> np.ndarray:
    """The weight of each sample, in a shape that broadcasts against its losses."""
    check_kind(sample_weight)
    array = np.asarray(plain(sample_weight))
    n = len(losses)
    if array.shape != (n,) or array.dtype.kind not in "fiu" or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(
            f"{type(loss).__name__} expected sample_weight as {n} finite numbers of at least 0, one for each sample, "
            f"got {describe(array)}"
        )
    return array.astype(losses.dtype).reshape(n, *[1] * (losses.ndim - 1))


def _class_weights(weight: ArrayLike) -> np.ndarray:
    """The class weights as an array of floats."""
    check_kind(weight)
    array = np.array(plain(weight), dtype=float)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(
            f"CrossEntropyLoss expected weight as finite numbers of at least 0 in a flat list, one for each class, got "
            f"{weight!r}"
        )
    return array
