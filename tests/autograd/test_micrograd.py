"""micrograd's users should find their code running: its numbers, and where it lies on the machine its own test file."""

import os
from pathlib import Path

import pytest

from autograd import Value


def test_the_numbers_of_its_sanity_check():
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_its_own_test_file_with_nothing_changed_but_the_import():
    """Wants torch, and MICROGRAD_TEST to name test/test_engine.py in a clone of micrograd."""
    pytest.importorskip("torch")
    path = os.environ.get("MICROGRAD_TEST")
    if not path:
        pytest.skip("set MICROGRAD_TEST to micrograd's test/test_engine.py")
    source = Path(path).read_text(encoding="utf-8")
    assert "from micrograd.engine import Value" in source
    namespace = {}
    exec(compile(source.replace("micrograd.engine", "autograd"), path, "exec"), namespace)
    tests = [thing for name, thing in namespace.items() if name.startswith("test_")]
    assert len(tests) >= 2
    for test in tests:
        test()
