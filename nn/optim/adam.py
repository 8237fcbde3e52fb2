"""Adam, and AdamW, whose weight decay is decoupled from the gradient."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd import Tensor
from nn.optim.base import Formula, Group, Optimizer, loop_over


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015), as in PyTorch.

    Parameters
    ----------
    parameters : iterable of Tensor, or of dict
        The Tensors to update, or groups of them: see `Optimizer`.
    lr : float, default 0.001
        The learning rate, above 0.
    betas : tuple of float, default (0.9, 0.999)
        The decay rates of the running means of the gradient and of its square, each at least 0 and below 1.
    eps : float, default 1e-8
        A number added to the root to avoid division by zero, above 0.
    weight_decay : float, default 0.0
        The factor of L2 regularisation, at least 0.

    Attributes
    ----------
    state : list of dict
        For each parameter its "mean" and "mean_square".

    Notes
    -----
    m and s are the running means of the gradient and of its square. In step t, corrected for their start at zero,
    m̂ = m / (1 − betas[0]ᵗ) and ŝ = s / (1 − betas[1]ᵗ), the update is w ← w − lr · m̂ / (√ŝ + eps). The gradient
    includes weight_decay · w.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(6)
    array([0.9, 1.9])
    """

    decoupled = False  # whether weight decay acts on the weights directly instead of through the gradient

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("mean", "mean_square")

    def update(self, group: Group, step: int) -> tuple[Formula, tuple[float, ...]]:
        (beta1, beta2), lr, decay = group["betas"], group["lr"], group["weight_decay"]
        shrink, decay = (1 - lr * decay, 0.0) if self.decoupled else (1.0, decay)
        rate, root = lr / (1 - beta1**step), (1 - beta2**step) ** -0.5
        return adam, (rate, shrink, decay, 1 - beta1, beta2, 1 - beta2, root, group["eps"])


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019), as in PyTorch.

    Parameters
    ----------
    parameters : iterable of Tensor, or of dict
        The Tensors to update, or groups of them: see `Optimizer`.
    lr : float, default 0.001
        The learning rate, above 0.
    betas : tuple of float, default (0.9, 0.999)
        The decay rates of the running means of the gradient and of its square, each at least 0 and below 1.
    eps : float, default 1e-8
        A number added to the root to avoid division by zero, above 0.
    weight_decay : float, default 0.01
        The factor of the decoupled weight decay, at least 0.

    Attributes
    ----------
    state : list of dict
        For each parameter its "mean" and "mean_square".

    Notes
    -----
    First w ← w − lr · weight_decay · w, then Adam's update with the gradient alone.
    """

    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


def adam(
    w: np.ndarray, g: np.ndarray, m: np.ndarray, s: np.ndarray, rate: float, shrink: float, decay: float, rest1: float,
    beta2: float, rest2: float, root: float, eps: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Compute m ← m + rest1 · (g − m), s ← beta2 · s + rest2 · g², w ← shrink · w − rate · m / (root · √s + eps).

    Parameters
    ----------
    w, g : ndarray or float
        The weight and its gradient.
    m, s : ndarray or float
        The running means of the gradient and of its square.
    rate : float
        The learning rate with the correction of m in step t, lr / (1 − beta1ᵗ).
    shrink : float
        The factor of decoupled weight decay, 1 − lr · weight_decay; 1 for none.
    decay : float
        The factor of L2 regularisation: decay · w is added to g.
    rest1 : float
        The factor of the new gradient, 1 − beta1.
    beta2, rest2 : float
        The factors of the old and the new square, which add up to 1.
    root : float
        The correction of s in step t, 1 / √(1 − beta2ᵗ).
    eps : float
        A number added to the root.

    Returns
    -------
    tuple
        The new weight, mean and mean square.
    """
    w = shrink * w if shrink != 1 else w
    g = g + decay * w if decay else g
    m = m + rest1 * (g - m)
    s = beta2 * s + rest2 * (g * g)
    return w - rate * (m / (root * np.sqrt(s) + eps)), m, s


@loop_over(adam)
def _adam_loop(
    w: np.ndarray, g: np.ndarray, m: np.ndarray, s: np.ndarray, rate: float, shrink: float, decay: float, rest1: float,
    beta2: float, rest2: float, root: float, eps: float,
) -> None:  # fmt: skip
    for i in range(len(w)):
        w[i], m[i], s[i] = adam(w[i], g[i], m[i], s[i], rate, shrink, decay, rest1, beta2, rest2, root, eps)
