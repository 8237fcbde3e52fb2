"""Updates in machine code: in one pass over the weights, where arrays take one for each operation.

Loading it loads numba; it is loaded by a training that goes on for long enough. `LOOPS` has the loop of each update.
"""

from __future__ import annotations

from autograd.jit import compiled
from nn.optim import updates

_descent, _momentum = compiled(updates.descent), compiled(updates.momentum)
_rmsprop, _rmsprop_momentum = compiled(updates.rmsprop), compiled(updates.rmsprop_momentum)
_adam = compiled(updates.adam)


@compiled
def _descend(w, g, rate, decay):  # type: ignore[no-untyped-def]
    for i in range(len(w)):
        (w[i],) = _descent(w[i], g[i], rate, decay)


@compiled
def _accelerate(w, g, v, rate, decay, kept, nesterov):  # type: ignore[no-untyped-def]
    for i in range(len(w)):
        w[i], v[i] = _momentum(w[i], g[i], v[i], rate, decay, kept, nesterov)


@compiled
def _normalize(w, g, s, rate, decay, alpha, rest, eps):  # type: ignore[no-untyped-def]
    for i in range(len(w)):
        w[i], s[i] = _rmsprop(w[i], g[i], s[i], rate, decay, alpha, rest, eps)


@compiled
def _normalize_and_accelerate(w, g, s, v, rate, decay, alpha, rest, eps, kept):  # type: ignore[no-untyped-def]
    for i in range(len(w)):
        w[i], s[i], v[i] = _rmsprop_momentum(w[i], g[i], s[i], v[i], rate, decay, alpha, rest, eps, kept)


@compiled
def _adapt(w, g, m, s, rate, shrink, decay, rest1, beta2, rest2, root, eps):  # type: ignore[no-untyped-def]
    for i in range(len(w)):
        w[i], m[i], s[i] = _adam(w[i], g[i], m[i], s[i], rate, shrink, decay, rest1, beta2, rest2, root, eps)


LOOPS = {
    updates.descent: _descend,
    updates.momentum: _accelerate,
    updates.rmsprop: _normalize,
    updates.rmsprop_momentum: _normalize_and_accelerate,
    updates.adam: _adapt,
}
