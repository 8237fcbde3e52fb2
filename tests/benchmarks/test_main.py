"""`python -m benchmarks`, run as `make bench` runs it."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import host
from benchmarks.__main__ import Settings, main
from benchmarks.benchmark import Measured, Outcome
from benchmarks.peers import Missing
from benchmarks.table import TABLE, chosen

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"(^|[\s`('\"])/\w|[A-Z]:\\", re.MULTILINE)


def test_runs_what_is_named_and_leaves_the_results_alone(tmp_path):
    out = tmp_path / "RESULTS.md"
    flags = ["--only", "imports", "chains.off", "--quick", "--rounds", "1", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *flags],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert [line for line in told if line.startswith("[")] == ["[chains.off]", "[imports.numpy]"]
    assert re.match(r"import autograd, a fresh process \| import numpy: ours / peer [\d.]+, goal ≤ 1.3: ", told[-2])
    assert told[-1].startswith("RESULTS.md stays as it was")
    assert not out.exists()


def test_writes_the_results_whole_where_all_was_measured(tmp_path, monkeypatch, capsys):
    def apart(function, *arguments):
        if function is host.facts:
            return {"processor": "one"}
        name, rounds, _ = arguments
        sizes = TABLE[name].sizes
        return Outcome([Measured(n, [1.0] * rounds, [2.0] * rounds if TABLE[name].peer else []) for n in sizes])

    monkeypatch.setattr(command, "apart", apart)
    out = tmp_path / "RESULTS.md"
    main(Settings(out=out))
    text = out.read_text(encoding="utf-8")
    assert all(benchmark.work in text for benchmark in TABLE.values())
    assert "not met" in text
    assert list(tmp_path.iterdir()) == [out]
    assert f"written: {out}" in capsys.readouterr().out


def test_what_fails_is_named_at_the_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "apart", lambda *_: Outcome(failed="OSError", why="no"))
    with pytest.raises(RuntimeError, match=r"failed: imports\.numpy"):
        main(Settings(only=("imports",), out=tmp_path / "RESULTS.md"))
    assert "import autograd | import numpy: failed: OSError: no" in capsys.readouterr().out


def test_names():
    assert chosen(()) == list(TABLE)
    assert chosen(("chains", "eager.torch")) == ["eager.torch", "chains.off", "chains.on"]
    with pytest.raises(ValueError, match=r"no benchmark 'speed': there are eager\.micrograd, "):
        chosen(("speed",))
    with pytest.raises(ValueError, match="--rounds must be at least 1, got 0"):
        main(Settings(rounds=0))


def test_the_machine_is_told_without_names_or_folders(monkeypatch):
    def load(name):
        raise Missing(f"{name}: not installed, skipped")

    monkeypatch.setattr(host, "load", load)  # torch takes seconds
    facts = host.facts()
    assert facts["torch"] == "torch: not installed, skipped"
    told = " ".join(facts.values())
    assert re.search(r"\d+ cores, .+ of memory", told)
    assert "numpy " in told
    assert not PATH.search(told)
    assert platform.node() not in told


def test_the_results_in_the_repository_are_whole():
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    assert all(f"| {benchmark.work} |" in text for benchmark in TABLE.values())
    assert text.count("\n## ") == 4
    assert not PATH.search(text)
