"""Kernels: generated from the table as readable Python, with their machine code kept on disk."""

import math
import os
import subprocess
import sys
from pathlib import Path

from autograd.gates import GATES
from autograd.gates.backends import numba_math
from autograd.program import kernels

SCRIPT = """
import sys, numpy as np
from autograd import Value, compile
assert "numba" not in sys.modules
x, y = Value(3.0), Value(4.0)
print(compile((x * y).tanh() + x, inputs=[x, y])([0.5, 0.25])[0])
"""


def fresh_process(**environment):
    got = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True, env=os.environ | environment
    )
    return float(got.stdout)


def test_a_fresh_process_reuses_the_machine_code(tmp_path):
    expected = math.tanh(0.125) + 0.5
    assert fresh_process(NUMBA_CACHE_DIR=str(tmp_path)) == expected
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.name.partition("_")[0] for path in (tmp_path / "kernels").glob("*.py")} == {"add", "mul", "tanh"}
    assert fresh_process(NUMBA_CACHE_DIR=str(tmp_path)) == expected
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == written


def test_works_without_a_writable_folder(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    expected = math.tanh(0.125) + 0.5
    assert fresh_process(XDG_CACHE_HOME=str(blocked), TMPDIR=str(tmp_path)) == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]  # the temporary folder is removed


def test_a_kernel_is_python():
    text = kernels.write(GATES["mul"])
    namespace = {}
    exec(text, namespace)
    values, gradients, indices = [2.0, 5.0, 0.0], [1.0, 0.0, 0.0], [0, 1, 0]
    namespace["single"](values, gradients, indices, 1, 0, 0, 2, 1, 2, 0)
    namespace["single"](values, gradients, indices, 1, 1, 0, 2, 1, 2, 1)
    namespace["single"](values, gradients, indices, 1, 2, 0, 2, 1, 2, 2)
    assert (values, gradients) == ([2.0, 5.0, 10.0], [1.0, 5.0, 2.0])


def test_gates_that_pass_their_upstream_gradient_through():
    gates = [GATES[name] for name in ("add", "sub", "neg", "where")]
    expected = [[True, True, False], [True, False, False], [False, False, False], [False, False, False]]
    assert kernels.passed_through(gates).tolist() == expected
    assert kernels.passed_through([]).shape == (0, 0)


def called_modules(thing, seen):
    """Add the files of gatewise whose functions a function calls, directly or through others, to `seen`."""
    function = getattr(thing, "py_func", thing)
    if getattr(function, "__module__", "").startswith("autograd.") and hasattr(function, "__code__"):
        seen.add(Path(function.__code__.co_filename))
        for name in function.__code__.co_names:
            called_modules(function.__globals__.get(name), seen)
    return seen


def test_the_name_of_a_kernel_depends_on_every_module_that_it_calls(tmp_path, monkeypatch):
    """Otherwise machine code of an older version would be loaded after one of them has changed."""
    called = {Path(numba_math.__file__)}
    for gate in GATES.values():
        namespace = {}
        exec(kernels.write(gate), namespace)
        for name in namespace["single"].__code__.co_names:
            called_modules(getattr(numba_math, name, None), called)
    assert {path.stem for path in called} >= {"numba_math", "floats"}

    read = Path.read_bytes
    monkeypatch.setattr(kernels, "_folder", lambda: tmp_path)
    text = kernels.write(GATES["relu"])
    usual = kernels._module("relu", text).__file__
    assert kernels._module("relu", text).__file__ == usual
    assert kernels._module("relu", text + "# changed").__file__ != usual
    for changed in called:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", lambda path, of=changed: read(path) + b"#" * (path == of))
            assert kernels._module("relu", text).__file__ != usual, changed
