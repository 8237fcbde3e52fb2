"""The two circuits of the slides, as functions and with the slides' numbers; other demos draw and check them."""

from __future__ import annotations

from autograd import Value


def product(x: Value, y: Value, z: Value) -> Value:
    """f = (x + y) z."""
    q = x + y
    q.label = "q"
    return q * z


def sigmoid_neuron(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    """1 / (1 + exp(−(w0 x0 + w1 x1 + w2))), gate by gate."""
    return 1 / (1 + (-(w0 * x0 + w1 * x1 + w2)).exp())


def sigmoid_block(w0: Value, x0: Value, w1: Value, x1: Value, w2: Value) -> Value:
    """The same neuron with the sigmoid as one gate."""
    return (w0 * x0 + w1 * x1 + w2).sigmoid()


def product_inputs() -> list[Value]:
    """x, y, z of the slides."""
    return [Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")]


def neuron_inputs() -> list[Value]:
    """w0, x0, w1, x1, w2 of the slides."""
    numbers = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    return [Value(number, label=label) for label, number in numbers.items()]
