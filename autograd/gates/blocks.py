"""Blocks: many gates as one, with the gradient in closed form: linear, softmax, standardize, cross-entropy, hinge.

Each block also has `expand(*inputs, **attributes)`: the same function built from smaller gates. A test checks that
block and expansion have the same value and gradient. The expansion replaces the block where its inside is needed: in
second derivatives and in unfolded graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from autograd.gates.arrays import REDUCTION_SAMPLES, Array, ArrayGate, ArrayRule, Sample, restore_axes, sample
from autograd.gates.summation import Axis, average, total
from autograd.numpy_tuning import product

Recorded: TypeAlias = Any  # a Tensor: gates know no nodes


class Block(ArrayGate):
    """A gate over arrays that has an expansion into smaller gates.

    Parameters
    ----------
    name, symbol, forward, *vjps, samples, vjp_formulas, kink
        As in `ArrayGate`.
    expand : callable
        `expand(*inputs, **attributes)`, of Tensors, the same value from smaller gates.
    """

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: ArrayRule,
        *vjps: ArrayRule,
        expand: Callable[..., Recorded],
        samples: Sequence[Sample],
        vjp_formulas: tuple[str, ...],
        kink: Callable[..., Array | None] | None = None,
    ) -> None:
        super().__init__(name, symbol, forward, *vjps, samples=samples, vjp_formulas=vjp_formulas, kink=kink)
        self.expand = expand


# In the expansions below, Tensors take the place of the arrays: the same operators and NumPy functions record gates.

# linear: x (n, in), weight (out, in), bias (out,) -> x Wᵀ + b (n, out)


def _expand_linear(x: Recorded, weight: Recorded, bias: Recorded) -> Recorded:
    return x @ weight.T + bias


LINEAR = Block(
    "linear",
    "xWᵀ + b",
    lambda x, weight, bias: product(x, weight.T) + bias,
    lambda upstream, out, x, weight, bias: product(upstream, weight),
    lambda upstream, out, x, weight, bias: product(upstream.T, x),
    lambda upstream, out, x, weight, bias: total(upstream, 0),
    expand=_expand_linear,
    vjp_formulas=("upstream @ weight", "upstreamᵀ @ x", "Σ upstream over the rows"),
    samples=[sample((4, 3), (2, 3), (2,)), sample((1, 3), (5, 3), (5,))],
)


# softmax and logsumexp over one axis, several or all: x -> exp(x) / Σ exp(x), log Σ exp(x)


def _shift(x: Array, axis: Axis) -> Array:
    """The maximum of x over the axis (0 if all are −inf): exp(x − maximum) cannot overflow."""
    largest = np.max(x, axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0)


def _softmax(x: Array, axis: Axis) -> Array:
    exponentials = np.exp(x - _shift(x, axis))
    return exponentials / total(exponentials, axis, keepdims=True)


def _softmax_x(upstream: Array, out: Array, x: Array, axis: Axis) -> Array:
    return out * (upstream - total(upstream * out, axis, keepdims=True))


def _expand_softmax(x: Recorded, axis: Axis) -> Recorded:
    exponentials = (x - _shift(x.data, axis)).exp()
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


SOFTMAX = Block(
    "softmax",
    "softmax",
    _softmax,
    _softmax_x,
    expand=_expand_softmax,
    vjp_formulas=("out · (upstream − Σ upstream · out)",),
    samples=[sample((4, 3), axis=-1), sample((2, 3), axis=None), sample((2, 3, 2), axis=(0, 2))],
)


def _logsumexp(x: Array, axis: Axis, keepdims: bool) -> Array:
    shift = _shift(x, axis)
    sums = total(np.exp(x - shift), axis, keepdims)
    return np.log(sums) + shift.reshape(sums.shape)


def _logsumexp_x(upstream: Array, out: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    exponentials = np.exp(x - _shift(x, axis))
    sums = total(exponentials, axis, keepdims=True)
    return exponentials / np.where(sums == 0, 1, sums) * restore_axes(upstream, x, axis, keepdims)  # all −inf: 0


def _expand_logsumexp(x: Recorded, axis: Axis, keepdims: bool) -> Recorded:
    shift = _shift(x.data, axis)
    sums = (x - shift).exp().sum(axis=axis, keepdims=keepdims)
    empty = sums.data == 0  # all are −inf: the value is −inf and the gradient 0
    return (sums + empty).log() + np.where(empty, -np.inf, shift.reshape(sums.shape)).astype(x.dtype)


LOGSUMEXP = Block(
    "logsumexp",
    "log Σ exp",
    _logsumexp,
    _logsumexp_x,
    expand=_expand_logsumexp,
    vjp_formulas=("softmax(x) · upstream",),
    samples=REDUCTION_SAMPLES,
)


# standardize over an axis: x -> (x − μ) / √(σ² + eps), with mean μ and (biased) variance σ² of x along that axis


def _centred(x: Array, axis: int, eps: float) -> tuple[Array, Array]:
    """x − μ and √(σ² + eps)."""
    centred = x - average(x, axis, keepdims=True)
    scale = np.sqrt(average(centred * centred, axis, keepdims=True) + eps)
    if not np.isfinite(scale).all():  # a square overflowed, or a number is not finite
        largest = np.maximum(np.max(np.abs(centred), axis=axis, keepdims=True), 1)
        scaled = centred / largest
        scale = np.sqrt(average(scaled * scaled, axis, keepdims=True) + eps / largest / largest) * largest
    return centred, scale


def _standardize(x: Array, axis: int, eps: float) -> Array:
    centred, scale = _centred(x, axis, eps)
    centred /= scale
    return centred


def _standardize_x(upstream: Array, out: Array, x: Array, axis: int, eps: float) -> Array:
    """Ioffe and Szegedy 2015, section 3, in terms of out."""
    gradient = out * -average(upstream * out, axis, keepdims=True)
    gradient += upstream
    gradient -= average(upstream, axis, keepdims=True)
    gradient /= _centred(x, axis, eps)[1]
    return gradient


def _expand_standardize(x: Recorded, axis: int, eps: float) -> Recorded:
    centred = x - x.mean(axis=axis, keepdims=True)
    return centred / (centred.square().mean(axis=axis, keepdims=True) + eps).sqrt()


STANDARDIZE = Block(
    "standardize",
    "(x − μ) / σ",
    _standardize,
    _standardize_x,
    expand=_expand_standardize,
    vjp_formulas=("(upstream − mean(upstream) − out · mean(upstream · out)) / √(σ² + eps)",),
    samples=[sample((4, 3), axis=0, eps=1e-5), sample((3, 5), axis=-1, eps=0.1), sample((2, 4, 3), axis=1, eps=0.1)],
)


# softmax cross-entropy: logits (n, classes), labels (n,) -> the losses −log softmax(logits)[label], (n,)


def _shifted(logits: Array) -> Array:
    """Each row minus its maximum: exp of it cannot overflow."""
    return logits - logits.max(axis=1, keepdims=True)


def _cross_entropy(logits: Array, labels: Array) -> Array:
    shifted = _shifted(logits)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]


def _cross_entropy_logits(upstream: Array, out: Array, logits: Array, labels: Array) -> Array:
    gradient = np.exp(_shifted(logits))  # softmax(logits) − one-hot(label), CS231n "Softmax classifier"
    gradient /= gradient.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    gradient *= upstream[:, None]
    return gradient


def _expand_cross_entropy(logits: Recorded, labels: Array) -> Recorded:
    shifted = logits - logits.detach().max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    return shifted.exp().sum(axis=1).log() - picked


SOFTMAX_CROSS_ENTROPY = Block(
    "softmax_cross_entropy",
    "−log softmax",
    _cross_entropy,
    _cross_entropy_logits,
    expand=_expand_cross_entropy,
    vjp_formulas=("(softmax(logits) − one-hot(labels)) · upstream",),
    samples=[sample((4, 3), labels=np.array([0, 2, 1, 1])), sample((1, 5), labels=np.array([4]))],
)


# soft cross-entropy: logits and targets (n, classes), class probabilities q -> −Σ q log softmax(logits), (n,)


def _log_softmax(logits: Array) -> Array:
    shifted = _shifted(logits)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _soft_cross_entropy_logits(upstream: Array, out: Array, logits: Array, targets: Array) -> Array:
    gradient = np.exp(_log_softmax(logits))
    gradient *= targets.sum(axis=1, keepdims=True)
    gradient -= targets
    gradient *= upstream[:, None]
    return gradient


def _expand_soft_cross_entropy(logits: Recorded, targets: Recorded) -> Recorded:
    shifted = logits - logits.detach().max(axis=1, keepdims=True)
    return (targets * (shifted.exp().sum(axis=1, keepdims=True).log() - shifted)).sum(axis=1)


SOFT_CROSS_ENTROPY = Block(
    "soft_cross_entropy",
    "−Σ q log softmax",
    lambda logits, targets: -(targets * _log_softmax(logits)).sum(axis=1),
    _soft_cross_entropy_logits,
    lambda upstream, out, logits, targets: -_log_softmax(logits) * upstream[:, None],
    expand=_expand_soft_cross_entropy,
    vjp_formulas=("(softmax(logits) · Σ targets − targets) · upstream", "−log softmax(logits) · upstream"),
    samples=[sample((4, 3), (4, 3)), sample((1, 5), (1, 5))],
)


# hinge: scores (n, classes), labels (n,) -> the losses Σ_{j≠y} max(0, s_j − s_y + margin), (n,), or of its squares


def _margins(scores: Array, labels: Array, margin: float) -> Array:
    margins = np.maximum(_violations(scores, labels, margin), 0)
    margins[np.arange(len(labels)), labels] = 0
    return margins


def _violations(scores: Array, labels: Array, margin: float) -> Array:
    """By how much each score violates its margin; the hinge has its kink at 0."""
    return scores - scores[np.arange(len(labels)), labels][:, None] + margin


def _hinge(scores: Array, labels: Array, margin: float, *, squared: bool = False) -> Array:
    margins = _margins(scores, labels, margin)
    return (margins * margins if squared else margins).sum(axis=1)


def _hinge_scores(
    upstream: Array, out: Array, scores: Array, labels: Array, margin: float, *, squared: bool = False
) -> Array:
    margins = _margins(scores, labels, margin)
    gradient = 2 * margins if squared else (margins > 0).astype(scores.dtype)
    if np.isnan(out).any():
        gradient[np.isnan(margins)] = np.nan
    gradient[np.arange(len(labels)), labels] = -gradient.sum(axis=1)
    gradient *= upstream[:, None]
    return gradient


def _expand_hinge(scores: Recorded, labels: Array, margin: float, *, squared: bool = False) -> Recorded:
    correct = scores[np.arange(len(labels)), labels].reshape(-1, 1)
    others = (np.arange(scores.shape[1]) != labels[:, None]).astype(scores.dtype)
    margins = (scores - correct + margin).relu() * others
    return (margins.square() if squared else margins).sum(axis=1)


def _hinge_kink(scores: Array, labels: Array, margin: float, *, squared: bool = False) -> Array | None:
    return None if squared else _violations(scores, labels, margin)


HINGE = Block(
    "hinge",
    "hinge",
    _hinge,
    _hinge_scores,
    expand=_expand_hinge,
    vjp_formulas=(
        "upstream (squared: · 2 · violation) for each score within its margin; minus their sum for the label's score",
    ),
    kink=_hinge_kink,
    samples=[
        sample((4, 3), labels=np.array([0, 2, 1, 1]), margin=1.0, squared=False),
        sample((2, 5), labels=np.array([4, 0]), margin=0.5, squared=True),
    ],
)
