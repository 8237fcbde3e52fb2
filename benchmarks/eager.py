"""The scalar engine without compiling: one training step of the moons, forward and backward, against other engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from autograd import Value
from benchmarks import moons
from benchmarks.benchmark import Benchmark, at_least
from benchmarks.peers import load
from benchmarks.sides import Sides, agree, timed

WORK = "moons, eager: zero the gradients, record, backward"


class Scalar(moons.Number, Protocol):
    """A number of a scalar engine."""

    grad: float | None

    @property
    def data(self) -> float: ...
    def backward(self) -> None: ...


Step = tuple[
    Callable[[], Scalar], list[Scalar]
]  # a function that takes a step and returns the loss, and the parameters


def step(
    parameter: Callable[[float], Scalar], samples: int, *, constant: Callable[[float], Scalar], zero: float | None = 0.0
) -> Step:
    """Make a training step of the moons for one kind of number.

    Parameters
    ----------
    parameter : callable
        The constructor of a parameter.
    samples : int
        The number of points.
    constant : callable
        The constructor of a number without a gradient.
    zero : float or None, default 0.0
        The gradient that each parameter gets before the step.

    Returns
    -------
    run : callable
        Takes the step and returns the loss.
    parameters : list
        The 337 parameters.
    """
    parameters = [parameter(x) for x in moons.start()]

    def run() -> Scalar:
        for p in parameters:
            p.grad = zero
        loss = moons.loss(parameters, samples, number=constant)
        loss.backward()
        return loss

    return run, parameters


def result(run: Callable[[], Scalar], parameters: list[Scalar]) -> list[float]:
    """Take one step.

    Parameters
    ----------
    run : callable
        Takes the step and returns the loss.
    parameters : list
        The parameters.

    Returns
    -------
    list of float
        The loss, and the gradient of each parameter.
    """
    return [float(run().data), *(float(p.grad) for p in parameters)]


def compare(samples: int, peer: Step) -> Sides:
    ours = step(Value, samples, constant=Value)
    agree([result(*ours)], [result(*peer)], 1e-12)
    return Sides(timed(ours[0]), timed(peer[0]))


def micrograd(samples: int) -> Sides:
    number = load("micrograd.engine").Value
    return compare(samples, step(number, samples, constant=number))


def torch(samples: int) -> Sides:
    torch = load("torch")
    constant = partial(torch.tensor, dtype=torch.float64)
    return compare(samples, step(partial(constant, requires_grad=True), samples, constant=constant, zero=None))


sized = partial(Benchmark, work=WORK, sizes=moons.SAMPLES, label="{} samples".format)
BENCHMARKS = {
    "micrograd": sized(peer="micrograd", sides=micrograd, goals={100: at_least(6)}),
    "torch": sized(peer="torch, scalars", sides=torch, goals={100: at_least(8)}),
}
