"""The back end of formulas: the text of a rule says what it computes on floats, with brackets where they are needed."""

import math

import pytest

from autograd.gates import GATES
from autograd.gates.backends import arrays, floats, formulas
from autograd.gates.backends.formulas import symbol
from autograd.graph import node_backend


@pytest.mark.parametrize(
    ("gate", "forward", "local_gradients"),
    [
        ("mul", "x · y", ("y", "x")),
        ("sub", "x − y", ("1", "−1")),
        ("div", "x / y", ("1 / y", "−out / y")),
        ("pow", "x^y", ("y · x^(y − 1 + [y = 0])", "out · log((x where y < 0, else 1) where x = 0, else x)")),
        ("sigmoid", "1 / (1 + exp(−x))", ("(1 − out) · out",)),
        ("abs", "|x|", ("2 · ([x > 0] + ½[x = 0]) − 1",)),
        ("relu", "maximum(x, 0)", ("[x > 0]",)),
        ("where", "x where condition, else y", ("0", "[condition]", "1 − [condition]")),
        ("cbrt", "cbrt(x)", ("0.3333 / (out · out)",)),
    ],
)
def test_the_formulas_of_some_gates(gate, forward, local_gradients):
    rules = GATES[gate].formulas
    names = GATES[gate].arguments
    assert rules.forward(*names) == forward
    assert tuple(local("out", *names) for local in rules.local_gradients) == local_gradients


def test_brackets_only_where_they_are_needed():
    x, y = symbol("x"), symbol("y")
    assert str((x - y) - (x - y)) == "x − y − (x − y)"
    assert str((x + y) * (x - 2.0 * y)) == "(x + y) · (x − 2 · y)"
    assert str(-(x * y)) == "−(x · y)"
    assert str((-x) * y) == "−x · y"
    assert str(formulas.divide(x, y * x)) == "x / (y · x)"
    assert str(formulas.power(-x, -2.0)) == "(−x)^(−2)"


def test_every_formula_names_all_arguments():
    for gate in GATES.values():
        text = gate.formulas.forward(*gate.arguments)
        assert all(name in text for name in gate.arguments)


def test_every_back_end_has_every_function():
    for backend in (floats, arrays, node_backend, formulas):
        assert all(callable(getattr(backend, name)) for name in arrays.__all__)


def test_formulas_give_the_numbers_of_floats():
    python_signs = {"·": "*", "−": "-", "^": "**"}
    for name in ("add", "sub", "mul", "div", "neg", "square", "reciprocal", "sigmoid", "tanh", "expm1", "radians"):
        gate = GATES[name]
        for sample in gate.samples:
            out = gate.floats.forward(*sample)
            functions = {name: getattr(math, name) for name in ("exp", "tanh", "expm1", "radians")}
            named = dict(zip(gate.arguments, sample, strict=True), out=out, **functions)
            rules = [(gate.formulas.forward(*gate.arguments), out)]
            for local, number in zip(gate.formulas.local_gradients, gate.floats.local_gradients, strict=True):
                rules.append((local("out", *gate.arguments), number(out, *sample)))
            for text, number in rules:
                for sign, python in python_signs.items():
                    text = text.replace(sign, python)
                assert eval(text, named) == pytest.approx(number, rel=1e-3)
