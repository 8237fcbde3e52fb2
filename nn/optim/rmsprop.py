"""RMSProp, which divides each gradient by the root of its mean square."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd import Tensor
from nn.optim.base import Formula, Group, Optimizer, loop_over


class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton 2012), as in PyTorch.

    Parameters
    ----------
    parameters : iterable of Tensor, or of dict
        The Tensors to update, or groups of them: see `Optimizer`.
    lr : float, default 0.01
        The learning rate, above 0.
    alpha : float, default 0.99
        The decay rate of the mean square of the gradient, at least 0 and below 1.
    eps : float, default 1e-8
        A number added to the root to avoid division by zero, above 0.
    momentum : float, default 0.0
        The share of the velocity that is kept at each step, at least 0 and below 1.
    weight_decay : float, default 0.0
        The factor of L2 regularisation, at least 0.

    Attributes
    ----------
    state : list of dict
        For each parameter its "mean_square", and its "velocity" if there is momentum.

    Notes
    -----
    s ← alpha · s + (1 − alpha) · g², v ← momentum · v + g / (√s + eps), then w ← w − lr · v. The gradient g includes
    weight_decay · w.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = RMSProp([w], lr=0.1)
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(6)
    array([0., 1.])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, alpha=alpha, eps=eps, momentum=momentum, weight_decay=weight_decay)

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("mean_square", "velocity") if group["momentum"] else ("mean_square",)

    def update(self, group: Group, step: int) -> tuple[Formula, tuple[float, ...]]:
        alpha = group["alpha"]
        factors = group["lr"], group["weight_decay"], alpha, 1 - alpha, group["eps"]
        if not group["momentum"]:
            return rmsprop, factors
        return rmsprop_momentum, (*factors, group["momentum"])


def rmsprop(
    w: np.ndarray, g: np.ndarray, s: np.ndarray, rate: float, decay: float, alpha: float, rest: float, eps: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute s ← alpha · s + rest · g² and w ← w − rate · g / (√s + eps).

    Parameters
    ----------
    w, g : ndarray or float
        The weight and its gradient.
    s : ndarray or float
        The mean square of the gradient.
    rate : float
        The learning rate.
    decay : float
        The factor of L2 regularisation: decay · w is added to g.
    alpha, rest : float
        The factors of the old and the new square, which add up to 1.
    eps : float
        A number added to the root.

    Returns
    -------
    tuple
        The new weight and mean square.
    """
    g = g + decay * w if decay else g
    s = alpha * s + rest * (g * g)
    return w - rate * (g / (np.sqrt(s) + eps)), s


@loop_over(rmsprop)
def _rmsprop_loop(
    w: np.ndarray, g: np.ndarray, s: np.ndarray, rate: float, decay: float, alpha: float, rest: float, eps: float
) -> None:
    for i in range(len(w)):
        w[i], s[i] = rmsprop(w[i], g[i], s[i], rate, decay, alpha, rest, eps)


def rmsprop_momentum(
    w: np.ndarray, g: np.ndarray, s: np.ndarray, v: np.ndarray, rate: float, decay: float, alpha: float, rest: float,
    eps: float, kept: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Compute s ← alpha · s + rest · g², v ← kept · v + g / (√s + eps) and w ← w − rate · v.

    Parameters
    ----------
    w, g : ndarray or float
        The weight and its gradient.
    s : ndarray or float
        The mean square of the gradient.
    v : ndarray or float
        The velocity.
    rate : float
        The learning rate.
    decay : float
        The factor of L2 regularisation: decay · w is added to g.
    alpha, rest : float
        The factors of the old and the new square, which add up to 1.
    eps : float
        A number added to the root.
    kept : float
        The momentum.

    Returns
    -------
    tuple
        The new weight, mean square and velocity.
    """
    g = g + decay * w if decay else g
    s = alpha * s + rest * (g * g)
    v = kept * v + g / (np.sqrt(s) + eps)
    return w - rate * v, s, v


@loop_over(rmsprop_momentum)
def _rmsprop_momentum_loop(
    w: np.ndarray, g: np.ndarray, s: np.ndarray, v: np.ndarray, rate: float, decay: float, alpha: float, rest: float,
    eps: float, kept: float,
) -> None:  # fmt: skip
    for i in range(len(w)):
        w[i], s[i], v[i] = rmsprop_momentum(w[i], g[i], s[i], v[i], rate, decay, alpha, rest, eps, kept)
