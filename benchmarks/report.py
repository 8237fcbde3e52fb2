"""The report: lines for the screen, and RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from benchmarks.benchmark import SPEEDUP, Benchmark, Goal, Outcome

NO_GOAL = "–"
HEAD = """# gatewise beside its peers

Written by `make bench`, whole, from one run, on {when}. A ratio above 1 of *peer / ours* says that gatewise is faster.
"""
HOW = """## How it was measured

Each benchmark ran in a fresh process of its own, with no other peer loaded. There both sides first did the work once,
untimed, and their results (losses, values and gradients, distances) had to agree; then they were timed in {rounds}
alternating rounds, or as many as the table says, who begins changing in turn. An untimed `gc.collect()` and a pause
came before each measurement, so that neither side cleared away what the other left, nor met its threads that still
spun; the garbage collector was on. Work of less than {span:g} s was repeated for as long. A ratio is taken round by
round; the table has its median and, in brackets, its quartiles. Exponents are least-squares slopes of log time over log
size, of median times. Peers have the same dtype, their own defaults and all the threads that they take: torch runs
eager, CasADi evaluates an SX Function in place through its buffers, scikit-learn's search gets float32 made beforehand,
which is quicker for it than bytes. Whole trainings have one size, and what takes minutes fewer rounds.
"""


class Row(NamedTuple):
    """A line of the table of goals."""

    work: str
    size: str
    peer: str
    quantity: str
    goal: str
    result: str
    rounds: str
    verdict: str


def rows(benchmark: Benchmark, outcome: Outcome) -> Iterator[Row]:
    """A row for each goal, and where there is none, for the last size; what was not measured says why."""
    told = outcome.missing or (outcome.failed and f"failed: {outcome.failed}")
    if told:
        yield Row(benchmark.work, "", benchmark.peer, "", _goals(benchmark), "", "", told)
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
    """Whether a goal is met; and where the peer is faster, that we are behind."""
    words = [] if goal is None else ["met" if goal.met(middle) else "not met"]
    if compares and (goal is None or middle < 1):
        words.append("behind" if middle < 1 else "ahead")
    return ", ".join(words)


def screen(benchmark: Benchmark, outcome: Outcome) -> Iterator[str]:
    """What is told as soon as a benchmark is done."""
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
    """RESULTS.md, of the outcomes of benchmarks by their names."""
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
        "Median times; the exponents are those of our time and of the peer's over the size.\n",
        _table(("work", "peer", "sizes", "ours", "peer's", "peer / ours", "exponents"), sizes),
        "## What was skipped\n",
        _list(skipped or ["nothing"]),
        HOW.format(rounds=rounds, span=span),
    ]
    return "\n".join(parts)


def _goals(benchmark: Benchmark) -> str:
    return ", ".join(dict.fromkeys(map(str, benchmark.goals.values()))) or NO_GOAL


def _sizes(benchmark: Benchmark, outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """The line of the table of sizes; none where nothing was measured."""
    if outcome.measured:
        ours, peers = ([duration(seconds) for seconds in side] for side in _sides(outcome))
        ratios = [number(measured.spread(SPEEDUP)[1]) for measured in outcome.measured if measured.peer]
        labels = [benchmark.label(measured.size) for measured in outcome.measured]
        powers = [f"{power:.2f}" for power in outcome.exponents]
        yield (benchmark.work, benchmark.peer, *(" · ".join(cell) for cell in (labels, ours, peers, ratios, powers)))


def _sides(outcome: Outcome) -> tuple[list[float], list[float]]:
    """The median seconds of ours, and of the peer, by sizes."""
    medians = [measured.medians for measured in outcome.measured]
    return [each[0] for each in medians], [each[1] for each in medians if len(each) > 1]


def number(x: float) -> str:
    """With three digits, or as many as its whole part has."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def duration(seconds: float) -> str:
    """In the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-6)} µs"


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    rule = ["---"] * len(head)
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *lines))


def _list(things: list[str]) -> str:
    return "".join(f"- {thing}\n" for thing in things)
