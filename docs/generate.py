"""Generate docs/gates.md, its pictures, and the type stub of the gates' methods from the tables of gates.

    python docs/generate.py     (or `make docs`)

A test checks that all three are up to date.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograd import Tensor, Value, draw
from autograd.drawing.picture import Picture
from autograd.gates import GATES, Gate
from autograd.gates.arrays import ARRAY_GATES, ArrayGate
from autograd.gates.blocks import Block
from autograd.graph.node import apply

ROOT = Path(__file__).parents[1]
PAGE, PICTURES, STUB = ROOT / "docs/gates.md", ROOT / "docs/gates", ROOT / "autograd/graph/gate_methods.pyi"

HEAD = """# The gates

<!-- Generated from the tables of gates by `make docs`; edit the files in autograd/gates instead. -->

This page lists every gate with its value and its local gradient with respect to each input. The gradient of an input is
the upstream gradient times the local gradient. `[x > y]` is 1 if x > y, otherwise 0; `out` is the value of the gate. In
the pictures, each wire shows its value above and its gradient below, for an upstream gradient of 1. Each edge shows the
local gradient.

Elementwise gates work on Values and Tensors. All gates can be drawn and differentiated any number of times, and are
checked numerically at their samples. To add one, see [Adding a gate](adding_a_gate.md).
"""
ELEMENTWISE = """
## Elementwise gates

| gate | value | local gradients | NumPy | example |
|---|---|---|---|---|
"""
ARRAYS = """
## Gates over arrays

The local gradient of these gates would be a large matrix. Instead of building it, each gate computes the
vector-Jacobian product for each input: the gradient of the input, given the upstream gradient. These gates compute with
Tensors only; `unfold` turns them into gates of Values.

| gate | inputs | vector-Jacobian products | example |
|---|---|---|---|
"""
BLOCKS = """
## Blocks

A block combines several gates and computes its gradient in closed form. Each block is also defined by smaller gates
(its `expand`), which replace it in second derivatives. A test checks that both give the same values and gradients.

| block | inputs | vector-Jacobian products | example |
|---|---|---|---|
"""
STUB_HEAD = '''"""The methods that Value and Tensor get from the table of gates, for type checkers. From `make docs`."""

from typing import Self

class GateMethods:
'''


def page() -> str:
    """The text of docs/gates.md."""
    arrays = [gate for gate in ARRAY_GATES.values() if not isinstance(gate, Block)]
    blocks = [gate for gate in ARRAY_GATES.values() if isinstance(gate, Block)]
    return "".join(
        [
            HEAD,
            ELEMENTWISE,
            *map(elementwise_row, GATES.values()),
            ARRAYS,
            *map(array_row, arrays),
            BLOCKS,
            *map(array_row, blocks),
        ]
    )


def elementwise_row(gate: Gate) -> str:
    """The row of an elementwise gate."""
    forward, local_gradients, _ = gate.formulas
    locals_ = [
        f"∂/∂{name} = {local('out', *gate.arguments)}"
        for name, local in zip(gate.arguments, local_gradients, strict=True)
    ]
    functions = ", ".join(f"`np.{name}`" for name in gate.ufuncs if hasattr(np, name))
    cells = [f"**{gate.name}**", forward(*gate.arguments), "<br>".join(locals_), functions, image(gate)]
    return _row(cells)


def array_row(gate: ArrayGate) -> str:
    """The row of a gate over arrays, or of a block."""
    inputs = ", ".join(gate.arguments) + ("s ..." if gate.variadic else "")
    attributes = ", ".join(gate.samples[0][1])
    return _row(
        [
            f"**{gate.name}**",
            inputs + (f"; {attributes}" if attributes else ""),
            "<br>".join(gate.vjp_formulas),
            image(gate),
        ]
    )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def image(gate: Gate | ArrayGate) -> str:
    """The HTML element that shows the picture of a gate."""
    return f'<img src="gates/{gate.name}.svg" alt="example of the gate {gate.name}">'


def picture(gate: Gate | ArrayGate) -> Picture:
    """The graph of a gate at the first of its samples."""
    sample = gate.samples[0]
    if isinstance(gate, Gate):
        out = apply(gate, *[Value(x, label=name) for x, name in zip(sample, gate.arguments, strict=True)])
        out.backward()
    else:
        inputs, attributes = sample
        tensors = [
            Tensor(np.round(x, 2), requires_grad=True, label=gate.argument(i).replace("input[", "["))
            for i, x in enumerate(inputs)
        ]
        out = apply(gate, *tensors, **attributes)
        out.backward(np.ones(out.shape), retain_grads=True)
    out.label = "out"
    return draw(out)


def stub() -> str:
    """The text of autograd/graph/gate_methods.pyi."""
    lines = []
    for gate in GATES.values():
        others = list(gate.arguments[1:])
        optional = set(gate.arguments[gate.arity - len(gate.defaults) :])
        arguments = "".join(f", {name}: object" + (" = ..." if name in optional else "") for name in others)
        if gate.method:
            lines.append(f"    def {gate.name}(self{arguments}) -> Self: ...\n")
        if gate.operator:
            other = ", other: object" if others else ""
            lines.append(f"    def __{gate.operator}__(self{other}) -> Self: ...\n")
            if others:
                reflected = "_reflected_div" if gate.name == "div" else f"__r{gate.operator}__"
                lines.append(f"    def {reflected}(self{other}) -> Self: ...\n")
    return STUB_HEAD + "".join(lines)


def main() -> None:
    """Write the page, the stub and the pictures."""
    PAGE.write_text(page(), encoding="utf-8")
    STUB.write_text(stub(), encoding="utf-8")
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for gate in (*GATES.values(), *ARRAY_GATES.values()):
        picture(gate).save(PICTURES / f"{gate.name}.svg")


if __name__ == "__main__":
    main()
