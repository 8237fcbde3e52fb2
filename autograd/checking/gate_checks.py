"""The gates of a recorded graph, checked one by one: which local gradients are wrong, which gates are at a kink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd.checking.finite_differences import (
    SHRINK_FACTORS,
    Difference,
    Function,
    central,
    has_kink,
    one_sided,
    relative_error,
    shorter_step_error,
)
from autograd.gates.arrays import ArrayGate
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.graph.tensor import Tensor

TOLERANCE = 1e-5  # on the relative error of a single gate: loose enough for the numerical error at hard inputs
AT_KINK = 1e-9  # relative to the size of the inputs: a gate nearer to its kink than this is at it


class Fault(NamedTuple):
    """A gate whose gradient with respect to one of its inputs is wrong, at the inputs it was recorded with.

    Attributes
    ----------
    gate : Gate or ArrayGate
        The faulty entry of the table of gates.
    argument : str
        The name of the input, as in the gate's rule.
    analytic, numeric : float
        The gradient by the gate's rule, and by finite differences.
    relative_error : float
        |analytic − numeric| / max(|analytic|, |numeric|).
    inputs : str
        The gate's inputs there, in words.
    """

    gate: Any
    argument: str
    analytic: float
    numeric: float
    relative_error: float
    inputs: str

    def __str__(self) -> str:
        what = "vector-Jacobian product" if isinstance(self.gate, ArrayGate) else "local gradient"
        return (
            f"gate {self.gate.name!r} is at fault: its {what} by {self.argument} gives {self.analytic:.8g}, "
            f"numerically it is {self.numeric:.8g}, at {self.inputs}"
        )


def find_faults(root: Node) -> list[Fault]:
    """Check every gate of a graph numerically, at its recorded inputs.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Returns
    -------
    list of Fault
        One for each faulty pair of gate and input, the worst first.
    """
    worst: dict[tuple[Any, str], Fault] = {}
    with np.errstate(all="ignore"):
        for node in topological_order(root):
            for position, input in enumerate(node.inputs):
                if input.requires_grad:
                    check = _check_vjp if isinstance(node.gate, ArrayGate) else _check_local_gradient
                    fault = check(node, position)
                    known = worst.get((fault.gate, fault.argument))
                    if fault.relative_error > (known.relative_error if known else TOLERANCE):
                        worst[fault.gate, fault.argument] = fault
    return sorted(worst.values(), key=lambda fault: -fault.relative_error)


def gates_at_kinks(root: Node) -> Iterator[str]:
    """Yield the gates of a graph that were recorded at a kink, each once.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Yields
    ------
    str
        The gate, as in "gate 'relu'".
    """
    seen = set()
    for node in topological_order(root):
        if node.gate is not None and node.gate not in seen:
            data = [np.asarray(input.data) for input in node.inputs]
            with np.errstate(all="ignore"):
                distance = node.gate.kink(*data, **node.attributes)
            size = max((float(np.max(np.abs(x), initial=1.0)) for x in data), default=1.0)
            if distance is not None and np.any(np.abs(distance) <= AT_KINK * size):
                seen.add(node.gate)
                yield f"gate {node.gate.name!r}"


def _check_local_gradient(node: Node, position: int) -> Fault:
    """Compare an elementwise gate's local gradient with the numerical one; report the worst element."""
    data = [input.data for input in node.inputs]
    rules = node.gate.arrays if isinstance(node, Tensor) else node.gate.floats
    local = rules.local_gradients[position]
    shape = np.shape(node.data)
    if isinstance(node, Tensor):
        data = [np.broadcast_to(x, shape) if np.ndim(x) else x for x in data]
        analytic = node.gate.vjp(position)(np.ones(shape), node.data, *data)
    else:
        analytic = local(node.data, *data)

    def f(x: np.ndarray) -> float | np.ndarray:
        moved = x if isinstance(node, Tensor) else float(x)
        return rules.forward(*data[:position], moved, *data[position + 1 :])

    point = np.asarray(data[position], dtype=float)
    numeric, relative = _compare(f, point, np.broadcast_to(analytic, shape))
    # an infinite difference is at the edge of the gate's domain
    not_smooth = ~np.isfinite(numeric.derivative) | has_kink(*one_sided(f, point)) | _at_pole(f, point, analytic)
    relative = np.where(not_smooth, 0.0, relative)
    if not relative.size:
        return Fault(node.gate, node.gate.argument(position), 0.0, 0.0, 0.0, "")
    where = np.unravel_index(int(relative.argmax()), shape)
    numbers = [float(x[where] if np.ndim(x) else x) for x in data]
    named = [f" ({input.label})" if input.label else "" for input in node.inputs]
    inputs = ", ".join(f"{node.gate.argument(i)}{named[i]} = {x:.6g}" for i, x in enumerate(numbers))
    expected, got, error = (float(np.broadcast_to(x, shape)[where]) for x in (numeric.derivative, analytic, relative))
    return Fault(node.gate, node.gate.argument(position), got, expected, error, inputs)


def _check_vjp(node: Node, position: int) -> Fault:
    """Compare the vector-Jacobian product of a gate over arrays with the numerical one, along a random direction."""
    rng = np.random.default_rng(0)
    data = [input.data for input in node.inputs]
    point = np.asarray(data[position], dtype=float)
    upstream, direction = rng.uniform(0.5, 1.5, np.shape(node.data)), rng.uniform(0.5, 1.5, point.shape)
    analytic = float(np.sum(node.vjp(position, upstream) * direction))

    def f(t: np.ndarray) -> float:
        moved = point + float(t) * direction
        out = node.gate.arrays.forward(*data[:position], moved, *data[position + 1 :], **node.attributes)
        return float(np.sum(upstream * out))

    start = np.array(0.0)
    numeric, relative = _compare(f, start, analytic)
    not_smooth = not np.isfinite(numeric.derivative) or has_kink(*one_sided(f, start)) or _at_pole(f, start, analytic)
    error = 0.0 if not_smooth else float(relative)
    inputs = ", ".join(f"{node.gate.argument(i)} of shape {np.shape(x)}" for i, x in enumerate(data))
    return Fault(
        node.gate,
        node.gate.argument(position),
        analytic,
        float(numeric.derivative),
        error,
        f"{inputs}, along a direction",
    )


def _at_pole(f: Function, point: np.ndarray, analytic: float | np.ndarray) -> np.ndarray:
    """Whether there is no derivative: at a pole, a vertical tangent or a jump.

    The gate says so by infinity or NaN where the value is infinite or the difference quotient grows as the step
    shrinks. Where it grows down to the shortest step, a gate may also give 0, as at a jump, or more than the quotient.
    """
    longer, shorter = (np.abs(central(f, point, shrink).derivative) for shrink in (1.0, min(SHRINK_FACTORS)))
    singular = ~np.isfinite(analytic) & (~np.isfinite(f(point)) | (shorter > 2 * longer))
    near, nearest = (central(f, point, shrink) for shrink in sorted(SHRINK_FACTORS)[-2:])
    quotient = np.abs(nearest.derivative)
    grows = (quotient > 4 * np.abs(near.derivative)) & (quotient > nearest.rounding)  # more than rounding does
    return singular | grows & ((analytic == 0) | (np.abs(analytic) >= quotient))


def _compare(f: Function, point: np.ndarray, analytic: float | np.ndarray) -> tuple[Difference, np.ndarray]:
    """The numerical derivatives and the relative errors, at each element with the step that suits it."""
    numeric = central(f, point)
    relative = relative_error(analytic, numeric)
    for shrink in SHRINK_FACTORS:
        if np.all(relative < TOLERANCE):
            break
        shorter = central(f, point, shrink)
        error = shorter_step_error(analytic, shorter)
        better = (error < TOLERANCE) & (error < relative)  # where no step agrees, the first is the most accurate
        numeric = Difference(*(np.where(better, new, old) for new, old in zip(shorter, numeric, strict=True)))
        relative = np.where(better, error, relative)
    return numeric, relative
