"""Losses: how far the outputs for a batch are from what they should be, as one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.extend import HINGE, SOFT_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY, apply, describe, plain
from nn import errors
from nn.module import Module
from nn.validation import check_choice, check_number

REDUCTIONS = ("mean", "sum", "none")
SUM_TO_ONE = 1e-3  # how far from 1 probabilities may add up, as in float16


class Loss(Module):
    """What losses have in common: each sample has one, and `reduction` says what becomes of them.

    reduction  "mean" over the samples, their "sum", or "none" for all of them

    A loss is called with outputs, targets and, if wanted, sample_weight (n,): what each sample's loss is multiplied by
    first. The mean stays that over n samples: give weights that are 1 on average.
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = check_choice("reduction", reduction, REDUCTIONS)

    def reduced(self, losses: Tensor, sample_weight: Any = None, total: float | None = None) -> Tensor:
        """What `reduction` makes of the losses; the mean is the sum by `total`, where that is not their number."""
        if sample_weight is not None:
            losses = losses * _sample_weights(self, losses, sample_weight)
        if self.reduction == "none":
            return losses
        if self.reduction == "mean" and total is None:
            return losses.mean()
        return losses.sum() / total if self.reduction == "mean" else losses.sum()


class CrossEntropyLoss(Loss):
    """−log softmax(logits)[label], over a batch; stable for logits of any size.

    logits   (n, classes), a Tensor of floats
    targets  (n,), integers from 0 to classes − 1: the labels; or (n, classes), floats: the probability q of each class,
             with the loss −Σ q log softmax(logits)

    label_smoothing  the share s of each target that is spread evenly over all classes: q ← (1 − s) q + s / classes
                     (Szegedy and others 2016)
    weight           (classes,), what each class counts for, where they are of unequal number; the mean over labels is
                     then divided by the weights of these labels (times the samples' own) instead of by n, as in PyTorch
    """

    def __init__(self, *, label_smoothing: float = 0.0, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.label_smoothing = check_number(float, "label_smoothing", label_smoothing, at_least=0, at_most=1)
        self.weight = None if weight is None else _class_weights(weight)

    def forward(self, logits: Tensor, targets: Any, sample_weight: Any = None) -> Tensor:
        classes = check_scores(self, logits)[1]
        weight = None if self.weight is None else self.weight.astype(logits.dtype)
        if weight is not None and len(weight) != classes:
            raise ValueError(errors.WEIGHT_CLASSES.format(loss=self, weights=len(weight), classes=classes))
        array = np.asarray(plain(targets))
        if array.ndim == 2 and array.dtype.kind == "f":
            check_probabilities(self, logits, array)
            losses = self._soft(logits, targets if isinstance(targets, Tensor) else Tensor(array), weight)
            return self.reduced(losses, sample_weight)
        labels = check_labels(self, logits, array)
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
        """The losses for a distribution over the classes, smoothed and weighted."""
        targets = targets.astype(logits.dtype)  # a copy, which the graph keeps
        if self.label_smoothing:
            targets = targets * (1 - self.label_smoothing) + self.label_smoothing / logits.shape[1]
        return apply(SOFT_CROSS_ENTROPY, logits, targets if weight is None else targets * weight)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "weight": None if self.weight is None else self.weight.tolist()}


class HingeLoss(Loss):
    """The multiclass SVM loss Σ_{j≠y} max(0, s_j − s_y + margin), over a batch (CS231n, "Linear classification").

    scores  (n, classes), a Tensor of floats
    labels  (n,), integers from 0 to classes − 1

    squared  whether to take the squares of the terms, which punishes a few large ones more
    """

    def __init__(self, margin: float = 1.0, *, squared: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = check_number(float, "margin", margin, above=0)
        self.squared = bool(squared)

    def forward(self, scores: Tensor, labels: Any, sample_weight: Any = None) -> Tensor:
        labels = check_labels(self, scores, labels)
        losses = apply(HINGE, scores, labels=labels, margin=self.margin, squared=self.squared)
        return self.reduced(losses, sample_weight)


class MSELoss(Loss):
    """(prediction − target)², with the mean over all elements.

    predictions  a Tensor of floats of any shape
    targets      numbers of the same shape
    """

    def forward(self, predictions: Tensor, targets: Any, sample_weight: Any = None) -> Tensor:
        targets = targets if isinstance(targets, Tensor) else Tensor(targets)
        if predictions.dtype.kind != "f" or predictions.shape != targets.shape or not predictions.size:
            raise ValueError(errors.PREDICTIONS.format(loss=self, got=describe(predictions, targets)))
        return self.reduced((predictions - targets.astype(predictions.dtype)).square(), sample_weight)


def check_scores(loss: Loss, scores: Tensor) -> tuple[int, int]:
    """The number of samples and of classes of `scores`, or an error that names what came."""
    if scores.ndim != 2 or not scores.size or scores.dtype.kind != "f":
        raise ValueError(errors.SCORES.format(loss=type(loss).__name__, got=describe(scores)))
    n, classes = scores.shape
    return n, classes


def check_labels(loss: Loss, scores: Tensor, labels: Any) -> np.ndarray:
    """The labels as an array of integers that index the classes of `scores`, or an error that names what came."""
    n, classes = check_scores(loss, scores)
    name = type(loss).__name__
    array = np.array(plain(labels))  # a copy, as the graph keeps it
    if array.shape != (n,) or array.dtype.kind not in "iu":
        kind = TypeError if array.dtype.kind not in "iu" else ValueError
        raise kind(errors.LABELS_KIND.format(loss=name, n=n, got=describe(array)))
    wrong = (array < 0) | (array >= classes)
    if wrong.any():
        row = int(wrong.argmax())
        text = errors.LABELS_RANGE.format(loss=name, last=classes - 1, classes=classes, got=array[row], row=row)
        raise ValueError(text)
    return array


def check_probabilities(loss: Loss, scores: Tensor, array: np.ndarray) -> None:
    """Raise where the targets are not a distribution over the classes for each row of `scores`."""
    got = f"{describe(array)}"
    if array.shape == scores.shape:
        right = (array >= 0).all(axis=1) & (np.abs(array.sum(axis=1) - 1) <= SUM_TO_ONE)
        if right.all():
            return
        row = int(right.argmin())
        got = f"row {row} is {array[row].tolist()}"
    raise ValueError(errors.PROBABILITIES.format(loss=type(loss).__name__, shape=scores.shape, got=got))


def _sample_weights(loss: Loss, losses: Tensor, sample_weight: Any) -> np.ndarray:
    """One weight for each sample, shaped to multiply its losses."""
    array = np.asarray(plain(sample_weight))
    n = len(losses)
    if array.shape != (n,) or array.dtype.kind not in "fiu" or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(errors.SAMPLE_WEIGHTS.format(loss=type(loss).__name__, n=n, got=describe(array)))
    return array.astype(losses.dtype).reshape(n, *[1] * (losses.ndim - 1))


def _class_weights(weight: Any) -> np.ndarray:
    array = np.array(plain(weight), dtype=float)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(errors.CLASS_WEIGHTS.format(got=weight))
    return array
