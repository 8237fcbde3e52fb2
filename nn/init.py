"""Initialisation: the random numbers that a weight of shape (out_features, in_features) starts with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn import errors

Init = Callable[[tuple[int, int], "np.random.Generator"], np.ndarray]  # quoted, as numpy.random loads on first use


def uniform(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Uniform between −1/√in and 1/√in: PyTorch's default, smaller than He's, and the better start on raw pixels."""
    return rng.uniform(-1.0, 1.0, shape) / np.sqrt(shape[1])


def he(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Normal with std √(2 / in): keeps the scale through ReLU layers (He and others 2015)."""
    return rng.normal(0.0, np.sqrt(2.0 / shape[1]), shape)


def xavier(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Normal with std √(2 / (in + out)): keeps the scale through tanh layers (Glorot and Bengio 2010)."""
    return rng.normal(0.0, np.sqrt(2.0 / sum(shape)), shape)


def zeros(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Zeros: for a single layer; in a deeper net all neurons of a layer would stay equal."""
    return np.zeros(shape)


NAMED: dict[str, Init] = {"uniform": uniform, "he": he, "xavier": xavier, "zeros": zeros}


def choose(init: str | Init | None) -> Init:
    """The initialisation of that name, or the function itself; "uniform" where None."""
    if callable(init):
        return init
    if init is None:
        return uniform
    if init not in NAMED:
        raise ValueError(errors.UNKNOWN_INIT.format(came=init, known=", ".join(NAMED)))
    return NAMED[init]
