"""Neural-net layers, losses, penalties, optimisers and schedules on autograd; reads like PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn import init, optim, schedules
from nn.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn.check import check_gradients
from nn.clipping import clip_grad_norm, clip_grad_value
from nn.dropout import Dropout
from nn.flatten import Flatten
from nn.folding import fold
from nn.linear import Linear
from nn.losses import CrossEntropyLoss, HingeLoss, MSELoss
from nn.module import Module
from nn.normalization import BatchNorm1d, LayerNorm, Standardize
from nn.penalties import l1, l2
from nn.sequential import Sequential

if TYPE_CHECKING:
    from nn.checkpoint import load, save

__all__ = [
    "BatchNorm1d",
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "HingeLoss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MSELoss",
    "Module",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Standardize",
    "Tanh",
    "check_gradients",
    "clip_grad_norm",
    "clip_grad_value",
    "fold",
    "init",
    "l1",
    "l2",
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
