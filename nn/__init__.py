"""Neural-net layers, losses, optimisers and schedules on autograd; reads like PyTorch."""

from nn import init, optim, schedules
from nn.activations import ReLU, Sigmoid, Tanh
from nn.dropout import Dropout
from nn.linear import Linear
from nn.losses import CrossEntropyLoss, HingeLoss
from nn.module import Module
from nn.sequential import Sequential

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
    "init",
    "optim",
    "schedules",
]
