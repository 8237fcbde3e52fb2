"""The benchmark of imports."""

from benchmarks import imports, sides


def test_times_both_imports(monkeypatch):
    monkeypatch.setattr(sides, "REST", 0.0)
    pair = imports.numpy(1)
    assert pair.ours() > 0.0
    assert pair.peer() > 0.0
