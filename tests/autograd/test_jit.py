"""The numba helper: machine code that follows IEEE 754, with or without a writable cache."""

import math

import numba
import pytest
from numba import types

from autograd import jit


def test_compiles_by_ieee_754():
    @jit.compiled
    def divide(x, y):
        return x / y

    assert divide(1.0, 0.0) == math.inf
    assert divide(3.0, 2.0) == 1.5


def test_a_signature_gives_an_address():
    def double(x):
        return 2.0 * x

    kernel = jit.compiled(double, types.float64(types.float64))
    assert kernel.address > 0
    assert kernel.ctypes(1.5) == 3.0


@pytest.mark.parametrize("writable", [True, False])
def test_caches_only_if_a_folder_is_writable(monkeypatch, writable):
    asked = []

    def njit(*, cache, **options):
        asked.append(cache)
        if cache and not writable:
            raise RuntimeError("no locator available")
        return numba.njit(**options)

    monkeypatch.setattr(jit, "njit", njit)
    assert jit.compiled(lambda x: x + 1)(2) == 3
    assert asked == ([True] if writable else [True, False])
