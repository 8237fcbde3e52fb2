"""Sides: ours and the peer's do equal work in alternating rounds. No other module of the benchmarks reads a clock."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ROOT = Path(__file__).parents[1]
REST = 0.1  # seconds before each measurement, as threads of the previous side spin for a while after their work
SPAN = 0.2  # seconds for which short work is repeated, once untimed and once timed

Side = Callable[[], float]  # does the work once and returns the seconds it took


@dataclass
class Sides:
    """The two sides of a benchmark, whose results were found to agree.

    Attributes
    ----------
    ours : callable
        Does our work once and returns its seconds.
    peer : callable or None
        The same for the peer; None if only gatewise is measured.
    notes : list of str
        Notes for the report. The sides may add to it.
    """

    ours: Side
    peer: Side | None
    notes: list[str] = field(default_factory=list)


def timed(work: Callable[[], object], *, span: float = 0.0, clock: Callable[[], float] = perf_counter) -> Side:
    """Make a side that times a function.

    Parameters
    ----------
    work : callable
        The function.
    span : float, default 0.0
        The seconds for which to repeat it; with 0 it is called once.
    clock : callable, default time.perf_counter
        Returns the time in seconds.

    Returns
    -------
    callable
        Returns the seconds of one call, on average.

    Notes
    -----
    An untimed `gc.collect()` comes first, so that no side frees what another has left. If calls are repeated, some
    untimed ones come first, as threads that have rested may start on a busy core.
    """

    def repeat(least: float) -> float:
        calls, start = 0, clock()
        while True:
            work()
            calls += 1
            elapsed = clock() - start
            if elapsed >= least:
                return elapsed / calls

    def side() -> float:
        gc.collect()
        sleep(REST)
        if span:
            repeat(span)
        return repeat(span)

    return side


def timed_fresh_process(setup: str, work: str) -> Side:
    """Make a side that times a statement in a fresh process.

    Parameters
    ----------
    setup : str
        Statements that run first, untimed.
    work : str
        The statement.

    Returns
    -------
    callable
        Returns the seconds of the statement. It was run once before, so bytecode and kernels are cached on disk.
    """
    lines = (setup, "from time import perf_counter", "start = perf_counter()", work, "print(perf_counter() - start)")
    command = [sys.executable, "-c", "\n".join(lines)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def side() -> float:
        sleep(REST)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return float(done.stdout)

    side()  # fills the caches
    return side


def alternate(sides: Sides, rounds: int) -> tuple[list[float], list[float]]:
    """Measure both sides in rounds; they take turns in going first.

    Parameters
    ----------
    sides : Sides
        The two sides.
    rounds : int
        The number of rounds.

    Returns
    -------
    tuple of list of float
        Our seconds and the peer's, by round; the second list is empty without a peer.
    """
    ours: list[float] = []
    peer: list[float] = []
    for i in range(rounds):
        pair = [(sides.ours, ours), (sides.peer, peer)]
        for side, seconds in pair if i % 2 == 0 else reversed(pair):
            if side is not None:
                seconds.append(side())
    return ours, peer


def agree(ours: Sequence[ArrayLike], theirs: Sequence[ArrayLike], tolerance: float) -> None:
    """Check that two sides do the same work.

    Parameters
    ----------
    ours, theirs : sequence of array_like
        The results of both sides, of equal shapes.
    tolerance : float
        The largest accepted |ours − theirs|, relative to the largest |theirs| of the same array.

    Raises
    ------
    ValueError
        If the results differ.
    """
    for i, pair in enumerate(zip(ours, theirs, strict=True)):
        a, b = (np.asarray(result, float) for result in pair)
        if a.shape != b.shape:
            raise ValueError(f"the sides disagree in result {i}: shape {a.shape} of ours, {b.shape} of the peer")
        off, scale = np.abs(a - b).max(initial=0.0), np.abs(b).max(initial=0.0)
        if not off <= tolerance * scale:
            raise ValueError(f"the sides disagree in result {i}: off by {off:.3g}, and the largest is {scale:.3g}")


def spread(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Compute quartiles.

    Parameters
    ----------
    numbers : sequence of float
        The numbers, at least one.

    Returns
    -------
    tuple of float
        The lower quartile, the median and the upper quartile.
    """
    if len(numbers) == 1:
        return (numbers[0],) * 3
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low, middle, high


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Fit p in seconds ∝ sizeᵖ.

    Parameters
    ----------
    sizes : sequence of float
        The sizes of the work.
    seconds : sequence of float
        The time at each size.

    Returns
    -------
    float
        The least-squares slope of log seconds over log size.
    """
    return float(statistics.linear_regression(np.log(sizes).tolist(), np.log(seconds).tolist()).slope)
