"""ReLU, LeakyReLU, Sigmoid, Tanh, Softmax: the gates of those names as layers.

Each says by `init` which initialisation suits the Linear before it: `Linear(3072, 512, init=ReLU)`.
"""

from __future__ import annotations

from functools import partial

from autograd import Tensor
from nn.init import Init, he
from nn.module import Module
from nn.validation import check_number


class ReLU(Module):
    """max(0, x), element by element; its gradient at 0 is 0."""

    init = "he"

    def forward(self, x: Tensor) -> Tensor:
        return x.relu()


class LeakyReLU(Module):
    """x where it is above 0, else slope · x, element by element (Maas and others 2013); its gradient at 0 is slope."""

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = check_number(float, "slope", slope, at_least=0)

    def forward(self, x: Tensor) -> Tensor:
        return x.leaky_relu(self.slope)

    @property
    def init(self) -> Init:
        """He's, with the gain for this slope."""
        return partial(he, slope=self.slope)


class Sigmoid(Module):
    """1 / (1 + exp(−x)), element by element."""

    init = "xavier"

    def forward(self, x: Tensor) -> Tensor:
        return x.sigmoid()


class Tanh(Module):
    """tanh(x), element by element."""

    init = "xavier"

    def forward(self, x: Tensor) -> Tensor:
        return x.tanh()


class Softmax(Module):
    """exp(x) / Σ exp(x) over an axis: probabilities; stable for x of any size.

    Not before CrossEntropyLoss, which takes the logits themselves.
    """

    init = "xavier"

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return x.softmax(axis=self.axis)
