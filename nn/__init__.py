"""Neural-net layers, losses, optimisers and schedules on autograd; reads like PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn import init, optim, schedules
from nn.activations import ReLU, Sigmoid, Tanh
from nn.clipping import clip_grad_norm, clip_grad_value
from nn.dropout import Dropout
from nn.linear import Linear
from nn.losses import CrossEntropyLoss, HingeLoss
from nn.module import Module
from nn.sequential import Sequential

if TYPE_CHECKING:
    from nn.checkpoint import load, save

__all__ = [
    "CrossEntropyLoss",
    "Dropout",
    "HingeLoss",
    "Linear",
    "Module",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "clip_grad_norm",
    "clip_grad_value",
    "init",
    "load",
    "optim",
    "save",
    "schedules",
]


def __getattr__(name: str) -> Any:
    """Import what writes and reads files on first use: whoever only computes does not wait for it."""
    if name in {"load", "save"}:
        from nn import checkpoint

        return getattr(checkpoint, name)
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
