"""Symbols: what differs between back ends is refused, with what to write instead."""

import pytest

from autograd.gates.backends import formulas, python_text

BACKENDS = [formulas, python_text]


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.__name__.rpartition(".")[2])
@pytest.mark.parametrize(
    ("operation", "instead"),
    [
        (lambda x, y: x if x > 0 else y, "xp.where"),
        (lambda x, y: x > 0 and y > 0, "xp.where"),
        (lambda x, y: 0 < x < 1, "xp.where"),
        (lambda x, y: max(x, y), "xp.where"),
        (lambda x, y: x / y, "xp.divide"),
        (lambda x, y: 1.0 / x, "xp.divide"),
        (lambda x, y: x**2, "xp.power"),
        (lambda x, y: x % y, "xp.remainder"),
        (lambda x, y: x // y, "xp.floor"),
        (lambda x, y: x == y, "xp.equal"),
        (lambda x, y: x != y, "xp.equal"),
        (lambda x, y: abs(x), "xp.abs"),
        (lambda x, y: (x > 0) & (y > 0), "xp.where"),
        (lambda x, y: float(x), "one number"),
    ],
)
def test_refuses_what_differs_between_back_ends(backend, operation, instead):
    with pytest.raises(TypeError, match=instead):
        operation(backend.symbol("x"), backend.symbol("y"))


def test_comparisons_are_symbols():
    x, y = formulas.symbol("x"), formulas.symbol("y")
    assert [str(x < y), str(x <= y), str(x > 1.0), str(x >= 0.5)] == ["x < y", "x ≤ y", "x > 1", "x ≥ 0.5"]
