"""Benchmark: a row of the table, with its work and goals, and what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.peers import Missing
from benchmarks.sides import Sides, alternate, exponent, spread


class Quantity(NamedTuple):
    """A number computed from our seconds and the peer's in one round.

    Attributes
    ----------
    label : str
        Its name in the report.
    of : callable
        The function (ours, peer) → number.
    """

    label: str
    of: Callable[[float, float], float]


SPEEDUP = Quantity("peer / ours", lambda ours, peer: peer / ours)
SHARE = Quantity("ours / peer", lambda ours, peer: ours / peer)
SECONDS = Quantity("seconds", lambda ours, peer: ours)


class Goal(NamedTuple):
    """A bound on a measured number.

    Attributes
    ----------
    sign : {"≥", "≤"}
        Whether the bound is a lower or an upper one.
    bound : float
        The bound.
    """

    sign: str
    bound: float

    def met(self, number: float) -> bool:
        """Return whether a number meets the goal.

        Parameters
        ----------
        number : float
            The measured number.

        Returns
        -------
        bool
            Whether it is within the bound.
        """
        return number >= self.bound if self.sign == "≥" else number <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_least(bound: float) -> Goal:
    return Goal("≥", bound)


def at_most(bound: float) -> Goal:
    return Goal("≤", bound)


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Work that gatewise and a peer do, and its goals.

    Attributes
    ----------
    work : str
        A description of the work.
    sides : callable
        The function size → Sides. It loads the peer (or raises Missing) and checks that both results agree (or raises
        ValueError).
    sizes : tuple of int
        The sizes of the work, ascending.
    label : callable
        The function size → its description.
    peer : str, default ""
        A description of the peer; "" if only gatewise is measured.
    goals : mapping of int to Goal, default {}
        The goals, by size.
    quantity : Quantity, default SPEEDUP
        The quantity that the goals bound.
    growth : Goal, optional
        The goal for the exponent p in: our time ∝ sizeᵖ.
    rounds : int, optional
        A lower number of rounds, for work that takes minutes.
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
    """The times at one size.

    Attributes
    ----------
    size : int
        The size of the work.
    ours : list of float
        The seconds of gatewise, by round.
    peer : list of float
        The seconds of the peer, by round; empty without a peer.
    """

    size: int
    ours: list[float]
    peer: list[float]

    def spread(self, quantity: Quantity) -> tuple[float, float, float]:
        """Return the quartiles of a quantity over the rounds.

        Parameters
        ----------
        quantity : Quantity
            The quantity.

        Returns
        -------
        tuple of float
            The lower quartile, the median and the upper quartile.
        """
        return spread([quantity.of(*pair) for pair in zip(self.ours, self.peer or self.ours, strict=True)])

    @property
    def medians(self) -> list[float]:
        """Our median seconds, and the peer's if there is one."""
        return [spread(seconds)[1] for seconds in (self.ours, self.peer) if seconds]


@dataclass
class Outcome:
    """The outcome of a benchmark: measurements, or the reason why there are none.

    Attributes
    ----------
    measured : list of Measured
        The times, by size.
    notes : list of str
        Notes for the report.
    missing : str
        What was not installed or not found.
    failed : str
        The type of the error that stopped it.
    why : str
        The message of that error. It may name files of this machine, so it is only printed, never written.
    """

    measured: list[Measured] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: str = ""
    failed: str = ""
    why: str = ""

    @property
    def exponents(self) -> list[float]:
        """The exponent of our time over the size, and of the peer's if there is one; empty if there is one size."""
        if len(self.measured) < 2:
            return []
        sizes = [measured.size for measured in self.measured]
        return [exponent(sizes, medians) for medians in zip(*(m.medians for m in self.measured), strict=True)]


def measure(benchmark: Benchmark, rounds: int, *, quick: bool = False) -> Outcome:
    """Run a benchmark.

    Parameters
    ----------
    benchmark : Benchmark
        The benchmark.
    rounds : int
        The number of rounds at each size.
    quick : bool, default False
        Whether to run only the smallest size.

    Returns
    -------
    Outcome
        The times, or what was missing or failed.
    """
    outcome = Outcome()
    try:
        for size in benchmark.sizes[:1] if quick else benchmark.sizes:
            sides = benchmark.sides(size)
            seconds = alternate(sides, min(rounds, benchmark.rounds or rounds))
            outcome.measured.append(Measured(size, *seconds))
            outcome.notes += [note for note in sides.notes if note not in outcome.notes]
    except Missing as missing:
        return Outcome(missing=str(missing))
    except Exception as error:  # a peer may raise anything: report it, and go on with the other benchmarks
        return Outcome(failed=type(error).__name__, why=str(error))
    return outcome
