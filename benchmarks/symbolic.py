"""CasADi as a peer: the value and gradient of a function of one vector, evaluated in its fastest documented way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.moons import Number
from benchmarks.peers import load


def value_and_gradient(
    build: Callable[[Sequence[Number]], Number], theta: np.ndarray
) -> Callable[[], tuple[float, np.ndarray]]:
    """Make a CasADi function of value and gradient.

    Parameters
    ----------
    build : callable
        Computes the root of the graph from n symbols.
    theta : ndarray, shape (n,), float64
        The point. Its memory is read in each call.

    Returns
    -------
    callable
        Returns the value at theta, and the gradient of shape (n,).

    Notes
    -----
    `Function.buffer()` reads and writes arrays in place, without conversions.
    """
    casadi = load("casadi")
    x = casadi.SX.sym("x", len(theta))
    root = build(casadi.vertsplit(x))
    function = casadi.Function("f", [x], [root, casadi.densify(casadi.gradient(root, x))])
    buffer, run = function.buffer()
    value, gradient = np.empty(1), np.empty(len(theta))
    buffer.set_arg(0, memoryview(theta))
    buffer.set_res(0, memoryview(value))
    buffer.set_res(1, memoryview(gradient))
    alive = buffer, theta  # `run` has only the addresses of their memory

    def evaluate(alive: object = alive) -> tuple[float, np.ndarray]:
        run()
        return value[0], gradient

    return evaluate
