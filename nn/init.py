"""Initialisations of a weight of shape (out_features, in_features)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.extend import describe
from nn.module import Module

Init = Callable[[tuple[int, int], "np.random.Generator"], np.ndarray]  # quoted, as numpy.random loads on first use


def uniform(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution between −1/√in and 1/√in, the default of PyTorch.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        The random generator.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    The weights are smaller than those of `he`, which is better on raw pixels.
    """
    return rng.uniform(-1.0, 1.0, shape) / np.sqrt(shape[1])


def normal(shape: tuple[int, int], rng: np.random.Generator, *, std: float = 0.01) -> np.ndarray:
    """Draw from a normal distribution whose standard deviation does not depend on the shape.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        The random generator.
    std : float, default 0.01
        The standard deviation.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    With small weights the activations of a deep network shrink towards 0 from layer to layer (CS231n, "Training Neural
    Networks I").
    """
    return rng.normal(0.0, std, shape)


def he(shape: tuple[int, int], rng: np.random.Generator, *, slope: float = 0.0) -> np.ndarray:
    """Draw from a normal distribution with standard deviation √(2 / ((1 + slope²) · in)), for ReLU layers.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        The random generator.
    slope : float, default 0.0
        The slope below 0 of the leaky ReLU that follows; 0 for a ReLU.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    The scale of the activations is the same after each layer. Source: He and others, "Delving Deep into Rectifiers",
    2015.
    """
    return rng.normal(0.0, np.sqrt(2.0 / ((1.0 + slope**2) * shape[1])), shape)


def xavier(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Draw from a normal distribution with standard deviation √(2 / (in + out)), for tanh layers.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        The random generator.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    The scale of the activations is the same after each layer. Source: Glorot and Bengio, "Understanding the difficulty
    of training deep feedforward neural networks", 2010.
    """
    return rng.normal(0.0, np.sqrt(2.0 / sum(shape)), shape)


def orthogonal(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Draw a random matrix with orthonormal rows, or orthonormal columns if there are fewer columns than rows.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        The random generator.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    Linear layers then preserve lengths and angles. Sources: Saxe, McClelland and Ganguli, "Exact solutions to the
    nonlinear dynamics of learning in deep linear neural networks", 2014; Mezzadri, "How to generate random matrices
    from the classical compact groups", 2007, for the signs.
    """
    q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    q *= np.sign(np.diag(r))  # QR alone prefers some signs; with this, all directions are equally likely
    return q if shape[0] >= shape[1] else q.T


def zeros(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return zeros, which suit a model of a single layer only.

    Parameters
    ----------
    shape : tuple of int
        The shape of the weight, (out_features, in_features).
    rng : numpy.random.Generator
        Unused.

    Returns
    -------
    numpy.ndarray, shape (out_features, in_features)
        The initial weight.

    Notes
    -----
    In a deeper network all neurons of a layer would get the same gradient and stay equal.
    """
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
    """Look up an initialisation by its name or by the activation that follows the layer.

    Parameters
    ----------
    init : str, callable, Module, type or None
        A name in `NAMED`; a function of (shape, rng), which is returned unchanged; or a module, or its class, with an
        attribute `init`, such as `ReLU`. None means "uniform".

    Returns
    -------
    callable
        A function of (shape, rng) that returns the initial weight.

    Raises
    ------
    TypeError
        If `init` is a module without an attribute `init`.
    ValueError
        If `init` is an unknown name.

    Examples
    --------
    >>> choose("he") is he
    True
    """
    if init is None:
        return uniform
    known = ", ".join(NAMED)
    if isinstance(init, (Module, type)):
        if not hasattr(init, "init"):
            raise TypeError(
                f"no initialisation is known for a Linear before {describe(init)}; pass init= one of {known}"
            )
        activation: Any = init() if isinstance(init, type) else init
        return choose(activation.init)
    if callable(init):
        return init
    if not isinstance(init, str) or init not in NAMED:
        raise ValueError(
            f"unknown initialisation {init!r}; pass one of {known}, the activation that follows, such as ReLU, or a "
            "function of (shape, rng)"
        )
    return NAMED[init]
