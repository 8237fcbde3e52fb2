"""What the harness makes of times: on a clock of its own, none here is measured."""

import numpy as np
import pytest

from benchmarks import sides
from benchmarks.sides import Sides, agree, alternate, exponent, fresh, spread, timed


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(sides, "REST", 0.0)


class Clock:
    """A clock that only work moves."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def work(self, seconds):
        def run():
            self.now += seconds

        return run


def test_work_is_timed_by_the_call():
    clock = Clock()
    assert timed(clock.work(0.25), clock=clock)() == pytest.approx(0.25)


def test_short_work_is_repeated_for_a_span():
    clock = Clock()
    side = timed(clock.work(0.125), span=1.0, clock=clock)
    assert side() == pytest.approx(0.125)
    assert clock.now == 102.0  # twice eight calls


def test_rounds_alternate_who_begins():
    begun = []

    def side(name, seconds):
        def run():
            begun.append(name)
            return seconds

        return run

    assert alternate(Sides(side("ours", 1.0), side("peer", 6.0)), 3) == ([1.0] * 3, [6.0] * 3)
    assert begun == ["ours", "peer", "peer", "ours", "ours", "peer"]
    assert alternate(Sides(side("ours", 1.0), None), 2) == ([1.0, 1.0], [])


def test_a_fresh_process_times_the_work_alone():
    assert 0.0 <= fresh("import time; time.sleep(0.3)", "pass")() < 0.3


def test_spread_and_exponent():
    assert spread([7.0]) == (7.0, 7.0, 7.0)
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == (2.0, 3.0, 4.0)
    sizes = [10, 100, 1000]
    assert exponent(sizes, [3.0 * size**1.5 for size in sizes]) == pytest.approx(1.5)


def test_sides_that_disagree_are_refused():
    agree([1.0, np.array([1.0, 0.0])], [1.0 + 1e-9, np.array([1.0, 1e-9])], 1e-8)
    with pytest.raises(ValueError, match="disagree in result 1: off by 1e-07 where the largest is 1"):
        agree([1.0, np.array([1.0, 1e-7])], [1.0, np.array([1.0, 0.0])], 1e-8)
    with pytest.raises(ValueError, match=r"of shape \(2,\) here, \(3,\) there"):
        agree([np.zeros(2)], [np.zeros(3)], 1.0)
    with pytest.raises(ValueError, match="disagree"):
        agree([np.nan], [1.0], 1.0)
