"""The table of all benchmarks, by name: their group (a module) and their own name."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import chains, compiled, eager, imports, mix, neighbours, steps, training
from benchmarks.benchmark import Benchmark, Outcome, measure

GROUPS = (eager, compiled, mix, chains, steps, training, neighbours, imports)
TABLE: dict[str, Benchmark] = {
    f"{group.__name__.rpartition('.')[2]}.{name}": benchmark
    for group in GROUPS
    for name, benchmark in group.BENCHMARKS.items()
}


def chosen(names: Sequence[str]) -> list[str]:
    """Select benchmarks.

    Parameters
    ----------
    names : sequence of str
        Names of benchmarks or of groups; if empty, all benchmarks.

    Returns
    -------
    list of str
        The names of the benchmarks, in the order of the table.

    Raises
    ------
    ValueError
        If there is no benchmark or group of that name.
    """
    for name in names:
        if not any(name in (known, known.partition(".")[0]) for known in TABLE):
            raise ValueError(f"there is no benchmark {name!r}; choose from {', '.join(TABLE)}")
    return [known for known in TABLE if not names or known in names or known.partition(".")[0] in names]


def measure_by_name(name: str, rounds: int, quick: bool) -> Outcome:
    """Run a benchmark of the table, for a process that can be sent only its name.

    Parameters
    ----------
    name : str
        The name of the benchmark.
    rounds : int
        The number of rounds at each size.
    quick : bool
        Whether to run only the smallest size.

    Returns
    -------
    Outcome
        The times, or what was missing or failed.
    """
    return measure(TABLE[name], rounds, quick=quick)
