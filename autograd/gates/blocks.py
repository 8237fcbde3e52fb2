"""A whole block of gates as one with a closed-form gradient: linear, softmax, standardize, cross-entropy, hinge.

The slides ask: can a whole block be computed at once? Yes: each block has `expand(*inputs, **attributes)` too, the
same function out of smaller gates, and a test holds block = expansion, in value and gradient. The expansion stands in
for the block where its inside is wanted: for second derivatives, and in a graph that is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.gates.arrays import REDUCTION_SAMPLES, Array, ArrayGate, _beside, _sample
from autograd.gates.elementwise import Rule
from autograd.graph.backward import gradients
from autograd.graph.modes import WATCH, in_mode
from autograd.numpy_tuning import product

if TYPE_CHECKING:
    from autograd.graph.node import Node
    from autograd.graph.tensor import Tensor


class Block(ArrayGate):
    """An ArrayGate that knows its expansion into smaller gates."""

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *vjps: Rule,
        expand: Rule,
        samples: Sequence,
        passes: tuple[str, ...],
        kink: Rule | None = None,
    ) -> None:
        super().__init__(name, symbol, forward, *vjps, samples=samples, passes=passes, kink=kink)
        self.expand = expand

    def pass_down(self, node: Node, upstream: Any) -> Iterator[tuple[Node, Any]]:
        with in_mode(off=WATCH):  # what goes on inside is not the user's
            twin = self.expand(*node.inputs, **node.attributes)
            found = gradients(twin, upstream, create_graph=True, until=node.inputs, with_hooks=False)
        return ((source, found[source]) for source in dict.fromkeys(node.inputs) if source in found)


# linear: x (n, in), weight (out, in), bias (out,) -> x Wᵀ + b (n, out)


def _expand_linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return x @ weight.T + bias


LINEAR = Block(
    "linear",
    "xWᵀ + b",
    lambda x, weight, bias: product(x, weight.T) + bias,
    lambda upstream, out, x, weight, bias: product(upstream, weight),
    lambda upstream, out, x, weight, bias: product(upstream.T, x),
    lambda upstream, out, x, weight, bias: upstream.sum(axis=0),
    expand=_expand_linear,
    passes=("upstream @ weight", "upstreamᵀ @ x", "Σ upstream over the rows"),
    samples=[_sample((4, 3), (2, 3), (2,)), _sample((1, 3), (5, 3), (5,))],
)


# softmax and logsumexp over one axis, several or all: x -> exp(x) / Σ exp(x), log Σ exp(x)


def _shift(x: Array, axis: Any) -> Array:
    """The largest x over an axis, which leaves exp of at most 0: stable for x of any size; 0 where all are −inf."""
    largest = np.max(x, axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0)


def _softmax(x: Array, axis: Any) -> Array:
    exponentials = np.exp(x - _shift(x, axis))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _softmax_x(upstream: Array, out: Array, x: Array, axis: Any) -> Array:
    return out * (upstream - (upstream * out).sum(axis=axis, keepdims=True))


def _expand_softmax(x: Tensor, axis: Any) -> Tensor:
    exponentials = (x - _shift(x.data, axis)).exp()
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


SOFTMAX = Block(
    "softmax",
    "softmax",
    _softmax,
    _softmax_x,
    expand=_expand_softmax,
    passes=("out · (upstream − Σ upstream · out)",),
    samples=[_sample((4, 3), axis=-1), _sample((2, 3), axis=None), _sample((2, 3, 2), axis=(0, 2))],
)


def _logsumexp(x: Array, axis: Any, keepdims: bool) -> Array:
    shift = _shift(x, axis)
    total = np.sum(np.exp(x - shift), axis=axis, keepdims=keepdims)
    return np.log(total) + shift.reshape(total.shape)


def _logsumexp_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    return _softmax(x, axis) * _beside(upstream, x, axis, keepdims)


def _expand_logsumexp(x: Tensor, axis: Any, keepdims: bool) -> Tensor:
    shift = _shift(x.data, axis)
    total = (x - shift).exp().sum(axis=axis, keepdims=keepdims)
    return total.log() + shift.reshape(total.shape)


LOGSUMEXP = Block(
    "logsumexp",
    "log Σ exp",
    _logsumexp,
    _logsumexp_x,
    expand=_expand_logsumexp,
    passes=("softmax(x) · upstream",),
    samples=REDUCTION_SAMPLES,
)


# standardize over an axis: x -> (x − μ) / √(σ² + eps), with the mean and the (biased) variance of x along that axis


def _centred(x: Array, axis: int, eps: float) -> tuple[Array, Array]:
    """x − μ and √(σ² + eps)."""
    centred = x - x.mean(axis=axis, keepdims=True)
    return centred, np.sqrt((centred * centred).mean(axis=axis, keepdims=True) + eps)


def _standardize(x: Array, axis: int, eps: float) -> Array:
    centred, scale = _centred(x, axis, eps)
    centred /= scale
    return centred


def _standardize_x(upstream: Array, out: Array, x: Array, axis: int, eps: float) -> Array:
    """Ioffe and Szegedy 2015, section 3, in terms of out: what moves x as a whole, or stretches it, is taken out."""
    gradient = out * -(upstream * out).mean(axis=axis, keepdims=True)
    gradient += upstream
    gradient -= upstream.mean(axis=axis, keepdims=True)
    gradient /= _centred(x, axis, eps)[1]
    return gradient


def _expand_standardize(x: Tensor, axis: int, eps: float) -> Tensor:
    centred = x - x.mean(axis=axis, keepdims=True)
    return centred / (centred.square().mean(axis=axis, keepdims=True) + eps).sqrt()


STANDARDIZE = Block(
    "standardize",
    "(x − μ) / σ",
    _standardize,
    _standardize_x,
    expand=_expand_standardize,
    passes=("(upstream − mean(upstream) − out · mean(upstream · out)) / √(σ² + eps)",),
    samples=[_sample((4, 3), axis=0, eps=1e-5), _sample((3, 5), axis=-1, eps=0.1), _sample((2, 4, 3), axis=1, eps=0.1)],
)


# softmax cross-entropy: logits (n, classes), labels (n,) -> the losses −log softmax(logits)[label], (n,)


def _shifted(logits: Array) -> Array:
    """Each row less its largest, which leaves exp of at most 0: stable for logits of any size."""
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
    passes=("(softmax(logits) − one-hot(labels)) · upstream",),
    samples=[_sample((4, 3), labels=np.array([0, 2, 1, 1])), _sample((1, 5), labels=np.array([4]))],
)


# soft cross-entropy: logits and targets (n, classes), a share q of each class -> −Σ q log softmax(logits), (n,)


def _log_softmax(logits: Array) -> Array:
    shifted = _shifted(logits)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _soft_cross_entropy_logits(upstream: Array, out: Array, logits: Array, targets: Array) -> Array:
    gradient = np.exp(_log_softmax(logits))
    gradient *= targets.sum(axis=1, keepdims=True)
    gradient -= targets
    gradient *= upstream[:, None]
    return gradient


def _expand_soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    shifted = logits - logits.detach().max(axis=1, keepdims=True)
    return (targets * (shifted.exp().sum(axis=1, keepdims=True).log() - shifted)).sum(axis=1)


SOFT_CROSS_ENTROPY = Block(
    "soft_cross_entropy",
    "−Σ q log softmax",
    lambda logits, targets: -(targets * _log_softmax(logits)).sum(axis=1),
    _soft_cross_entropy_logits,
    lambda upstream, out, logits, targets: -_log_softmax(logits) * upstream[:, None],
    expand=_expand_soft_cross_entropy,
    passes=("(softmax(logits) · Σ targets − targets) · upstream", "−log softmax(logits) · upstream"),
    samples=[_sample((4, 3), (4, 3)), _sample((1, 5), (1, 5))],
)


# hinge: scores (n, classes), labels (n,) -> the losses Σ_{j≠y} max(0, s_j − s_y + margin), (n,), or of its squares


def _margins(scores: Array, labels: Array, margin: float) -> Array:
    margins = np.maximum(_distances(scores, labels, margin), 0)
    margins[np.arange(len(labels)), labels] = 0
    return margins


def _distances(scores: Array, labels: Array, margin: float) -> Array:
    """How far each score is within its margin: the hinge has its corner at 0."""
    return scores - scores[np.arange(len(labels)), labels][:, None] + margin


def _hinge(scores: Array, labels: Array, margin: float, *, squared: bool = False) -> Array:
    margins = _margins(scores, labels, margin)
    return (margins * margins if squared else margins).sum(axis=1)


def _hinge_scores(
    upstream: Array, out: Array, scores: Array, labels: Array, margin: float, *, squared: bool = False
) -> Array:
    margins = _margins(scores, labels, margin)
    gradient = 2 * margins if squared else (margins > 0).astype(scores.dtype)
    gradient[np.arange(len(labels)), labels] = -gradient.sum(axis=1)
    gradient *= upstream[:, None]
    return gradient


def _expand_hinge(scores: Tensor, labels: Array, margin: float, *, squared: bool = False) -> Tensor:
    correct = scores[np.arange(len(labels)), labels].reshape(-1, 1)
    others = (np.arange(scores.shape[1]) != labels[:, None]).astype(scores.dtype)
    margins = (scores - correct + margin).relu() * others
    return (margins.square() if squared else margins).sum(axis=1)


def _hinge_corner(scores: Array, labels: Array, margin: float, *, squared: bool = False) -> Array | None:
    return None if squared else _distances(scores, labels, margin)


HINGE = Block(
    "hinge",
    "hinge",
    _hinge,
    _hinge_scores,
    expand=_expand_hinge,
    passes=("upstream (squared: · 2 · how far), to each score within its margin; less all of these, to the label's",),
    kink=_hinge_corner,
    samples=[
        _sample((4, 3), labels=np.array([0, 2, 1, 1]), margin=1.0, squared=False),
        _sample((2, 5), labels=np.array([4, 0]), margin=0.5, squared=True),
    ],
)
