"""The scalar engine as it runs: one training step of the moons, forward and backward, beside other scalar engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from autograd import Value
from benchmarks import moons
from benchmarks.benchmark import Benchmark, at_least
from benchmarks.peers import load
from benchmarks.sides import Sides, agree, timed

WORK = "moons, eager: zero the gradients, record, go backward"


def step(
    parameter: Callable[[float], Any], samples: int, *, constant: Callable[[float], Any], zero: float | None = 0.0
) -> tuple[Callable[[], Any], list]:
    """The step over some kind of number, which returns the loss, and its parameters."""
    parameters = [parameter(x) for x in moons.start()]

    def run() -> Any:
        for p in parameters:
            p.grad = zero
        loss = moons.loss(parameters, samples, number=constant)
        loss.backward()
        return loss

    return run, parameters


def result(run: Callable[[], Any], parameters: list) -> list[float]:
    """The loss and the gradients of one step."""
    return [float(run().data), *(float(p.grad) for p in parameters)]


def beside(samples: int, *peer: Any) -> Sides:
    ours = step(Value, samples, constant=Value)
    agree([result(*ours)], [result(*peer)], 1e-12)
    return Sides(timed(ours[0]), timed(peer[0]))


def micrograd(samples: int) -> Sides:
    number = load("micrograd.engine").Value
    return beside(samples, *step(number, samples, constant=number))


def torch(samples: int) -> Sides:
    torch = load("torch")
    constant = partial(torch.tensor, dtype=torch.float64)
    return beside(samples, *step(partial(constant, requires_grad=True), samples, constant=constant, zero=None))


SHARED: dict[str, Any] = {"work": WORK, "sizes": moons.SAMPLES, "label": "{} samples".format}
BENCHMARKS = {
    "micrograd": Benchmark(**SHARED, peer="micrograd", sides=micrograd, goals={100: at_least(6)}),
    "torch": Benchmark(**SHARED, peer="torch, scalars", sides=torch, goals={100: at_least(8)}),
}
