"""Trying out a gate: a rule must mean the same on every back end, or the gate is refused when it is entered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.gates.backends import floats
from autograd.gates.gate import Gate, Rule

TOLERANCE = 1e-9  # relative; back ends may round differently, by a few units in the last place


def try_out(gate: Gate) -> None:
    """Run all rules of a gate on names (as text), on floats and on arrays, and compare what they give.

    Parameters
    ----------
    gate : Gate
        The gate, which need not be in the table. The numbers are its samples.

    Raises
    ------
    TypeError
        If a rule cannot run on one of the back ends, or gives something else there than on floats.
    """
    names = gate.arguments
    for backend, rules in (("formulas", gate.formulas), ("python_text", gate.python_text)):
        for what, rule, arguments in _each_rule(rules, names, "out"):
            text = _attempt(gate, f"{what}, as text ({backend})", rule, arguments)
            if backend == "python_text":
                _compare_text(gate, what, text)
    for sample in gate.samples:
        expected = on_floats(gate, sample)
        inputs = [np.array([x, x], dtype=None if isinstance(x, bool) else float) for x in sample]
        out = _attempt(gate, "forward, on arrays", gate.arrays.forward, inputs)
        for (what, rule, arguments), number in zip(_each_rule(gate.arrays, inputs, out), expected, strict=True):
            compare(gate, f"{what}, on arrays", number, _attempt(gate, f"{what}, on arrays", rule, arguments), sample)


def on_floats(gate: Gate, sample: Sequence[float]) -> list[float]:
    """Return the value and the local gradients of a gate at a sample, on floats."""
    out = _attempt(gate, "forward, on floats", gate.floats.forward, sample)
    rules = _each_rule(gate.floats, sample, out)
    return [_attempt(gate, f"{what}, on floats", rule, arguments) for what, rule, arguments in rules]


def compare(gate: Gate, what: str, expected: float, got: Any, sample: Sequence[float]) -> None:
    """Raise TypeError if a rule gave something else than on floats.

    Parameters
    ----------
    gate : Gate
        The gate that is tried out.
    what : str
        Which rule, and on which back end.
    expected : float
        The result on floats.
    got : float or ndarray
        The result on the back end; all its elements have to equal `expected`.
    sample : sequence of float
        The inputs.
    """
    if not np.allclose(np.asarray(got, dtype=float), float(expected), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
        raise TypeError(
            f"gate {gate.name!r}: a rule means something else on each back end: its {what}, gives {got} at the sample "
            f"{tuple(sample)}, but {expected} on floats. Write it with + − ×, comparisons and xp.functions only"
        )


def _compare_text(gate: Gate, what: str, text: str) -> None:
    """Evaluate the Python text of a rule on floats beside the rule itself."""
    code = compile(text, f"gate {gate.name}", "eval")
    position = {name: i for i, name in enumerate(("forward", *(f"local gradient {i}" for i in range(gate.arity))))}
    for sample in gate.samples:
        expected = on_floats(gate, sample)
        names = {**dict(zip(gate.arguments, sample, strict=True)), "out": expected[0], "xp": floats}
        got = eval(code, {"inf": np.inf, "nan": np.nan}, names)
        compare(gate, f"{what}, as Python text", expected[position[what]], got, sample)


def _each_rule(rules: Any, inputs: Sequence[Any], out: Any) -> list[tuple[str, Rule, list[Any]]]:
    """The rules with a name for each and their arguments."""
    local_gradients = [(f"local gradient {i}", rule, [out, *inputs]) for i, rule in enumerate(rules.local_gradients)]
    return [("forward", rules.forward, list(inputs)), *local_gradients]


def _attempt(gate: Gate, what: str, rule: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    try:
        with np.errstate(all="ignore"):
            return rule(*arguments)
    except Exception as error:
        hint = "; inputs have no methods: write xp.exp(x), not x.exp()" if isinstance(error, AttributeError) else ""
        raise TypeError(f"gate {gate.name!r}: a rule fails ({what}): {error}{hint}") from error
