"""The training runs, with made-up classifiers."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import sides, training
from benchmarks.peers import Missing


@pytest.fixture
def data(monkeypatch):
    monkeypatch.setattr(sides, "REST", 0.0)
    return SimpleNamespace(X_test=np.zeros((4, 1)), y_test=np.array([1, 1, 1, 0]))


def test_notes_the_test_accuracy_once(data):
    notes = []
    side = training.trained("ours", lambda: lambda X: np.ones(len(X)), data, notes, 0.5)
    assert side() >= 0.0
    assert side() >= 0.0
    assert notes == ["ours reached 75.0% test accuracy on CIFAR-10"]


def test_rejects_a_run_that_misses_the_accuracy(data):
    side = training.trained("ours", lambda: lambda X: np.zeros(len(X)), data, [], 0.5)
    with pytest.raises(ValueError, match=r"ours reached a test accuracy of only 25\.0%"):
        side()


def test_skips_without_cifar10(monkeypatch, tmp_path):
    monkeypatch.setenv("GATEWISE_DATA", str(tmp_path))
    with pytest.raises(Missing, match="CIFAR-10: not found, skipped"):
        training.cifar10()
