"""Outcomes of benchmarks, computed from simulated times."""

import sys

import pytest

from benchmarks.benchmark import SECONDS, SHARE, SPEEDUP, Benchmark, Measured, at_least, at_most, measure
from benchmarks.peers import load
from benchmarks.sides import Sides


def benchmark(sides, **options):
    return Benchmark(work="work", peer="peer", sides=sides, sizes=(10, 100, 1000), label="{} things".format, **options)


def growing(size):
    """Our time is proportional to the size, the peer's to its square."""
    return Sides(lambda: size * 1e-3, lambda: size**2 * 1e-3, ["a note"])


def test_goals():
    assert at_least(2).met(2.0)
    assert not at_least(2).met(1.9)
    assert at_most(1.25).met(1.25)
    assert not at_most(1.25).met(1.3)
    assert (str(at_least(1500)), str(at_most(1.25))) == ("≥ 1500", "≤ 1.25")


def test_measures_all_sizes_and_their_exponents():
    outcome = measure(benchmark(growing), 7)
    assert [measured.size for measured in outcome.measured] == [10, 100, 1000]
    assert all(len(measured.ours) == len(measured.peer) == 7 for measured in outcome.measured)
    assert outcome.exponents == pytest.approx([1.0, 2.0])
    assert outcome.notes == ["a note"]


def test_quick_runs_one_size_and_slow_work_fewer_rounds():
    outcome = measure(benchmark(growing, rounds=2), 7, quick=True)
    assert [(measured.size, len(measured.ours)) for measured in outcome.measured] == [(10, 2)]
    assert outcome.exponents == []


def test_quantities_are_computed_round_by_round():
    measured = Measured(1, [1.0, 2.0, 4.0], [2.0, 2.0, 2.0])
    assert measured.spread(SPEEDUP)[1] == 1.0
    assert measured.spread(SHARE) == (0.75, 1.0, 1.5)
    assert Measured(1, [1.0, 2.0, 3.0], []).spread(SECONDS)[1] == 2.0
    assert measured.medians == [2.0, 2.0]


def test_skips_a_missing_peer(monkeypatch):
    monkeypatch.setitem(sys.modules, "micrograd", None)
    outcome = measure(benchmark(lambda size: load("micrograd.engine")), 7)
    assert (outcome.missing, outcome.measured) == ("micrograd: not installed, skipped", [])


def test_records_a_failure():
    def sides(size):
        if size == 10:
            return growing(size)
        raise RuntimeError("it broke")

    outcome = measure(benchmark(sides), 7)
    assert (outcome.failed, outcome.why, outcome.measured) == ("RuntimeError", "it broke", [])
