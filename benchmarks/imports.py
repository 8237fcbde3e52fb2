"""What `import autograd` costs, beside `import numpy`, in fresh processes."""

from __future__ import annotations

from benchmarks.benchmark import SHARE, Benchmark, at_most
from benchmarks.sides import Sides, fresh


def numpy(size: int) -> Sides:
    return Sides(fresh("", "import autograd"), fresh("", "import numpy"))


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
