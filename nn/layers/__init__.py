"""The layers, one kind in each file.

A new layer is a subclass of `Module` that stores each argument in an attribute of its name, in a file of its own, such
as `flatten.py`. Add it to `__all__` here and in `nn/__init__.py`: with its name in this `__all__`, it can also be saved
and loaded.
"""

from nn.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn.layers.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.normalization import BatchNorm1d, LayerNorm, Standardize
from nn.layers.sequential import Sequential

__all__ = [
    "BatchNorm1d",
    "Dropout",
    "Flatten",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Standardize",
    "Tanh",
]
