"""The back end of numba: every function gives the result of floats, to the last bit, at every double."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit

from autograd.gates.backends import arrays, floats, numba_math

ARITY = dict.fromkeys(
    [
        "arctan2",
        "divide",
        "equal",
        "floor_divide",
        "hypot",
        "logaddexp",
        "maximum",
        "minimum",
        "power",
        "ratio",
        "remainder",
    ],
    2,
)
ARITY |= {"step": 3, "where": 3}
doubles = st.floats(allow_nan=True, allow_infinity=True)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, math.inf, -math.inf, math.nan, 710.0, -746.0, 1e-310]


@pytest.fixture(scope="module", params=arrays.__all__)
def both(request):
    """A function in machine code, called as a kernel calls it, and the same function of floats, after their name."""
    names = ", ".join("xyz"[: ARITY.get(request.param, 1)])
    text = f"lambda {names}: f({names})"
    compiled = eval(text, {"f": getattr(numba_math, request.param)})
    return request.param, njit(compiled, error_model="numpy"), getattr(floats, request.param)


def same(name, ours, theirs):
    if name == "hypot":  # Python rounds it correctly, the C library nearly so
        return ours == pytest.approx(theirs, rel=3e-16, abs=0, nan_ok=True)
    return (ours != ours and theirs != theirs) or (
        ours == theirs and math.copysign(1, ours) == math.copysign(1, theirs)
    )


def check(both, *arguments):
    name, compiled, python = both
    given = arguments[: ARITY.get(name, 1)]
    assert same(name, compiled(*given), python(*given)), (name, given)


@given(x=doubles, y=doubles, z=doubles)
@example(x=-8.0, y=1 / 3, z=1.0)
def test_agrees_with_floats(both, x, y, z):
    check(both, x, y, z)


def test_agrees_with_floats_at_special_numbers(both):
    for x in SPECIAL:
        for y in SPECIAL:
            check(both, x, y, 0.5)
