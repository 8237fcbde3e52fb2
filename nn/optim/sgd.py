"""Stochastic gradient descent, with momentum and Nesterov's momentum."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd import Tensor
from nn.optim.base import Formula, Group, Optimizer, Settings, loop_over


class SGD(Optimizer):
    """Stochastic gradient descent, as in PyTorch.

    Parameters
    ----------
    parameters : iterable of Tensor, or of dict
        The Tensors to update, or groups of them: see `Optimizer`.
    lr : float
        The learning rate, above 0.
    momentum : float, default 0.0
        The share of the velocity that is kept at each step, at least 0 and below 1.
    nesterov : bool, default False
        Whether to look ahead along the momentum (Sutskever et al. 2013).
    weight_decay : float, default 0.0
        The factor of L2 regularisation, at least 0.

    Attributes
    ----------
    state : list of dict
        For each parameter its "velocity", if there is momentum.

    Notes
    -----
    v ← momentum · v + g, then w ← w − lr · v; with `nesterov`, w ← w − lr · (g + momentum · v). The gradient g includes
    weight_decay · w.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    array([0.8, 1.6])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)

    def checked_settings(self, settings: Settings) -> Settings:
        settings = super().checked_settings(settings)
        if settings["nesterov"] and not settings["momentum"]:
            got = settings["momentum"]
            raise ValueError(f"nesterov=True looks ahead along the momentum, which must be above 0, got {got!r}")
        return settings

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("velocity",) if group["momentum"] else ()

    def update(self, group: Group, step: int) -> tuple[Formula, tuple[float, ...]]:
        factors = group["lr"], group["weight_decay"]
        if not group["momentum"]:
            return descent, factors
        return momentum, (*factors, group["momentum"], group["nesterov"])


def descent(w: np.ndarray, g: np.ndarray, rate: float, decay: float) -> tuple[np.ndarray]:
    """Compute w ← w − rate · g.

    Parameters
    ----------
    w, g : ndarray or float
        The weight and its gradient.
    rate : float
        The learning rate.
    decay : float
        The factor of L2 regularisation: decay · w is added to g.

    Returns
    -------
    tuple
        The new weight.
    """
    g = g + decay * w if decay else g
    return (w - rate * g,)


@loop_over(descent)
def _descent_loop(w: np.ndarray, g: np.ndarray, rate: float, decay: float) -> None:
    for i in range(len(w)):
        (w[i],) = descent(w[i], g[i], rate, decay)


def momentum(
    w: np.ndarray, g: np.ndarray, v: np.ndarray, rate: float, decay: float, kept: float, nesterov: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute v ← kept · v + g and w ← w − rate · v, or with Nesterov's momentum w ← w − rate · (g + kept · v).

    Parameters
    ----------
    w, g : ndarray or float
        The weight and its gradient.
    v : ndarray or float
        The velocity.
    rate : float
        The learning rate.
    decay : float
        The factor of L2 regularisation: decay · w is added to g.
    kept : float
        The momentum.
    nesterov : float
        1 for Nesterov's momentum, otherwise 0.

    Returns
    -------
    tuple
        The new weight and velocity.
    """
    g = g + decay * w if decay else g
    v = kept * v + g
    return w - rate * (g + kept * v if nesterov else v), v


@loop_over(momentum)
def _momentum_loop(
    w: np.ndarray, g: np.ndarray, v: np.ndarray, rate: float, decay: float, kept: float, nesterov: float
) -> None:
    for i in range(len(w)):
        w[i], v[i] = momentum(w[i], g[i], v[i], rate, decay, kept, nesterov)
