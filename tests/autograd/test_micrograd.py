"""Programs written for micrograd run unchanged: its example, and its own test file if available."""

import os
from pathlib import Path

import pytest

from autograd import Value


def test_micrograds_sanity_check():
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_micrograds_own_tests_with_only_the_import_changed():
    """Needs torch, and the path of micrograd's test/test_engine.py in MICROGRAD_TEST."""
    path = os.environ.get("MICROGRAD_TEST")
    if not path:
        pytest.skip("set MICROGRAD_TEST to micrograd's test/test_engine.py")
    pytest.importorskip("torch")
    source = Path(path).read_text(encoding="utf-8")
    assert "from micrograd.engine import Value" in source
    namespace = {}
    exec(compile(source.replace("micrograd.engine", "autograd"), path, "exec"), namespace)
    tests = [thing for name, thing in namespace.items() if name.startswith("test_")]
    assert len(tests) >= 2
    for test in tests:
        test()
