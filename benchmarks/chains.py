"""Deep chains of scalar gates: the cost of a gate in a long graph, with and without the garbage collector."""

from __future__ import annotations

import gc
from functools import partial

from autograd import Value
from benchmarks.benchmark import SECONDS, SHARE, Benchmark, at_most
from benchmarks.sides import Side, Sides, agree, timed

WORK = "deep chain: record, backward, free"


def chain(gates: int) -> tuple[float, float]:
    """Compute a chain of × and +, and its gradient.

    Parameters
    ----------
    gates : int
        The length of the chain.

    Returns
    -------
    tuple of float
        The value at the end of the chain, and the gradient at its beginning.
    """
    x = out = Value(1.0)
    for _ in range(gates // 2):
        out = out * -1.0 + 2.0
    out.backward()
    return out.data, x.grad


def without_collector(gates: int) -> Side:
    def run() -> None:
        gc.disable()
        try:
            chain(gates)
        finally:
            gc.enable()

    return timed(run)


def alone(gates: int) -> Sides:
    agree([chain(gates)], [(1.0, (-1.0) ** (gates // 2))], 0.0)
    return Sides(without_collector(gates), None)


def collected(gates: int) -> Sides:
    return Sides(timed(lambda: chain(gates)), without_collector(gates))


sized = partial(Benchmark, sizes=(10_000, 100_000, 1_000_000), label="{:,} gates".format)
BENCHMARKS = {
    "off": sized(work=f"{WORK}; collector off", sides=alone, quantity=SECONDS, growth=at_most(1.1)),
    "on": sized(
        work=f"{WORK}; collector on",
        peer="the same, collector off",
        sides=collected,
        goals={1_000_000: at_most(3)},
        quantity=SHARE,
        growth=at_most(1.24),  # again 3 × the time per gate, over two decades
    ),
}
