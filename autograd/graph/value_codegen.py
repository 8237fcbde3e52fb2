"""An accelerator: what Values do at a gate, written out as Python text for that gate alone and compiled.

What it generates
    For each gate, when it is first used, the two functions that you would write by hand: one that records it (as
    `Value.record` does) and one that applies the chain rule at it (as `Value.chain_rule` does).
From what
    The gate's rules as Python text (`Gate.python_text`), put into the two templates below.
What it buys
    No calls of rules and no loops over inputs: a training step of the network in benchmarks/moons.py takes three tenths
    of the time (62 instead of 201 ms, measured on 2026-11-27, the latter with `GATEWISE_CODEGEN=0`).

A test runs every gate through both ways and expects equal bits. `GATEWISE_CODEGEN=0` in the environment, or
`disable()`, turns it off. `inspect.getsource(Value.__mul__)` shows the generated text once a gate was used.
"""

from __future__ import annotations

import linecache
import math
from typing import Any

from autograd.gates.backends import floats
from autograd.gates.gate import GATES, Gate
from autograd.graph.modes import RECORD, mode
from autograd.graph.node import Constant, install
from autograd.graph.order import slots
from autograd.graph.value import Value, in_another_mode, install_methods
from autograd.graph.versions import counter

RECORDER = """\
def method({inputs}):{conversions}
    node = new(Value)
    node._data, node.grad, node.label = {forward}, 0.0, None
    node.gate, node._x, node._y = gate, {slots}
    node.version = counter.latest
    return node if mode() == RECORD else in_another_mode(node)
"""
CONVERSION = """
    if {x}.__class__ is not Value:
        {x} = Value.as_input({x})
        if {x} is NotImplemented:
            return NotImplemented"""
CHAIN_RULE = """\
def chain_rule(node, gradients):
    {slots} = node._x, node._y
    upstream = gradients[node]
"""
DOWNSTREAM = """\
    if {x}.__class__ is not Constant:
        gradients[{x}] += {downstream}
"""
DOWNSTREAM_OF_CHOICE = """\
    if {x}.__class__ is not Constant:
        local = {local}
        gradients[{x}] += {downstream}
"""

NAMES: dict[str, Any] = {  # what the text refers to
    "xp": floats, "inf": math.inf, "nan": math.nan, "Value": Value, "Constant": Constant,
    "new": Value.__new__, "counter": counter, "mode": mode.get, "RECORD": RECORD, "in_another_mode": in_another_mode,
}  # fmt: skip


def enable() -> None:
    """Generate code for each gate when it is next used."""
    Value.on_first_use = staticmethod(generate)


def disable() -> None:
    """Go back to the methods of `Value` for all gates."""
    Value.on_first_use = None
    Value.generated_rules.clear()
    Value.generated_recorders.clear()
    for gate in GATES.values():
        install_methods(gate)


def generate(gate: Gate) -> None:
    """Compile the two functions of a gate, and have Value use them from now on.

    Parameters
    ----------
    gate : Gate
        The gate, in the table or not (of a graph that was recorded before the gate was removed).
    """
    text, names = write(gate), {**NAMES, "gate": gate}
    file = f"{__file__}, gate {gate.name}"
    exec(compile(text, file, "exec"), names)
    method = names["method"]
    Value.generated_rules[gate], Value.generated_recorders[gate] = names["chain_rule"], method
    if GATES.get(gate.name) is gate:
        linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file  # for tracebacks and inspect

        def reflected(self: Value, other: Any) -> Any:
            other = Value.as_input(other)
            return NotImplemented if other is NotImplemented else method(other, self)

        install(Value, gate, method, reflected)


def write(gate: Gate) -> str:
    """Return the text of the two functions.

    Parameters
    ----------
    gate : Gate
        The gate.

    Returns
    -------
    str
        Python source that defines `method` and `chain_rule`.
    """
    rules, inputs = gate.python_text, [f"x{i}" for i in range(gate.arity)]
    data = [f"{x}._data" for x in inputs]
    recorder = RECORDER.format(
        inputs=", ".join(inputs),
        conversions="".join(CONVERSION.format(x=x) for x in inputs[1:]),
        forward=rules.forward(*data),
        slots=slots(inputs),
    )
    chain_rule = CHAIN_RULE.format(slots=slots(inputs).replace("None", "_"))
    template = DOWNSTREAM_OF_CHOICE if gate.selects else DOWNSTREAM
    for x, local_gradient in zip(inputs, rules.local_gradients, strict=True):
        local = local_gradient("node._data", *data)
        downstream = rules.downstream("local" if gate.selects else local, "upstream")
        chain_rule += template.format(x=x, local=local, downstream=downstream)
    return f"{recorder}\n\n{chain_rule}"
