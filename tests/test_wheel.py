"""The wheel works outside the checkout, also in an environment with nothing else installed."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAINS = """
import pathlib, sys
import numpy as np
import autograd, classifiers, nn
assert all("site-packages" in module.__file__ for module in (autograd, classifiers, nn)), autograd.__file__
X = np.random.default_rng(0).normal(size=(200, 5))
y = (X[:, 0] > 0).astype(int)
model = classifiers.MLPClassifier((8,), epochs=20, batch_size=20, learning_rate=0.02, random_state=0).fit(X, y)
assert model.score(X, y) > 0.9
x = autograd.Value(3.0, label="x")
(x * x).backward()
assert x.grad == 6.0
autograd.draw(x * x, "graph.dot")
classifiers.plots.loss_curves(model.history_).figure.savefig("loss.png")
print("version", autograd.__version__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_contains_the_three_packages_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"autograd", "nn", "classifiers"}
    assert {"autograd/py.typed", "nn/py.typed", "classifiers/py.typed"} <= set(names)
    for package in ("autograd", "nn", "classifiers"):
        files = [path for path in (ROOT / package).rglob("*.*") if path.parent.name != "__pycache__"]
        assert {path.relative_to(ROOT).as_posix() for path in files} <= set(names)


def trains(python, folder, **environment):
    """Train outside the checkout, in a new folder."""
    folder.mkdir()
    options = {"cwd": folder, "env": {**os.environ, **environment}, "capture_output": True, "text": True}
    done = subprocess.run([python, "-c", TRAINS], check=False, **options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("version 0.")
    assert sorted(path.name for path in folder.iterdir()) == ["graph.dot", "loss.png"]


def test_trains_from_its_files(wheel, tmp_path):
    packages = tmp_path / "site-packages"
    zipfile.ZipFile(wheel).extractall(packages)
    trains(sys.executable, tmp_path / "elsewhere", PYTHONPATH=str(packages))


@pytest.mark.campaign
def test_trains_from_an_empty_environment(wheel, tmp_path):
    pytest.importorskip("ensurepip", reason="Python's venv module is incomplete: apt install python3-venv")
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if "No matching distribution found" in install.stderr:
        pytest.skip("needs a package index")
    assert install.returncode == 0, install.stderr
    trains(python, tmp_path / "elsewhere", PYTHONPATH="")
