"""`make demo` and `make test` set themselves up once; if they cannot, one line says why."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")
RUN_ALL_TESTS = "run -m pytest -n auto --maxprocesses 4 --dist worksteal"
RUN_TESTS = f"{RUN_ALL_TESTS} -m not campaign"
pytestmark = pytest.mark.skipif(MAKE is None, reason="needs make")


@pytest.fixture
def clone(tmp_path):
    """A folder with the Makefile, and a PATH that holds only basic shell tools and `programs/`."""
    folder = tmp_path / "clone with a space"
    programs = tmp_path / "programs"
    programs.mkdir()
    folder.mkdir()
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    for tool in ("sh", "mkdir", "touch", "rm", "echo", "cat", "chmod"):
        (programs / tool).symlink_to(shutil.which(tool))
    return folder, programs


def program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def make(clone, *arguments):
    folder, programs = clone
    environment = {**os.environ, "PATH": str(programs)}
    environment.pop("MAKEFLAGS", None)
    return subprocess.run([MAKE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


VENV = """
case "$*" in
  *version_info*) exit 0 ;;
  *ensurepip*) exit 0 ;;
  "-m venv .venv") echo venv >> calls; mkdir -p .venv/bin; cp_self ;;
  "-m pip install"*) echo "pip $*" >> calls ;;
  *) echo "run $*" >> calls ;;
esac
"""


UV = (
    'echo "uv $*" >> calls; case "$1" in venv) mkdir -p .venv/bin; '
    "printf '#!/bin/sh\\necho run $* >> calls\\n' > .venv/bin/python; chmod +x .venv/bin/python ;; esac"
)


def test_sets_up_with_venv_and_pip_once(clone):
    folder, programs = clone
    script = VENV.replace("cp_self", f"cat '{programs}/python3' > .venv/bin/python; chmod +x .venv/bin/python")
    program(programs / "python3", script)
    done = make(clone, "demo")
    assert done.returncode == 0, done.stderr
    first = (folder / "calls").read_text().splitlines()
    assert first[0] == "venv"
    assert first[1].startswith("pip -m pip install")
    assert first[1].endswith(".[demo]")
    demos = [f"run demos/{name}.py" for name in ("draw_gates", "check_gradients", "newton", "train_mlp", "augment")]
    assert first[2:] == demos
    make(clone, "demo")
    assert (folder / "calls").read_text().splitlines() == [*first, *demos]  # nothing was installed again
    make(clone, "test", "ARGS=-k name")
    assert (folder / "calls").read_text().splitlines()[-1] == RUN_TESTS + " -k name"
    make(clone, "test-all", "ARGS=-x")
    assert (folder / "calls").read_text().splitlines()[-1] == RUN_ALL_TESTS + " -x"


def test_sets_up_with_uv_if_it_is_installed(clone):
    folder, programs = clone
    program(programs / "uv", UV)
    for _ in range(2):
        assert make(clone, "demo").returncode == 0
    calls = (folder / "calls").read_text().splitlines()
    assert [call.split()[1] for call in calls if call.startswith("uv")] == ["venv", "pip"]
    assert sum(call.startswith("run") for call in calls) == 10


@pytest.mark.parametrize(
    ("target", "flag", "run"), [("bench", "--quick", "run -m benchmarks"), ("test-all", "-x", RUN_ALL_TESTS)]
)
def test_installs_torch_by_pip_even_with_uv(clone, target, flag, run):
    folder, programs = clone
    program(programs / "uv", UV)
    assert make(clone, target, f"ARGS={flag}").returncode == 0
    calls = (folder / "calls").read_text().splitlines()
    assert calls[1] == "uv pip install --quiet --python .venv/bin/python pip"
    assert calls[2].startswith("run -m pip install")
    assert calls[2].endswith(f".[{target}]")
    assert calls[3:] == [f"{run} {flag}"]


def test_names_the_package_that_the_venv_module_is_in(clone):
    _, programs = clone
    program(programs / "python3", 'case "$*" in *ensurepip*) exit 1 ;; esac')
    done = make(clone, "demo")
    assert done.returncode != 0
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith(("make", "gmake"))]
    assert "apt install python3-venv" in line


def test_rejects_an_old_python_in_one_line(clone):
    _, programs = clone
    program(programs / "python3", 'case "$*" in *version_info*) exit 1 ;; esac')
    done = make(clone, "test")
    assert done.returncode != 0
    assert "gatewise needs Python 3.11 or newer" in done.stderr


def test_tries_a_failed_install_again(clone):
    folder, programs = clone
    program(
        programs / "python3",
        VENV.replace("cp_self", "printf '#!/bin/sh\\nexit 1\\n' > .venv/bin/python; chmod +x .venv/bin/python"),
    )
    assert make(clone, "demo").returncode != 0
    assert not list((folder / ".venv").glob(".installed-*"))


def test_the_makefile_runs_python3():
    assert (ROOT / "Makefile").read_text().count("PYTHON ?= python3") == 1
    assert sys.version_info >= (3, 11)
