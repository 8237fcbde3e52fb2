"""Write what is made from the table of gates: docs/gates.md, its pictures, and the types of the gates' methods.

    python docs/generate.py     (or `make docs`)

The tests hold all three to be current.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

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

<!-- Made from the tables by `make docs`: change the files in autograd/gates instead. -->

Every gate with its value and, for each input, its local gradient; the upstream gradient times the local gradient is
what the gate passes down. In the pictures the value stands above each wire and the gradient below, when 1 arrives from
above; on each edge is the local gradient. `[x > y]` is 1 where it holds and 0 elsewhere, `out` is the gate's value.

All are gates of `Value` and of `Tensor`, are drawn, checked numerically at their samples, and differentiated as often
as one likes. [Adding a gate](adding_a_gate.md) takes ten lines.
"""
ELEMENTWISE = """
## Elementwise

| gate | value | local gradients | NumPy | at work |
|---|---|---|---|---|
"""
ARRAYS = """
## Over arrays

Their local gradient is a matrix that nobody wants to build: in its place stands what the gate passes down to each
input, a vector-Jacobian product. Gates of Tensors alone; `unfold` turns them into gates of Values.

| gate | inputs | what it passes down | at work |
|---|---|---|---|
"""
BLOCKS = """
## Blocks

A whole block of gates as one, with its gradient in closed form. Each is also there as smaller gates (its `expand`),
which stand in for it in second derivatives; a test holds both to be equal.

| block | inputs | what it passes down | at work |
|---|---|---|---|
"""
STUB_HEAD = '''"""The methods that Value and Tensor have from the table of gates, for type checkers: by `make docs`."""

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
    """One line of the table of elementwise gates."""
    forward, local_gradients, _ = gate.formulas
    locals_ = [
        f"∂/∂{name} = {local('out', *gate.arguments)}"
        for name, local in zip(gate.arguments, local_gradients, strict=True)
    ]
    functions = ", ".join(f"`np.{name}`" for name in gate.ufuncs if hasattr(np, name))
    cells = [f"**{gate.name}**", forward(*gate.arguments), "<br>".join(locals_), functions, image(gate)]
    return _row(cells)


def array_row(gate: ArrayGate) -> str:
    """One line of the table of gates over arrays."""
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


def image(gate: Any) -> str:
    """The picture of a gate, as the page shows it."""
    return f'<img src="gates/{gate.name}.svg" alt="the gate {gate.name} at work">'


def picture(gate: Any) -> Picture:
    """A gate at work, at the first of its samples."""
    sample = gate.samples[0]
    if isinstance(gate, Gate):
        out: Any = apply(gate, *[Value(x, label=name) for x, name in zip(sample, gate.arguments, strict=True)])
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
    """Write them all."""
    PAGE.write_text(page(), encoding="utf-8")
    STUB.write_text(stub(), encoding="utf-8")
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for gate in (*GATES.values(), *ARRAY_GATES.values()):
        picture(gate).save(PICTURES / f"{gate.name}.svg")


if __name__ == "__main__":
    main()
