"""A whole block of gates as one gate with a closed-form local gradient: linear, softmax cross-entropy, hinge.

The slides ask: can a whole block be computed at once? Yes: each block has `expand(*inputs, **attributes)` too, the
same function out of smaller gates, and a test holds block = expansion, in value and gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograd.array_gates import Array, ArrayGate, _sample
from autograd.gates import Rule

if TYPE_CHECKING:
    from autograd.tensor import Tensor


class Block(ArrayGate):
    """An ArrayGate that knows its expansion into smaller gates."""

    def __init__(self, name: str, symbol: str, forward: Rule, *vjps: Rule, expand: Rule, samples: Sequence) -> None:
        super().__init__(name, symbol, forward, *vjps, samples=samples)
        self.expand = expand


# linear: x (n, in), weight (out, in), bias (out,) -> x Wᵀ + b (n, out)


def _expand_linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return x @ weight.T + bias


LINEAR = Block(
    "linear",
    "xWᵀ + b",
    lambda x, weight, bias: x @ weight.T + bias,
    lambda upstream, out, x, weight, bias: upstream @ weight,
    lambda upstream, out, x, weight, bias: upstream.T @ x,
    lambda upstream, out, x, weight, bias: upstream.sum(axis=0),
    expand=_expand_linear,
    samples=[_sample((4, 3), (2, 3), (2,)), _sample((1, 3), (5, 3), (5,))],
)


# softmax cross-entropy: logits (n, classes), labels (n,) -> the losses −log softmax(logits)[label], (n,)


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)  # exp of at most 0: stable for logits of any size
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _cross_entropy(logits: Array, labels: Array) -> Array:
    return -_log_softmax(logits)[np.arange(len(labels)), labels]


def _cross_entropy_logits(upstream: Array, out: Array, logits: Array, labels: Array) -> Array:
    gradient = np.exp(_log_softmax(logits))  # softmax(logits) − one-hot(label), CS231n "Softmax classifier"
    gradient[np.arange(len(labels)), labels] -= 1
    gradient *= upstream[:, None]
    return gradient


def _expand_cross_entropy(logits: Tensor, labels: Array) -> Tensor:
    shifted = logits - logits.detach().max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    return shifted.exp().sum(axis=1).log() - picked


SOFTMAX_CROSS_ENTROPY = Block(
    "softmax_cross_entropy",
    "−log softmax",
    _cross_entropy,
    _cross_entropy_logits,
    expand=_expand_cross_entropy,
    samples=[_sample((4, 3), labels=np.array([0, 2, 1, 1])), _sample((1, 5), labels=np.array([4]))],
)


# hinge: scores (n, classes), labels (n,) -> the losses Σ_{j≠y} max(0, s_j − s_y + margin), (n,)


def _margins(scores: Array, labels: Array, margin: float) -> Array:
    rows = np.arange(len(labels))
    margins = np.maximum(scores - scores[rows, labels][:, None] + margin, 0)
    margins[rows, labels] = 0
    return margins


def _hinge(scores: Array, labels: Array, margin: float) -> Array:
    return _margins(scores, labels, margin).sum(axis=1)


def _hinge_scores(upstream: Array, out: Array, scores: Array, labels: Array, margin: float) -> Array:
    gradient = (_margins(scores, labels, margin) > 0).astype(scores.dtype)
    gradient[np.arange(len(labels)), labels] = -gradient.sum(axis=1)
    gradient *= upstream[:, None]
    return gradient


def _expand_hinge(scores: Tensor, labels: Array, margin: float) -> Tensor:
    correct = scores[np.arange(len(labels)), labels].reshape(-1, 1)
    others = (np.arange(scores.shape[1]) != labels[:, None]).astype(scores.dtype)
    return ((scores - correct + margin).relu() * others).sum(axis=1)


HINGE = Block(
    "hinge",
    "hinge",
    _hinge,
    _hinge_scores,
    expand=_expand_hinge,
    samples=[
        _sample((4, 3), labels=np.array([0, 2, 1, 1]), margin=1.0),
        _sample((2, 5), labels=np.array([4, 0]), margin=0.5),
    ],
)
