"""The direction of imports, and what they cost."""

import ast
import graphlib
import os
import re
import statistics
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd", "nn", "classifiers")
PUBLIC = {  # the modules that a demo may import from
    "autograd": ["", "checking", "drawing", "extend", "gates", "jit"],
    "nn": ["", "init", "optim", "saving", "schedules", "training", "validation"],
    "classifiers": [
        "", "augmentation", "callbacks", "cifar10", "features", "history", "metrics", "plots", "preprocessing",
        "data.photos",
    ],
}  # fmt: skip


def test_contracts_hold(monkeypatch):
    """The contracts of import-linter in pyproject.toml, which `make lint` checks too."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def check_order(package):
    """Raise a CycleError, which names the circle, if modules of the package import each other in one."""
    graph = grimp.build_graph(package, cache_dir=None)
    graphlib.TopologicalSorter(
        {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    ).prepare()


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_import_no_circle(package):
    """Imports within functions count, and so do those for type checkers."""
    check_order(package)


@pytest.mark.parametrize(
    "hidden",
    ["def f():\n    from ring import b", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ring import b"],
    ids=["in a function", "for type checkers"],
)
def test_a_circle_is_noticed(hidden, tmp_path, monkeypatch):
    (tmp_path / "ring").mkdir()
    for name, text in {"__init__": "", "a": hidden, "b": "import ring.a"}.items():
        (tmp_path / "ring" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(graphlib.CycleError, match=r"ring\.a"):
        check_order("ring")


def imported_names(path):
    """Each (module, name) that a file imports from our packages; the name is "" for `import module`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        yield from ((module, name) for module, name in found if module.partition(".")[0] in PACKAGES)


@pytest.mark.parametrize("demo", sorted((ROOT / "demos").glob("*.py")), ids=lambda path: path.stem)
def test_a_demo_imports_public_names_only(demo):
    public = {f"{package}.{name}".rstrip(".") for package, names in PUBLIC.items() for name in names}
    for module, name in imported_names(demo):
        assert module in public, f"{demo.name} imports {module}, which is not public"
        exported = getattr(import_module(module), "__all__", None)
        assert not name or exported is None or name in exported, f"{demo.name} imports {name}, not public in {module}"
        assert not name.startswith("_"), f"{demo.name} imports {name}, which is private"


def run(code):
    """Run code in a new process, which may write bytecode; returns its output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_loads_no_package_but_numpy(package):
    loaded = run(f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})").split()
    standard = {*sys.stdlib_module_names, "__main__", "_distutils_hack", "sitecustomize", "usercustomize"}
    ours = {name for name in loaded if name not in standard and "cython" not in name}
    assert ours == ({"autograd", "numpy"} if package == "autograd" else {"autograd", "nn", "numpy"})


@pytest.mark.parametrize(("package", "most"), [("autograd", 1.5), ("nn", 1.75)])
def test_imports_hardly_slower_than_numpy(package, most):
    def seconds(name):
        code = f"from time import perf_counter as t; s = t(); import {name}; print(t() - s)"
        return float(run(code))

    seconds(package)  # writes the bytecode
    # one ratio per round, since the speed of the machine varies
    ratio = statistics.median(seconds(package) / seconds("numpy") for _ in range(11))
    assert ratio < most, f"{package} took {ratio:.2f} times as long as numpy"


def test_classifiers_load_on_first_use():
    loaded = "print('sklearn' in sys.modules)"
    code = f"import sys, classifiers; {loaded}; classifiers.MLPClassifier; {loaded}"
    assert run(code).split() == ["False", "True"]


def test_public_names_exist_and_others_raise():
    for name in ("autograd", "nn", "classifiers"):
        module = import_module(name)
        assert all(getattr(module, public) is not None for public in module.__all__)
        with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'nothing'"):
            _ = module.nothing
    assert re.fullmatch(r"\d+\.\d+\.\d+", import_module("autograd").__version__)
