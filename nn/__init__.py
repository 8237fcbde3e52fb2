"""Neural-net layers, losses, penalties, optimisers and schedules on autograd; reads like PyTorch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nn import init, optim, schedules
from nn.clipping import clip_grad_norm, clip_grad_value
from nn.folding import fold
from nn.gradient_check import check_gradients
from nn.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn.layers.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.normalization import BatchNorm1d, LayerNorm, Standardize
from nn.layers.sequential import Sequential
from nn.losses import CrossEntropyLoss, HingeLoss, MSELoss
from nn.module import Module
from nn.penalties import l1, l2

if TYPE_CHECKING:
    from nn import training
    from nn.saving.models import load, save

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
    "training",
]


def __getattr__(name: str) -> Any:
    """Import on first use what only training runs and files need."""
    if name == "training":
        return import_module("nn.training")
    if name in {"load", "save"}:
        return getattr(import_module("nn.saving.models"), name)
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
