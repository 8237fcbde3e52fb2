"""The table of all benchmarks, by name: the file's and its own."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import chains, compiled, eager, imports, mix, neighbours, steps, training
from benchmarks.benchmark import Benchmark, Outcome, measure

FAMILIES = (eager, compiled, mix, chains, steps, training, neighbours, imports)
TABLE: dict[str, Benchmark] = {
    f"{family.__name__.rpartition('.')[2]}.{name}": benchmark
    for family in FAMILIES
    for name, benchmark in family.BENCHMARKS.items()
}


def chosen(names: Sequence[str]) -> list[str]:
    """The benchmarks of these names, or files; all where none is named. ValueError where there is none of a name."""
    for name in names:
        if not any(name in (known, known.partition(".")[0]) for known in TABLE):
            raise ValueError(f"there is no benchmark {name!r}: there are {', '.join(TABLE)}")
    return [known for known in TABLE if not names or known in names or known.partition(".")[0] in names]


def measure_by_name(name: str, rounds: int, quick: bool) -> Outcome:
    """`measure`, for a process that is told names alone."""
    return measure(TABLE[name], rounds, quick=quick)
