"""Peers: a missing one is skipped, a broken one is an error."""

import pytest

from benchmarks.peers import Missing, load


def test_loads_what_is_installed():
    assert load("numpy.linalg").__name__ == "numpy.linalg"


def test_a_missing_peer_is_skipped():
    with pytest.raises(Missing, match="no_such_peer: not installed, skipped"):
        load("no_such_peer.module")


def test_a_broken_peer_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "broken_peer.py").write_text("import what_it_needs")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="what_it_needs"):
        load("broken_peer")
