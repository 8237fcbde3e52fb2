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
from autograd.gates.summation import average, total
from autograd.graph.array_kinds import check_kind
from autograd.graph.node import Node, apply, plain
from autograd.graph.order import inputs_first, topological_order
from autograd.program.replay import Program
from autograd.regular_file import NotRegularFileError, open_regular, read_regular

__all__ = [
    "HINGE",
    "LINEAR",
    "LOGSUMEXP",
    "SOFTMAX",
    "SOFTMAX_CROSS_ENTROPY",
    "SOFT_CROSS_ENTROPY",
    "STANDARDIZE",
    "Node",
    "NotRegularFileError",
    "Program",
    "apply",
    "atomic_write",
    "average",
    "check_kind",
    "describe",
    "inputs_first",
    "open_regular",
    "plain",
    "read_regular",
    "topological_order",
    "total",
]
