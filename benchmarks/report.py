"""The report: lines for the screen, and the text of RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from benchmarks.benchmark import SPEEDUP, Benchmark, Goal, Outcome

NO_GOAL = "–"
HEAD = """# gatewise compared with its peers

`make bench` wrote this page from a single run, on {when}. Where *peer / ours* is above 1, gatewise is faster.
"""
HOW = """## How it was measured

Each benchmark ran in a fresh process, with no other peer loaded. Both sides first did the work once, untimed, and their
results (losses, values and gradients, distances) had to agree. They were then timed in {rounds} alternating rounds, or
in as many as the table says, and took turns in going first. An untimed `gc.collect()` and a pause preceded each
measurement, so that neither side freed the other's garbage or competed with its spinning threads. The garbage collector
was on. Work of less than {span:g} s was repeated for that long.

Ratios are taken round by round; the table has their median and, in brackets, their quartiles. Exponents are
least-squares slopes of log time over log size, for median times. Peers use the same dtype, their own defaults and as
many threads as they like: torch runs eagerly, CasADi evaluates an SX Function in place through its buffers, and
scikit-learn's search gets float32 converted in advance, which is faster for it than bytes. Full training runs have one
size, and work that takes minutes has fewer rounds.
"""


class Row(NamedTuple):
    """A row of the table of goals.

    Attributes
    ----------
    work : str
        The work.
    size : str
        Its size, or the range of sizes.
    peer : str
        The peer.
    quantity : str
        What was measured.
    goal : str
        The goal, or –.
    result : str
        The median and the quartiles.
    rounds : str
        The number of rounds.
    verdict : str
        Whether the goal was met, or why nothing was measured.
    """

    work: str
    size: str
    peer: str
    quantity: str
    goal: str
    result: str
    rounds: str
    verdict: str


def rows(benchmark: Benchmark, outcome: Outcome) -> Iterator[Row]:
    """Make the rows of a benchmark.

    Parameters
    ----------
    benchmark : Benchmark
        The benchmark.
    outcome : Outcome
        Its outcome.

    Yields
    ------
    Row
        A row for each goal, or for the largest size if there is no goal. If nothing was measured, one with the reason.
    """
    reason = outcome.missing or (outcome.failed and f"failed: {outcome.failed}")
    if reason:
        yield Row(benchmark.work, "", benchmark.peer, "", _goals(benchmark), "", "", reason)
        return
    at_goals = [measured for measured in outcome.measured if measured.size in benchmark.goals]
    for measured in at_goals or outcome.measured[-1:]:
        goal = benchmark.goals.get(measured.size)
        low, middle, high = measured.spread(benchmark.quantity)
        yield Row(
            benchmark.work,
            benchmark.label(measured.size),
            benchmark.peer,
            benchmark.quantity.label,
            str(goal or NO_GOAL),
            number(middle) if len(measured.ours) == 1 else f"{number(middle)} ({number(low)}–{number(high)})",
            str(len(measured.ours)),
            verdict(goal, middle, compares=benchmark.quantity is SPEEDUP),
        )
    if benchmark.growth and outcome.exponents:
        sizes = f"{benchmark.label(outcome.measured[0].size)} to {benchmark.label(outcome.measured[-1].size)}"
        power = outcome.exponents[0]
        met = verdict(benchmark.growth, power, compares=False)
        yield Row(benchmark.work, sizes, "", "exponent of our time", str(benchmark.growth), f"{power:.2f}", "", met)


def verdict(goal: Goal | None, middle: float, *, compares: bool) -> str:
    """Judge a measured number.

    Parameters
    ----------
    goal : Goal or None
        The goal, if there is one.
    middle : float
        The median.
    compares : bool
        Whether the number is the speedup over a peer.

    Returns
    -------
    str
        Whether the goal is met, and whether gatewise is ahead or behind.
    """
    words = [] if goal is None else ["met" if goal.met(middle) else "not met"]
    if compares and (goal is None or middle < 1):
        words.append("behind" if middle < 1 else "ahead")
    return ", ".join(words)


def screen(benchmark: Benchmark, outcome: Outcome) -> Iterator[str]:
    """Make the lines that are printed after a benchmark.

    Parameters
    ----------
    benchmark : Benchmark
        The benchmark.
    outcome : Outcome
        Its outcome.

    Yields
    ------
    str
        A line.
    """
    for row in rows(benchmark, outcome):
        peer = f" | {row.peer}" if row.peer else ""
        if not row.result:
            yield f"{row.work}{peer}: {row.verdict}{outcome.why and f': {outcome.why}'}"
        else:
            goal = "" if row.goal == NO_GOAL else f", goal {row.goal}"
            yield f"{row.work}, {row.size}{peer}: {row.quantity} {row.result}{goal}: {row.verdict}".rstrip(": ")
    if outcome.exponents:
        yield f"  exponents of the time: {', '.join(f'{power:.2f}' for power in outcome.exponents)}"
    yield from (f"  {note}" for note in outcome.notes)


def results(
    table: Mapping[str, Benchmark], outcomes: Mapping[str, Outcome], facts: Mapping[str, str], rounds: int, span: float
) -> str:
    """Write the text of RESULTS.md.

    Parameters
    ----------
    table : mapping of str to Benchmark
        The benchmarks, by name.
    outcomes : mapping of str to Outcome
        Their outcomes, by name.
    facts : mapping of str to str
        The facts about the host.
    rounds : int
        The number of rounds.
    span : float
        The seconds for which short work was repeated.

    Returns
    -------
    str
        The page, in Markdown.
    """
    goals = [row for name, outcome in outcomes.items() for row in rows(table[name], outcome)]
    sizes = [line for name, outcome in outcomes.items() for line in _sizes(table[name], outcome)]
    skipped = sorted({outcome.missing for outcome in outcomes.values() if outcome.missing})
    notes = list(dict.fromkeys(note for outcome in outcomes.values() for note in outcome.notes))
    parts = [
        HEAD.format(when=date.today().isoformat()),
        _table(("", ""), facts.items()),
        "## Goals\n",
        _table(("work", "size", "peer", "measured", "goal", "result", "rounds", ""), goals),
        *([_list(notes)] if notes else []),
        "## How cost grows\n",
        "Median times. The exponents are those of our time and of the peer's, over the size.\n",
        _table(("work", "peer", "sizes", "ours", "peer's", "peer / ours", "exponents"), sizes),
        "## What was skipped\n",
        _list(skipped or ["nothing"]),
        HOW.format(rounds=rounds, span=span),
    ]
    return "\n".join(parts)


def _goals(benchmark: Benchmark) -> str:
    return ", ".join(dict.fromkeys(map(str, benchmark.goals.values()))) or NO_GOAL


def _sizes(benchmark: Benchmark, outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """The row of the table of sizes, or none if nothing was measured."""
    if outcome.measured:
        ours, peers = ([duration(seconds) for seconds in side] for side in _sides(outcome))
        ratios = [number(measured.spread(SPEEDUP)[1]) for measured in outcome.measured if measured.peer]
        labels = [benchmark.label(measured.size) for measured in outcome.measured]
        powers = [f"{power:.2f}" for power in outcome.exponents]
        yield (benchmark.work, benchmark.peer, *(" · ".join(cell) for cell in (labels, ours, peers, ratios, powers)))


def _sides(outcome: Outcome) -> tuple[list[float], list[float]]:
    """Our median seconds and the peer's, by size."""
    medians = [measured.medians for measured in outcome.measured]
    return [each[0] for each in medians], [each[1] for each in medians if len(each) > 1]


def number(x: float) -> str:
    """Format a number.

    Parameters
    ----------
    x : float
        The number.

    Returns
    -------
    str
        The number with three significant digits, or rounded to an integer from 100 on.
    """
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def duration(seconds: float) -> str:
    """Format a time.

    Parameters
    ----------
    seconds : float
        The time.

    Returns
    -------
    str
        The time in s, ms or µs.
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-6)} µs"


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    rule = ["---"] * len(head)
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *lines))


def _list(things: list[str]) -> str:
    return "".join(f"- {thing}\n" for thing in things)
