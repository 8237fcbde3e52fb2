"""Sides: the two that are compared do the same work, in alternating rounds. Nothing else here looks at a clock."""

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
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
REST = 0.1  # seconds before each measurement: threads of the side before spin for a while after their work
SPAN = 0.2  # seconds that work of microseconds and milliseconds is repeated for, once untimed and once timed

Side = Callable[[], float]  # does the work once more and returns the seconds that it took


@dataclass
class Sides:
    """Ours and the peer's, which were found to agree; no peer where ours is measured alone."""

    ours: Side
    peer: Side | None
    notes: list[str] = field(default_factory=list)  # what the report tells of them; the sides may add to it


def timed(work: Callable[[], Any], *, span: float = 0.0, clock: Callable[[], float] = perf_counter) -> Side:
    """The seconds of a call, or of one among as many as fill `span` seconds.

    An untimed `gc.collect()` comes first, so that no side clears away what another has left; and where calls are
    repeated, some that are not counted: threads that have rested are at first put where another one runs.
    """

    def repeated(least: float) -> float:
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
            repeated(span)
        return repeated(span)

    return side


def fresh(setup: str, work: str) -> Side:
    """The seconds of a statement in a fresh process, after an untimed setup; what is cached on disk is cached."""
    lines = (setup, "from time import perf_counter", "start = perf_counter()", work, "print(perf_counter() - start)")
    command = [sys.executable, "-c", "\n".join(lines)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def side() -> float:
        sleep(REST)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return float(done.stdout)

    side()  # so that bytecode and kernels are in their caches
    return side


def alternate(sides: Sides, rounds: int) -> tuple[list[float], list[float]]:
    """The seconds of ours and of the peer (none where it has none), round by round; who begins changes in turn."""
    ours, peer = [], []
    for i in range(rounds):
        pair = [(sides.ours, ours), (sides.peer, peer)]
        for side, seconds in pair if i % 2 == 0 else reversed(pair):
            if side is not None:
                seconds.append(side())
    return ours, peer


def agree(ours: Any, theirs: Any, tolerance: float) -> None:
    """Refuse sides that do not do the same work: |ours − theirs| ≤ tolerance · the largest |theirs|, number by number.

    ours, theirs  results of the same shapes: numbers, arrays, or lists of them
    """
    for i, pair in enumerate(zip(ours, theirs, strict=True)):
        a, b = (np.asarray(result, float) for result in pair)
        if a.shape != b.shape:
            raise ValueError(f"the sides disagree in result {i}: of shape {a.shape} here, {b.shape} there")
        off, scale = np.abs(a - b).max(initial=0.0), np.abs(b).max(initial=0.0)
        if not off <= tolerance * scale:
            raise ValueError(f"the sides disagree in result {i}: off by {off:.3g} where the largest is {scale:.3g}")


def spread(numbers: Sequence[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile."""
    if len(numbers) == 1:
        return (numbers[0],) * 3
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low, middle, high


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """p of seconds ∝ size^p: the least-squares slope of their logarithms."""
    return float(statistics.linear_regression(np.log(sizes).tolist(), np.log(seconds).tolist()).slope)
