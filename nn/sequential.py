"""Sequential: modules one after the other."""

from __future__ import annotations

from textwrap import indent

from autograd import Tensor
from autograd.errors import describe
from nn import errors
from nn.module import Module


class Sequential(Module):
    """Passes its input through each of `layers` in turn.

    >>> from nn import Linear, ReLU
    >>> Sequential(Linear(4, 3), ReLU(), Linear(3, 2))
    Sequential(
      Linear(4, 3)
      ReLU()
      Linear(3, 2)
    )
    """

    def __init__(self, *layers: Module) -> None:
        for layer in layers:
            if not isinstance(layer, Module):
                raise TypeError(errors.NOT_MODULE.format(came=describe(layer)))
        self.layers = list(layers)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x

    def describe(self) -> str:
        return "".join("\n" + indent(repr(layer), "  ") for layer in self.layers) + "\n"
