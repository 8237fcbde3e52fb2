"""Updates: what the optimisers make of a weight w, its gradient g and their own state, as formulas of numbers.

Each returns the new weight and the new state, in the order of its arguments. They run on arrays, block by block, and as
machine code of the same text (machine.py): so a formula stands once, and both give the same bits. What does not
depend on the weight, the factors after the state, is computed beforehand; `decay` is that of L2 regularisation.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def descent(w: Any, g: Any, rate: Any, decay: Any) -> tuple[Any, ...]:
    """w ← w − rate · g."""
    g = g + decay * w if decay else g
    return (w - rate * g,)


def momentum(w: Any, g: Any, v: Any, rate: Any, decay: Any, kept: Any, nesterov: Any) -> tuple[Any, ...]:
    """v ← kept · v + g, w ← w − rate · v; with `nesterov`, w ← w − rate · (g + kept · v)."""
    g = g + decay * w if decay else g
    v = kept * v + g
    return w - rate * (g + kept * v if nesterov else v), v


def rmsprop(w: Any, g: Any, s: Any, rate: Any, decay: Any, alpha: Any, rest: Any, eps: Any) -> tuple[Any, ...]:
    """s ← alpha · s + rest · g², w ← w − rate · g / (√s + eps); rest is 1 − alpha."""
    g = g + decay * w if decay else g
    s = alpha * s + rest * (g * g)
    return w - rate * (g / (np.sqrt(s) + eps)), s


def rmsprop_momentum(
    w: Any, g: Any, s: Any, v: Any, rate: Any, decay: Any, alpha: Any, rest: Any, eps: Any, kept: Any
) -> tuple[Any, ...]:
    """s as above, v ← kept · v + g / (√s + eps), w ← w − rate · v."""
    g = g + decay * w if decay else g
    s = alpha * s + rest * (g * g)
    v = kept * v + g / (np.sqrt(s) + eps)
    return w - rate * v, s, v


def adam(
    w: Any, g: Any, m: Any, s: Any, rate: Any, shrink: Any, decay: Any, rest1: Any, beta2: Any, rest2: Any, root: Any,
    eps: Any,
) -> tuple[Any, ...]:  # fmt: skip
    """w ← shrink · w, m ← m + rest1 · (g − m), s ← beta2 · s + rest2 · g², w ← w − rate · m / (root · √s + eps).

    The corrections for the start at zero are in the factors: rate = lr / (1 − beta1ᵗ), root = 1 / √(1 − beta2ᵗ).
    """
    w = shrink * w if shrink != 1 else w
    g = g + decay * w if decay else g
    m = m + rest1 * (g - m)
    s = beta2 * s + rest2 * (g * g)
    return w - rate * (m / (root * np.sqrt(s) + eps)), m, s
