"""The tests find faults: each one in `faults.toml`, planted in a copy of the packages, makes a test fail.

A fault replaces one piece of text by another one, and names the tests that must notice. If the piece is not found once,
the code has changed: plant the same fault in its new text. A fault that no test notices needs a new test.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short")
PACKAGES = ("autograd", "nn", "classifiers")
FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))


def copy_to(folder):
    """Copy the packages, without the machine code that numba keeps beside them, and link to the rest."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("*.nbi", "*.nbc"))
    for other in ("tests", "demos", "docs", "pyproject.toml"):
        (folder / other).symlink_to(ROOT / other)


def run_tests(folder, tests):
    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "numba")}
    command = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", FAULTS)
def test_the_text_of_a_fault_is_in_the_code_once(name):
    fault = FAULTS[name]
    assert fault.keys() == {"file", "old", "new", "tests"}
    assert fault["old"] != fault["new"]
    found = (ROOT / fault["file"]).read_text(encoding="utf-8").count(fault["old"])
    assert found == 1, f"{fault['file']} contains the text {found} times; plant the same fault in the code as it is now"
    for test in fault["tests"]:
        file, _, function = test.partition("::")
        assert f"def {function.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8"), f"no test {test}"


@pytest.mark.campaign
def test_without_a_fault_all_these_tests_pass(tmp_path):
    copy_to(tmp_path)
    done = run_tests(tmp_path, dict.fromkeys(test for fault in FAULTS.values() for test in fault["tests"]))
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.campaign
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name, tmp_path):
    fault = FAULTS[name]
    copy_to(tmp_path)
    path = tmp_path / fault["file"]
    text = path.read_text(encoding="utf-8")
    assert text.count(fault["old"]) == 1
    path.write_text(text.replace(fault["old"], fault["new"]), encoding="utf-8")
    done = run_tests(tmp_path, fault["tests"])
    assert done.returncode == 1, f"no test failed ({done.returncode}):\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
