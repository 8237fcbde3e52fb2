"""What gates do to the upstream gradient: add distributes it to all inputs, max routes it to one, mul swaps the values.

Add gives it to each input unchanged; max gives all of it to the larger input (half each to equal ones); mul multiplies
it, for each input, by the value of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import add, mul
from pathlib import Path

from stage import run, save

from autograd import Value, draw, maximum
from autograd.drawing import format_number as number
from autograd.drawing import parenthesize_negative

HABITS = {"add": ("spreads", add), "max": ("routes", maximum), "mul": ("swaps", mul)}


@dataclass
class Settings:
    x: float = 3.0
    """first input of each gate"""
    y: float = -4.0
    """second input"""
    upstream: float = 2.0
    """upstream gradient of each gate"""
    out: Path = Path("out/gate_habits")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    upstream = parenthesize_negative(number(settings.upstream))
    print(f"x = {number(settings.x)}, y = {number(settings.y)}; upstream gradient {upstream}; local × upstream:")
    pictures = {}
    for name, (habit, gate) in HABITS.items():
        inputs = Value(settings.x, label="x"), Value(settings.y, label="y")
        f = gate(*inputs)
        f.label = "f"
        f.backward(settings.upstream)
        line = f"{name} {habit}:".ljust(15) + f"f = {number(f.data)}".ljust(10)
        for position, x in enumerate(inputs):
            local = parenthesize_negative(number(f.local_gradient(position)))
            line += f"{x.label} gets {local} × {upstream} = {number(x.grad)}".ljust(25)
        print(line.rstrip())
        pictures[name] = draw(f)
    for name, picture in pictures.items():
        save(picture, settings.out / f"{name}.svg")


if __name__ == "__main__":
    run(main, Settings)
