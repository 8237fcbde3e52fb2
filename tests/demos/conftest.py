"""What the tests of the demos share: running them, and a few images instead of the full data."""

import importlib
import io
import os
import runpy
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from filelock import FileLock

DEMOS = Path(__file__).parents[2] / "demos"


class Ended(NamedTuple):
    """The exit status and output of a demo, with the fields of subprocess.CompletedProcess."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a demo as a script with flags in this process; return its output lines, or an Ended if `check` is false."""

    def run_script(demo, *flags, check=True, **environment):
        monkeypatch.setattr("sys.argv", [f"{demo}.py", *map(str, flags)])
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        capsys.readouterr()
        code = 0
        try:
            runpy.run_path(str(DEMOS / f"{demo}.py"), run_name="__main__")
        except SystemExit as ended:
            code = ended.code or 0
            if isinstance(code, str):  # as the interpreter does
                print(code, file=sys.stderr)
                code = 1
        output = capsys.readouterr()
        assert not check or code == 0, output.err
        return output.out.splitlines() if check else Ended(code, output.out, output.err)

    return run_script


@pytest.fixture(scope="session")
def at_defaults(tmp_path_factory):
    """Run a demo at its defaults, once for all tests and worker processes; return its output and folder."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def run_once(demo):
        folder = shared / "demos at their defaults" / demo
        folder.mkdir(parents=True, exist_ok=True)
        printed = folder / "printed.txt"
        with FileLock(folder / "lock"):
            if not printed.exists():
                module = importlib.import_module(demo)
                with redirect_stdout(io.StringIO()) as output:
                    module.main(module.Settings(out=folder))
                printed.write_text(output.getvalue(), encoding="utf-8")
        return printed.read_text(encoding="utf-8"), folder

    return run_once


@pytest.fixture
def few_images():
    """A small version of the data that `load` returns."""
    X, y = np.random.default_rng(0).integers(256, size=(350, 3072), dtype=np.uint8), np.arange(350) % 10
    names = [f"class_{label}" for label in range(10)]
    return SimpleNamespace(X_train=X[:300], y_train=y[:300], X_test=X[300:], y_test=y[300:], target_names=names)
