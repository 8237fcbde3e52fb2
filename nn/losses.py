"""Losses: how far the scores of a batch are from its labels, as one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.blocks import HINGE, SOFTMAX_CROSS_ENTROPY
from autograd.errors import describe
from autograd.node import apply
from nn import errors
from nn.hyperparameters import checked
from nn.module import Module


class CrossEntropyLoss(Module):
    """The mean of −log softmax(logits)[label]; stable for logits of any size.

    logits  (n, classes), a Tensor of floats
    labels  (n,), integers from 0 to classes − 1
    """

    def forward(self, logits: Tensor, labels: Any) -> Tensor:
        labels = check_labels(type(self).__name__, logits, labels)
        return apply(SOFTMAX_CROSS_ENTROPY, logits, labels=labels).mean()


class HingeLoss(Module):
    """The multiclass SVM loss, the mean of Σ_{j≠y} max(0, s_j − s_y + margin) (CS231n, "Linear classification").

    scores  (n, classes), a Tensor of floats
    labels  (n,), integers from 0 to classes − 1
    """

    def __init__(self, margin: float = 1.0) -> None:
        self.margin = checked(float, "margin", margin, above=0)

    def forward(self, scores: Tensor, labels: Any) -> Tensor:
        labels = check_labels(type(self).__name__, scores, labels)
        return apply(HINGE, scores, labels=labels, margin=self.margin).mean()


def check_labels(loss: str, scores: Tensor, labels: Any) -> np.ndarray:
    """The labels as an array of integers that index the classes of `scores`, or an error that names what came."""
    if scores.ndim != 2 or not scores.size or scores.dtype.kind != "f":
        raise ValueError(errors.SCORES.format(loss=loss, came=describe(scores)))
    n, classes = scores.shape
    array = np.array(labels.data if isinstance(labels, Tensor) else labels)  # a copy, as the graph keeps it
    if array.shape != (n,) or array.dtype.kind not in "iu":
        kind = TypeError if array.dtype.kind not in "iu" else ValueError
        raise kind(errors.LABELS_KIND.format(loss=loss, n=n, came=describe(array)))
    wrong = (array < 0) | (array >= classes)
    if wrong.any():
        row = int(wrong.argmax())
        text = errors.LABELS_RANGE.format(loss=loss, last=classes - 1, classes=classes, came=array[row], row=row)
        raise ValueError(text)
    return array
