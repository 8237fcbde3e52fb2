"""The timing harness, on a clock that the tests move: nothing is measured here."""

import numpy as np
import pytest

from benchmarks import sides
from benchmarks.sides import Sides, agree, alternate, exponent, spread, timed, timed_fresh_process


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(sides, "REST", 0.0)


class Clock:
    """A clock that moves only during work."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def work(self, seconds):
        def run():
            self.now += seconds

        return run


def test_times_a_call():
    clock = Clock()
    assert timed(clock.work(0.25), clock=clock)() == pytest.approx(0.25)


def test_repeats_short_work_for_a_span():
    clock = Clock()
    side = timed(clock.work(0.125), span=1.0, clock=clock)
    assert side() == pytest.approx(0.125)
    assert clock.now == 102.0  # eight untimed calls, then eight timed ones


def test_sides_take_turns_in_going_first():
    order = []

    def side(name, seconds):
        def run():
            order.append(name)
            return seconds

        return run

    assert alternate(Sides(side("ours", 1.0), side("peer", 6.0)), 3) == ([1.0] * 3, [6.0] * 3)
    assert order == ["ours", "peer", "peer", "ours", "ours", "peer"]
    assert alternate(Sides(side("ours", 1.0), None), 2) == ([1.0, 1.0], [])


def test_a_fresh_process_times_only_the_work():
    assert 0.0 <= timed_fresh_process("import time; time.sleep(0.3)", "pass")() < 0.3


def test_spread_and_exponent():
    assert spread([7.0]) == (7.0, 7.0, 7.0)
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == (2.0, 3.0, 4.0)
    sizes = [10, 100, 1000]
    assert exponent(sizes, [3.0 * size**1.5 for size in sizes]) == pytest.approx(1.5)


def test_rejects_sides_that_disagree():
    agree([1.0, np.array([1.0, 0.0])], [1.0 + 1e-9, np.array([1.0, 1e-9])], 1e-8)
    with pytest.raises(ValueError, match="disagree in result 1: off by 1e-07, and the largest is 1"):
        agree([1.0, np.array([1.0, 1e-7])], [1.0, np.array([1.0, 0.0])], 1e-8)
    with pytest.raises(ValueError, match=r"shape \(2,\) of ours, \(3,\) of the peer"):
        agree([np.zeros(2)], [np.zeros(3)], 1.0)
    with pytest.raises(ValueError, match="disagree"):
        agree([np.nan], [1.0], 1.0)
