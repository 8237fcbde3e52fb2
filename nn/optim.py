"""Optimisers: SGD and AdamW, which change parameters in place by the gradients that backward left in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.errors import describe
from nn import errors
from nn.hyperparameters import checked
from nn.module import Module

BLOCK = 1 << 15  # elements updated at a time: a dozen passes over 128 KiB stay in the processor's cache


class Optimizer:
    """What the optimisers have in common: the parameters, the learning rate `lr`, and state of the same shapes.

    `state_names` says how many arrays of state each parameter has; they start as zeros of the parameter's dtype.
    """

    state_names: tuple[str, ...] = ()

    def __init__(self, parameters: Iterable[Tensor], *, lr: float, weight_decay: float) -> None:
        name = type(self).__name__
        if isinstance(parameters, (Tensor, Module)):
            raise TypeError(errors.PARAMETERS.format(optimizer=name, came=type(parameters).__name__))
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError(errors.NO_PARAMETERS.format(optimizer=name))
        for parameter in self.parameters:
            if not isinstance(parameter, Tensor) or not parameter.requires_grad or parameter.gate is not None:
                raise TypeError(errors.NOT_PARAMETER.format(optimizer=name, came=describe(parameter)))
        self.lr = checked(float, "lr", lr, above=0, below=inf)
        self.weight_decay = checked(float, "weight_decay", weight_decay, at_least=0, below=inf)
        self.steps = [0] * len(self.parameters)  # that each parameter has taken
        self.state = [[np.zeros(p.shape, p.dtype) for _ in self.state_names] for p in self.parameters]
        self._scratches: dict[np.dtype, np.ndarray] = {}

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for i, (parameter, state) in enumerate(zip(self.parameters, self.state, strict=True)):
            if parameter.grad is not None:
                self.steps[i] += 1
                parameter.data = np.ascontiguousarray(parameter.data)  # so that its blocks are views, not copies
                recorded = isinstance(parameter.grad, Tensor)  # by backward(create_graph=True)
                gradient = parameter.grad.data if recorded else parameter.grad
                for arrays in _blocks(parameter.data, gradient, *state):
                    self.update(self.steps[i], self._scratch(parameter.dtype)[: len(arrays[0])], *arrays)

    def _scratch(self, dtype: np.dtype) -> np.ndarray:
        if dtype not in self._scratches:
            self._scratches[dtype] = np.empty(BLOCK, dtype)
        return self._scratches[dtype]

    def update(self, step: int, scratch: np.ndarray, data: np.ndarray, grad: np.ndarray, *state: Any) -> None:
        """Change a block of `data` (and of the state) in place; `step` counts from 1, `scratch` is room."""
        raise NotImplementedError


class SGD(Optimizer):
    """Stochastic gradient descent: v ← momentum · v + g + weight_decay · w, then w ← w − lr · v (as PyTorch has it)."""

    def __init__(
        self, parameters: Iterable[Tensor], *, lr: float, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.momentum = checked(float, "momentum", momentum, at_least=0, below=1)
        self.state_names = ("velocity",) if self.momentum else ()
        super().__init__(parameters, lr=lr, weight_decay=weight_decay)

    def update(self, step: int, scratch: np.ndarray, data: np.ndarray, grad: np.ndarray, *state: Any) -> None:
        np.multiply(data, self.weight_decay, out=scratch)
        scratch += grad
        if self.momentum:
            (velocity,) = state
            velocity *= self.momentum
            velocity += scratch
            np.multiply(velocity, self.lr, out=scratch)
        else:
            scratch *= self.lr
        data -= scratch


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019; Kingma and Ba 2015).

    m and v are running means of the gradient and of its square, corrected for their start at zero:
    w ← w − lr · weight_decay · w − lr · m̂ / (√v̂ + eps)
    """

    state_names = ("mean", "mean_square")

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        self.betas = (
            checked(float, "betas[0]", betas[0], at_least=0, below=1),
            checked(float, "betas[1]", betas[1], at_least=0, below=1),
        )
        self.eps = checked(float, "eps", eps, above=0, below=inf)
        super().__init__(parameters, lr=lr, weight_decay=weight_decay)

    def update(self, step: int, scratch: np.ndarray, data: np.ndarray, grad: np.ndarray, *state: Any) -> None:
        mean, mean_square = state
        beta1, beta2 = self.betas
        data *= 1 - self.lr * self.weight_decay
        np.subtract(grad, mean, out=scratch)
        scratch *= 1 - beta1
        mean += scratch
        np.multiply(grad, grad, out=scratch)
        scratch *= 1 - beta2
        mean_square *= beta2
        mean_square += scratch
        np.sqrt(mean_square, out=scratch)
        scratch *= (1 - beta2**step) ** -0.5
        scratch += self.eps
        np.divide(mean, scratch, out=scratch)
        scratch *= self.lr / (1 - beta1**step)
        data -= scratch


def _blocks(*arrays: np.ndarray) -> Iterator[list[np.ndarray]]:
    """Flat views of the same elements of all arrays, block by block."""
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, len(flat[0]), BLOCK):
        yield [array[start : start + BLOCK] for array in flat]
