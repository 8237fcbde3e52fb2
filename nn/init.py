"""Initialisation: the random numbers that a weight of shape (out_features, in_features) starts with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.extend import describe
from nn import errors
from nn.module import Module

Init = Callable[[tuple[int, int], "np.random.Generator"], np.ndarray]  # quoted, as numpy.random loads on first use


def uniform(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Uniform between −1/√in and 1/√in: PyTorch's default, smaller than He's, and the better start on raw pixels."""
    return rng.uniform(-1.0, 1.0, shape) / np.sqrt(shape[1])


def normal(shape: tuple[int, int], rng: np.random.Generator, *, std: float = 0.01) -> np.ndarray:
    """Normal with a std that is the same for any size: the slides' small numbers, which fade away in deep nets."""
    return rng.normal(0.0, std, shape)


def he(shape: tuple[int, int], rng: np.random.Generator, *, slope: float = 0.0) -> np.ndarray:
    """Normal with std √(2 / ((1 + slope²) in)): keeps the scale through ReLU layers, and leaky ones of that slope (He
    and others 2015).
    """
    return rng.normal(0.0, np.sqrt(2.0 / ((1.0 + slope**2) * shape[1])), shape)


def xavier(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Normal with std √(2 / (in + out)): keeps the scale through tanh layers (Glorot and Bengio 2010)."""
    return rng.normal(0.0, np.sqrt(2.0 / sum(shape)), shape)


def orthogonal(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Orthonormal rows, or columns where there are fewer of them: keeps lengths and angles through linear layers (Saxe
    and others 2014).
    """
    q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    q *= np.sign(np.diag(r))  # QR alone prefers some signs: so all directions are equally likely (Mezzadri 2007)
    return q if shape[0] >= shape[1] else q.T


def zeros(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Zeros: for a single layer; in a deeper net all neurons of a layer would stay equal."""
    return np.zeros(shape)


NAMED: dict[str, Init] = {
    "uniform": uniform,
    "normal": normal,
    "he": he,
    "xavier": xavier,
    "orthogonal": orthogonal,
    "zeros": zeros,
}


def choose(init: str | Init | Module | type[Module] | None) -> Init:
    """The initialisation of that name, or that suits the activation that follows; a function itself; "uniform" where
    None.
    """
    if init is None:
        return uniform
    if isinstance(init, (Module, type)):
        if not hasattr(init, "init"):
            raise TypeError(errors.NO_INIT.format(got=describe(init), known=", ".join(NAMED)))
        activation: Any = init() if isinstance(init, type) else init
        return choose(activation.init)
    if callable(init):
        return init
    if not isinstance(init, str) or init not in NAMED:
        raise ValueError(errors.UNKNOWN_INIT.format(got=init, known=", ".join(NAMED)))
    return NAMED[init]
