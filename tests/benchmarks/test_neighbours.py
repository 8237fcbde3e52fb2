"""The searches for neighbours, among fewer and smaller images."""

import pytest

from benchmarks import neighbours, sides


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(neighbours, "SAMPLES", 200)
    monkeypatch.setattr(neighbours, "FEATURES", 12)
    monkeypatch.setattr(sides, "REST", 0.0)


@pytest.mark.parametrize("metric", neighbours.METRICS)
def test_agrees_with_scikit_learn(metric):
    pair = neighbours.sklearn(3, metric=metric)
    assert pair.ours() > 0.0
    assert pair.peer() > 0.0


def test_agrees_with_scipy():
    assert neighbours.scipy(3).peer() > 0.0


def test_alone():
    assert neighbours.alone(2, metric="manhattan").peer is None
