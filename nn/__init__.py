"""Neural networks built on autograd: layers, losses, penalties, optimisers and schedules, named as in PyTorch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nn import init, optim, schedules
from nn.clipping import clip_grad_norm, clip_grad_value
from nn.folding import fold
from nn.gradient_check import check_gradients
from nn.layers import (
    BatchNorm1d,
    Dropout,
    Flatten,
    LayerNorm,
    LeakyReLU,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Standardize,
    Tanh,
)
from nn.losses import CrossEntropyLoss, HingeLoss, MSELoss
from nn.module import Module
from nn.penalties import l1, l2

if TYPE_CHECKING:
    from nn import saving, training
    from nn.saving import load, save

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
    "saving",
    "schedules",
    "training",
]


def __getattr__(name: str) -> object:
    """Import what training runs and files need on first use, so that `import nn` stays fast."""
    if name in {"saving", "training"}:
        return import_module(f"nn.{name}")
    if name in {"load", "save"}:
        return getattr(import_module("nn.saving"), name)
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
