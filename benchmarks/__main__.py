"""Time gatewise beside its peers, print the ratios, and, where all was measured, write benchmarks/RESULTS.md.

RESULTS.md is of one run: with --only, --quick or fewer than 7 rounds it stays as it was. A peer that is not installed
is skipped by name; one that fails is told, and the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograd.extend import atomic_write
from benchmarks import host, report
from benchmarks.benchmark import Outcome
from benchmarks.processes import apart
from benchmarks.sides import SPAN
from benchmarks.table import TABLE, chosen, measure_by_name

LEAST = 7  # rounds of a report
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass
class Settings:
    only: tuple[str, ...] = ()
    """benchmarks to run, such as eager.micrograd, or files of them, such as eager; all where none is named"""
    rounds: int = LEAST
    """alternating rounds of each"""
    quick: bool = False
    """the smallest size of each alone, to see whether all works"""
    out: Path = RESULTS
    """the file for the results"""


def main(settings: Settings) -> None:
    names = chosen(settings.only)
    if settings.rounds < 1:
        raise ValueError(f"--rounds must be at least 1, got {settings.rounds}")
    outcomes: dict[str, Outcome] = {}
    for name in names:
        print(f"[{name}]", flush=True)
        try:
            outcomes[name] = apart(measure_by_name, name, settings.rounds, settings.quick)
        except ChildProcessError as error:
            outcomes[name] = Outcome(failed=type(error).__name__, why=str(error))
        print(*report.screen(TABLE[name], outcomes[name]), sep="\n", flush=True)
    if len(names) < len(TABLE) or settings.quick or settings.rounds < LEAST:
        print(f"{settings.out.name} stays as it was: it is written where all was measured, in {LEAST} rounds or more")
    else:
        text = report.results(TABLE, outcomes, apart(host.facts), settings.rounds, SPAN)
        print(f"written: {atomic_write(settings.out, text.encode())}")
    if failed := [name for name, outcome in outcomes.items() if outcome.failed]:
        raise RuntimeError(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    import tyro

    try:
        main(tyro.cli(Settings, description=__doc__, prog="benchmarks"))
    except (OSError, ValueError, RuntimeError) as error:  # wrong settings, a failure: a line, no traceback
        raise SystemExit(f"benchmarks: {error}") from error
