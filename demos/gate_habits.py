"""What gates do to the gradient that arrives: add spreads it to all inputs, max routes it to one, mul swaps the values.

Add passes it on to each input as it is; max gives all of it to the larger input (equal ones get half each); mul
multiplies it, for each input, by the value of the other.
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
    """the first input of each gate"""
    y: float = -4.0
    """the second"""
    upstream: float = 2.0
    """the gradient that arrives at each gate"""
    out: Path = Path("out/gate_habits")
    """the folder for the pictures"""


def main(settings: Settings) -> None:
    upstream = parenthesize_negative(number(settings.upstream))
    print(f"x = {number(settings.x)}, y = {number(settings.y)}; {upstream} arrives at each gate; local × upstream:")
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
