"""Time gatewise against its peers, print the ratios, and write benchmarks/RESULTS.md after a full run.

RESULTS.md always comes from one run: with --only, --quick or fewer than 7 rounds it is not changed. Peers that are not
installed are skipped and listed. If a benchmark fails, the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograd.extend import atomic_write
from benchmarks import host, report
from benchmarks.benchmark import Outcome
from benchmarks.processes import run_isolated
from benchmarks.sides import SPAN
from benchmarks.table import TABLE, chosen, measure_by_name

MIN_ROUNDS = 7  # of a run that is written to RESULTS.md
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass
class Settings:
    only: tuple[str, ...] = ()
    """benchmarks to run, such as eager.micrograd, or groups of them, such as eager; all by default"""
    rounds: int = MIN_ROUNDS
    """alternating rounds of each benchmark"""
    quick: bool = False
    """run only the smallest size of each benchmark, to see whether everything works"""
    out: Path = RESULTS
    """the file for the results"""


def main(settings: Settings) -> None:
    """Run benchmarks, and write the results if all were run in enough rounds.

    Parameters
    ----------
    settings : Settings
        The flags of the command line.

    Raises
    ------
    ValueError
        If a benchmark does not exist, or there are no rounds.
    RuntimeError
        If a benchmark failed.
    """
    names = chosen(settings.only)
    if settings.rounds < 1:
        raise ValueError(f"--rounds must be at least 1, got {settings.rounds}")
    outcomes: dict[str, Outcome] = {}
    for name in names:
        print(f"[{name}]", flush=True)
        try:
            outcomes[name] = run_isolated(measure_by_name, name, settings.rounds, settings.quick)
        except ChildProcessError as error:
            outcomes[name] = Outcome(failed=type(error).__name__, why=str(error))
        print(*report.screen(TABLE[name], outcomes[name]), sep="\n", flush=True)
    if len(names) < len(TABLE) or settings.quick or settings.rounds < MIN_ROUNDS:
        print(f"{settings.out.name} is not changed: that takes all benchmarks and at least {MIN_ROUNDS} rounds")
    else:
        text = report.results(TABLE, outcomes, run_isolated(host.facts), settings.rounds, SPAN)
        print(f"written: {atomic_write(settings.out, text.encode())}")
    if failed := [name for name, outcome in outcomes.items() if outcome.failed]:
        raise RuntimeError(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    import tyro

    try:
        main(tyro.cli(Settings, description=__doc__, prog="benchmarks"))
    except (OSError, ValueError, RuntimeError) as error:  # wrong settings or a failure: one line, no traceback
        raise SystemExit(f"benchmarks: {error}") from error
