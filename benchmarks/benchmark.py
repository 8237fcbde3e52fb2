"""Benchmark: a row of the table, from the work and its goals to what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.peers import Missing
from benchmarks.sides import Sides, alternate, exponent, spread


class Quantity(NamedTuple):
    """What a goal is about, of ours and the peer's seconds in a round."""

    label: str
    of: Callable[[float, float], float]


SPEEDUP = Quantity("peer / ours", lambda ours, peer: peer / ours)
SHARE = Quantity("ours / peer", lambda ours, peer: ours / peer)
SECONDS = Quantity("seconds", lambda ours, peer: ours)


class Goal(NamedTuple):
    """A bound that a measured number is to keep."""

    sign: str
    bound: float

    def met(self, number: float) -> bool:
        """Whether it keeps it."""
        return number >= self.bound if self.sign == "≥" else number <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_least(bound: float) -> Goal:
    return Goal("≥", bound)


def at_most(bound: float) -> Goal:
    return Goal("≤", bound)


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Work that gatewise and a peer do, and what is wanted of it.

    work      in words
    peer      who does it too, in words; "" where ours is measured alone
    sides     makes the sides at a size, once it has loaded the peer (or raises Missing) and found that the results
              agree (or raises ValueError)
    sizes     at which it is done, ascending; the exponent is that of the time over them
    label     what a size is called
    goals     at sizes
    quantity  what the goals are about
    growth    the goal of the exponent of our time
    rounds    at most, where a round takes minutes
    """

    work: str
    sides: Callable[[int], Sides]
    sizes: tuple[int, ...]
    label: Callable[[int], str]
    peer: str = ""
    goals: Mapping[int, Goal] = field(default_factory=dict)
    quantity: Quantity = SPEEDUP
    growth: Goal | None = None
    rounds: int | None = None


class Measured(NamedTuple):
    """The seconds of the rounds at one size; none of the peer where there is none."""

    size: int
    ours: list[float]
    peer: list[float]

    def spread(self, quantity: Quantity) -> tuple[float, float, float]:
        """The quartiles of a quantity over the rounds."""
        return spread([quantity.of(*pair) for pair in zip(self.ours, self.peer or self.ours, strict=True)])

    @property
    def medians(self) -> list[float]:
        """Our median seconds, and the peer's if there is one."""
        return [spread(seconds)[1] for seconds in (self.ours, self.peer) if seconds]


@dataclass
class Outcome:
    """What came of a benchmark: measurements, or a word on why there are none."""

    measured: list[Measured] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: str = ""  # what was not there
    failed: str = ""  # the kind of the error
    why: str = ""  # its text, which may name files of this machine: for the screen alone

    @property
    def exponents(self) -> list[float]:
        """Of our time over the size, and of the peer's if there is one; none where there is one size."""
        if len(self.measured) < 2:
            return []
        sizes = [measured.size for measured in self.measured]
        return [exponent(sizes, medians) for medians in zip(*(m.medians for m in self.measured), strict=True)]


def measure(benchmark: Benchmark, rounds: int, *, quick: bool = False) -> Outcome:
    """Do it at its sizes, or, to see quickly whether all works, at the smallest alone."""
    outcome = Outcome()
    try:
        for size in benchmark.sizes[:1] if quick else benchmark.sizes:
            sides = benchmark.sides(size)
            seconds = alternate(sides, min(rounds, benchmark.rounds or rounds))
            outcome.measured.append(Measured(size, *seconds))
            outcome.notes += [note for note in sides.notes if note not in outcome.notes]
    except Missing as missing:
        return Outcome(missing=str(missing))
    except Exception as error:  # whatever a peer raises: it is told, and the other benchmarks go on
        return Outcome(failed=type(error).__name__, why=str(error))
    return outcome
