"""The direction of imports, and what they cost."""

import ast
import re
import statistics
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {  # what each package may import of the others: data flows one way
    "autograd": set(),
    "nn": {"autograd"},
    "classifiers": {"autograd", "nn"},
    "demos": {"autograd", "nn", "classifiers"},
    "benchmarks": {"autograd", "nn", "classifiers"},
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", BELOW)
def test_imports_go_one_way(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        above = set(imported(path)) & (BELOW.keys() - BELOW[package] - {package})
        assert not above, f"{path.name} imports {above}"


def run(code):
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_loads_numpy_and_nothing_else_heavy(package):
    loaded = run(f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})").split()
    standard = {*sys.stdlib_module_names, "__main__", "_distutils_hack", "sitecustomize", "usercustomize"}
    ours = {name for name in loaded if name not in standard and "cython" not in name}
    assert ours == ({"autograd", "numpy"} if package == "autograd" else {"autograd", "nn", "numpy"})


@pytest.mark.parametrize(("package", "most"), [("autograd", 1.5), ("nn", 1.75)])
def test_import_takes_little_more_than_numpys(package, most):
    def seconds(name):
        code = f"from time import perf_counter as t; s = t(); import {name}; print(t() - s)"
        return float(run(code))

    # ratios round by round, so that a machine that slows down and speeds up does so for both
    ratio = statistics.median(seconds(package) / seconds("numpy") for _ in range(11))
    assert ratio < most, f"{package} took {ratio:.2f} times as long as numpy"


def test_classifiers_load_on_first_use():
    loaded = "print('sklearn' in sys.modules)"
    code = f"import sys, classifiers; {loaded}; classifiers.MLPClassifier; {loaded}"
    assert run(code).split() == ["False", "True"]


def test_every_public_name_is_there_and_no_other():
    for name in ("autograd", "nn", "classifiers"):
        module = import_module(name)
        assert all(getattr(module, public) is not None for public in module.__all__)
        with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'nothing'"):
            _ = module.nothing
    assert re.fullmatch(r"\d+\.\d+\.\d+", import_module("autograd").__version__)
