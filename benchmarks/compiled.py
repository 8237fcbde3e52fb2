"""A recorded scalar graph, compiled: the cost of a call, and of compiling."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograd import Value, compile
from benchmarks import eager, moons
from benchmarks.benchmark import SECONDS, SHARE, Benchmark, at_least, at_most
from benchmarks.moons import Number
from benchmarks.peers import load
from benchmarks.sides import SPAN, Sides, agree, timed, timed_fresh_process
from benchmarks.symbolic import value_and_gradient

WORK = "moons, compiled: value and gradient with respect to the 337 parameters"


def record(samples: int) -> tuple[Value, list[Value]]:
    """Record the loss of the moons.

    Parameters
    ----------
    samples : int
        The number of points.

    Returns
    -------
    loss : Value
        The root of the graph.
    leaves : list of Value
        The 337 parameters.
    """
    leaves = [Value(x) for x in moons.start()]
    return moons.loss(leaves, samples, number=Value), leaves


def micrograd(samples: int) -> Sides:
    number = load("micrograd.engine").Value
    program, theta = compile(*record(samples)), np.array(moons.start())
    peer = eager.step(number, samples, constant=number)
    value, gradient = program(theta)
    agree([[value, *gradient]], [eager.result(*peer)], 1e-12)
    return Sides(timed(partial(program, theta), span=SPAN), timed(peer[0]))


def casadi(samples: int) -> Sides:
    casadi = load("casadi")
    program, theta = compile(*record(samples)), np.array(moons.start())

    def loss(symbols: Sequence[Number]) -> Number:
        return moons.loss(symbols, samples, number=float, relu=lambda x: casadi.fmax(x, 0.0))

    evaluate = value_and_gradient(loss, theta)
    agree(program(theta), evaluate(), 1e-12)
    return Sides(timed(partial(program, theta), span=SPAN), timed(evaluate, span=SPAN))


def first_result(loss: Value, leaves: list[Value]) -> tuple[float | np.ndarray, np.ndarray]:
    """Compile a recorded graph and call the program once.

    Parameters
    ----------
    loss : Value
        The root of the graph.
    leaves : list of Value
        Its n inputs.

    Returns
    -------
    value : float
        The value of the root.
    gradients : ndarray, shape (n,)
        The gradient with respect to each input.
    """
    return compile(loss, inputs=leaves)(np.array([leaf.data for leaf in leaves]))


def compiling(samples: int) -> Sides:
    value, gradient = first_result(*record(samples))  # warms the process up
    step = eager.step(Value, samples, constant=Value)
    agree([[value, *gradient]], [eager.result(*step)], 1e-12)

    def ours() -> float:
        graph = record(samples)
        return timed(partial(first_result, *graph))()

    return Sides(ours, timed(step[0]))


def fresh_process(samples: int) -> Sides:
    first_result(*record(1))
    setup = f"from benchmarks.compiled import first_result, record; graph = record({samples})"
    return Sides(timed_fresh_process(setup, "first_result(*graph)"), None)


sized = partial(Benchmark, sizes=moons.SAMPLES, label="{} samples".format)
BENCHMARKS = {
    "micrograd": sized(work=WORK, peer="micrograd, eager", sides=micrograd, goals={100: at_least(1500)}),
    "casadi": sized(work=WORK, peer="CasADi, SX Function", sides=casadi, goals={100: at_least(2)}),
    "compiling": sized(
        work="compiling the recorded moons and one call, in a warm process",
        peer="our eager step",
        sides=compiling,
        goals={100: at_most(1)},
        quantity=SHARE,
    ),
    "fresh": sized(
        work="the same in a fresh process, with the kernels cached on disk",
        sides=fresh_process,
        goals={100: at_most(1)},
        quantity=SECONDS,
    ),
}
