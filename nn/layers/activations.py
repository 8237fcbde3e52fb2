"""The activation layers ReLU, LeakyReLU, Sigmoid, Tanh and Softmax; each applies the gate of its name.

The attribute `init` of each names the initialisation for the Linear before it: `Linear(3072, 512, init=ReLU)`.
"""

from __future__ import annotations

from functools import partial

from autograd import Tensor
from nn.init import Init, he
from nn.module import Module
from nn.validation import check_number


class ReLU(Module):
    """Rectified linear unit, max(0, x), element by element.

    Notes
    -----
    The gradient at 0 is 0.

    Examples
    --------
    >>> ReLU()([-1.0, 0.0, 2.0])
    Tensor([0., 0., 2.], dtype=float64)
    """

    init = "he"

    def forward(self, x: Tensor) -> Tensor:
        return x.relu()


class LeakyReLU(Module):
    """Leaky rectified linear unit, x if x > 0 else slope · x, element by element.

    Parameters
    ----------
    slope : float, default 0.01
        The slope below 0, at least 0.

    Attributes
    ----------
    slope : float
        The slope below 0.

    Notes
    -----
    The gradient at 0 is the slope. Source: Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network
    Acoustic Models", 2013.

    Examples
    --------
    >>> LeakyReLU(0.1)([-1.0, 0.0, 2.0])
    Tensor([-0.1,  0. ,  2. ], dtype=float64)
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = check_number(float, "slope", slope, at_least=0)

    def forward(self, x: Tensor) -> Tensor:
        return x.leaky_relu(self.slope)

    @property
    def init(self) -> Init:
        """He initialisation with the gain for this slope."""
        return partial(he, slope=self.slope)


class Sigmoid(Module):
    """Logistic sigmoid, 1 / (1 + exp(−x)), element by element.

    Examples
    --------
    >>> Sigmoid()([0.0])
    Tensor([0.5], dtype=float64)
    """

    init = "xavier"

    def forward(self, x: Tensor) -> Tensor:
        return x.sigmoid()


class Tanh(Module):
    """Hyperbolic tangent, element by element.

    Examples
    --------
    >>> Tanh()([0.0])
    Tensor([0.], dtype=float64)
    """

    init = "xavier"

    def forward(self, x: Tensor) -> Tensor:
        return x.tanh()


class Softmax(Module):
    """Softmax along an axis, exp(x) / Σ exp(x), which turns scores into probabilities.

    Parameters
    ----------
    axis : int, default -1
        The axis along which the outputs sum to 1.

    Attributes
    ----------
    axis : int
        The axis along which the outputs sum to 1.

    Notes
    -----
    The result is stable for scores of any size. Do not put a Softmax before `CrossEntropyLoss`, which expects logits.

    Examples
    --------
    >>> Softmax()([[0.0, 0.0]])
    Tensor([[0.5, 0.5]], dtype=float64)
    """

    init = "xavier"

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return x.softmax(axis=self.axis)
