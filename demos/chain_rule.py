"""The chain rule: a gradient is the product of the local gradients along a path, and the sum of that over all paths.

In f = (x + y) z one path leads from each input to f. In f = a (x + a) with a = x y there are three paths from x, as x
and a are used twice. backward() computes the same sums without following paths, of which there may be very many: it
visits each gate once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

from circuits import product, product_inputs
from stage import check, run, save

from autograd import Value, draw
from autograd.drawing import format_number as number
from autograd.drawing import parenthesize_negative


@dataclass
class Settings:
    x: float = 3.0
    """x in f = a (x + a) with a = x y"""
    y: float = 2.0
    """y in the same"""
    doublings: int = 10
    """number of stacked gates x + x whose paths are counted"""
    out: Path = Path("out/chain_rule")
    """output folder for the picture"""


def shared(x: Value, y: Value) -> Value:
    """f = a (x + a) with a = x y."""
    a = x * y
    b = x + a
    a.label, b.label = "a", "b"
    return a * b


def paths(f: Value, x: Value) -> Iterator[list[tuple[Value, float]]]:
    """Yield every path from x to f: its nodes after x, each with its local gradient with respect to the node before."""
    if f is x:
        yield []
    for position, node in enumerate(f.inputs):
        for path in paths(node, x):
            yield [*path, (f, f.local_gradient(position))]


def show(title: str, f: Value, inputs: list[Value]) -> None:
    """Print the product along each path, and their sum next to the result of backward()."""
    f.label = "f"
    f.backward()
    print(f"{title}: f = {number(f.data)} at {', '.join(f'{x.label} = {number(x.data)}' for x in inputs)}")
    for x in inputs:
        products = []
        for path in paths(f, x):
            factors = [local for _, local in path]
            products.append(prod(factors))
            names = " → ".join([x.label, *(node.label for node, _ in path)])
            print(f"  {names:16}{written(' × ', factors, products[-1])}")
        print(f"  {f'∂f/∂{x.label}':16}{written(' + ', products, sum(products))}; backward() finds {number(x.grad)}\n")


def written(operator: str, numbers: list[float], result: float) -> str:
    """Return a product or a sum with its result; for a single number, the number."""
    if len(numbers) == 1:
        return number(result)
    return operator.join(parenthesize_negative(number(each)) for each in numbers) + f" = {number(result)}"


def main(settings: Settings) -> None:
    check(settings, doublings=(1, 16))
    inputs = product_inputs()
    show("f = (x + y) z", product(*inputs), inputs)
    x, y = Value(settings.x, label="x"), Value(settings.y, label="y")
    f = shared(x, y)
    show("f = a b with a = x y and b = x + a", f, [x, y])

    top = bottom = Value(1.0)
    for _ in range(settings.doublings):
        top = top + top
    top.backward()
    count = sum(1 for _ in paths(top, bottom))
    print(f"x doubled {settings.doublings} times: {count:,} paths, each with the product 1")
    print(f"backward() finds {bottom.grad:,.0f} and visits {settings.doublings} gates, each of them once")
    save(draw(f), settings.out / "paths.svg")


if __name__ == "__main__":
    run(main, Settings)
