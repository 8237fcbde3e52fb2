"""The table: benchmarks are chosen by their own name or their group's."""

import pytest

from benchmarks import benchmark, table
from benchmarks.benchmark import Measured
from benchmarks.sides import Sides
from benchmarks.table import TABLE, chosen, measure_by_name


def test_names():
    assert chosen(()) == list(TABLE)
    assert chosen(("chains", "eager.torch")) == ["eager.torch", "chains.off", "chains.on"]
    with pytest.raises(ValueError, match=r"no benchmark 'speed'; choose from eager\.micrograd, "):
        chosen(("speed",))


def test_every_goal_is_at_a_size():
    for name, entry in TABLE.items():
        assert entry.goals.keys() <= set(entry.sizes), name
        assert list(entry.sizes) == sorted(entry.sizes), name


def test_measures_by_name(monkeypatch):
    made_up = benchmark.Benchmark(
        work="work", sides=lambda size: Sides(lambda: 2.0, lambda: 3.0), sizes=(1, 2), label=str
    )
    monkeypatch.setitem(table.TABLE, "made.up", made_up)
    assert measure_by_name("made.up", 1, True).measured == [Measured(1, [2.0], [3.0])]
