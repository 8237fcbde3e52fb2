"""What other packages may use of the engine, beside the public names of `autograd`.

Layers, losses and other extensions are built from gates with these. Everything else inside `autograd` may change.
"""

from autograd.atomic_write import atomic_write
from autograd.describe import describe
from autograd.gates.blocks import (
    HINGE,
    LINEAR,
    LOGSUMEXP,
    SOFT_CROSS_ENTROPY,
    SOFTMAX,
    SOFTMAX_CROSS_ENTROPY,
    STANDARDIZE,
)
from autograd.graph.node import apply, plain

__all__ = [
    "HINGE",
    "LINEAR",
    "LOGSUMEXP",
    "SOFTMAX",
    "SOFTMAX_CROSS_ENTROPY",
    "SOFT_CROSS_ENTROPY",
    "STANDARDIZE",
    "apply",
    "atomic_write",
    "describe",
    "plain",
]
