"""CasADi as a peer: a function of one vector, its value and gradient, evaluated the quickest way that it documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.peers import load


def value_and_gradient(
    build: Callable[[Sequence[Any]], Any], theta: np.ndarray
) -> Callable[[], tuple[float, np.ndarray]]:
    """What evaluates an SX Function at theta (n,): its value and its gradient (n,).

    build  makes the root of n symbols

    It is `Function.buffer()`: it reads and writes arrays in place, without a conversion on the way.
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
    addressed = buffer, theta  # what it has but addresses of, as of value and gradient, must live as long as it

    def evaluate(addressed: Any = addressed) -> tuple[float, np.ndarray]:
        run()
        return value[0], gradient

    return evaluate
