"""ReLU, Sigmoid, Tanh: the gates of those names as layers."""

from __future__ import annotations

from autograd import Tensor
from nn.module import Module


class ReLU(Module):
    """max(0, x), element by element; its gradient at 0 is 0."""

    def forward(self, x: Tensor) -> Tensor:
        return x.relu()


class Sigmoid(Module):
    """1 / (1 + exp(−x)), element by element."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sigmoid()


class Tanh(Module):
    """tanh(x), element by element."""

    def forward(self, x: Tensor) -> Tensor:
        return x.tanh()
