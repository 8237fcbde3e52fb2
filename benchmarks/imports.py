"""The time of `import autograd` against `import numpy`, in fresh processes."""

from __future__ import annotations

from benchmarks.benchmark import SHARE, Benchmark, at_most
from benchmarks.sides import Sides, timed_fresh_process


def numpy(size: int) -> Sides:
    return Sides(timed_fresh_process("", "import autograd"), timed_fresh_process("", "import numpy"))


BENCHMARKS = {
    "numpy": Benchmark(
        work="import autograd",
        peer="import numpy",
        sides=numpy,
        sizes=(1,),
        label=lambda size: "a fresh process",
        goals={1: at_most(1.3)},
        quantity=SHARE,
    )
}
