"""`python -m benchmarks`, as `make bench` runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import host, report, sides
from benchmarks.__main__ import Settings, main
from benchmarks.benchmark import Measured, Outcome
from benchmarks.table import TABLE

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"(^|[\s`('\"])/\w|[A-Z]:\\", re.MULTILINE)


def test_a_partial_run_does_not_change_the_results(tmp_path):
    out = tmp_path / "RESULTS.md"
    flags = ["--only", "imports", "chains.off", "--quick", "--rounds", "1", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *flags],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("[")] == ["[chains.off]", "[imports.numpy]"]
    assert re.match(r"import autograd, a fresh process \| import numpy: ours / peer [\d.]+, goal ≤ 1.3: ", lines[-2])
    assert lines[-1].startswith("RESULTS.md is not changed")
    assert not out.exists()


def test_a_full_run_writes_the_results(tmp_path, monkeypatch, capsys):
    def run_isolated(function, *arguments):
        if function is host.facts:
            return {"processor": "one"}
        name, rounds, _ = arguments
        sizes = TABLE[name].sizes
        return Outcome([Measured(n, [1.0] * rounds, [2.0] * rounds if TABLE[name].peer else []) for n in sizes])

    monkeypatch.setattr(command, "run_isolated", run_isolated)
    out = tmp_path / "RESULTS.md"
    main(Settings(out=out))
    text = out.read_text(encoding="utf-8")
    assert all(benchmark.work in text for benchmark in TABLE.values())
    assert "not met" in text
    assert list(tmp_path.iterdir()) == [out]
    assert f"written: {out}" in capsys.readouterr().out


def test_names_failures_at_the_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "run_isolated", lambda *_: Outcome(failed="OSError", why="no"))
    with pytest.raises(RuntimeError, match=r"failed: imports\.numpy"):
        main(Settings(only=("imports",), out=tmp_path / "RESULTS.md"))
    assert "import autograd | import numpy: failed: OSError: no" in capsys.readouterr().out


def test_rejects_zero_rounds():
    with pytest.raises(ValueError, match="--rounds must be at least 1, got 0"):
        main(Settings(rounds=0))


def test_the_results_in_the_repository_are_complete():
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    assert all(f"| {benchmark.work} |" in text for benchmark in TABLE.values())
    assert text.count("\n## ") == 4
    assert text.endswith(report.HOW.format(rounds=7, span=sides.SPAN))
    assert not PATH.search(text)
