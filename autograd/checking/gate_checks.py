"""The gates of a recorded graph, each checked by itself: which one's local gradient is at fault, which is at a kink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd.checking.finite_differences import (
    SHRINK,
    Difference,
    central,
    error_nearby,
    has_kink,
    one_sided,
    relative_error,
)
from autograd.gates.arrays import ArrayGate
from autograd.graph.backward import topological_order
from autograd.graph.node import Node
from autograd.graph.tensor import Tensor

ALLOWED = 1e-5  # relative error of one gate by itself: wide enough for the numerical error at hard inputs
CORNER = 1e-9  # of the size of the inputs: nearer than this a gate is at its kink


class Fault(NamedTuple):
    """A gate whose local gradient is wrong by one of its arguments, at the inputs that it was recorded with."""

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


def faults(root: Node) -> list[Fault]:
    """The faulty gates and arguments of the graph of `root`, each once, the worst first."""
    worst: dict[tuple[Any, str], Fault] = {}
    with np.errstate(all="ignore"):
        for node in topological_order(root):
            for position, source in enumerate(node.inputs):
                if source.requires_grad:
                    fault = _check(node, position)
                    known = worst.get((fault.gate, fault.argument))
                    if fault.relative_error > (known.relative_error if known else ALLOWED):
                        worst[fault.gate, fault.argument] = fault
    return sorted(worst.values(), key=lambda fault: -fault.relative_error)


def kinks(root: Node) -> Iterator[str]:
    """The gates of the graph of `root` that were recorded at a corner of theirs, each once, with its inputs."""
    seen = set()
    for node in topological_order(root):
        if node.gate is not None and node.gate not in seen:
            data = [np.asarray(source.data) for source in node.inputs]
            with np.errstate(all="ignore"):
                distance = node.gate.kink(*data, **node.attributes)
            size = max((float(np.max(np.abs(x), initial=1.0)) for x in data), default=1.0)
            if distance is not None and np.any(np.abs(distance) <= CORNER * size):
                seen.add(node.gate)
                yield f"gate {node.gate.name!r}"


def _check(node: Node, position: int) -> Fault:
    check = _directional if isinstance(node.gate, ArrayGate) else _elementwise
    return check(node, position)


def _elementwise(node: Node, position: int) -> Fault:
    """The local gradient at each element beside the numerical one; of the worst element."""
    data = [source.data for source in node.inputs]
    rules = node.gate.arrays if isinstance(node, Tensor) else node.gate.floats
    local = rules.local_gradients[position]
    shape = np.shape(node.data)
    if isinstance(node, Tensor):
        data = [np.broadcast_to(x, shape) if np.ndim(x) else x for x in data]
        analytic = node.gate.vjp(position)(np.ones(shape), node.data, *data)
    else:
        analytic = local(node.data, *data)

    def f(x: Any) -> Any:
        x = x if isinstance(node, Tensor) else float(x)
        return rules.forward(*data[:position], x, *data[position + 1 :])

    point = np.asarray(data[position], dtype=float)
    numeric, relative = _nearest(f, point, np.broadcast_to(analytic, shape))
    at_edge = ~np.isfinite(numeric.slope) | has_kink(*one_sided(f, point))  # of the gate's domain, or of a piece
    relative = np.where(at_edge, 0.0, relative)
    if not relative.size:
        return Fault(node.gate, node.gate.argument(position), 0.0, 0.0, 0.0, "")
    where = np.unravel_index(int(relative.argmax()), shape)
    numbers = [float(x[where] if np.ndim(x) else x) for x in data]
    named = [f" ({source.label})" if source.label else "" for source in node.inputs]
    at = ", ".join(f"{node.gate.argument(i)}{named[i]} = {x:.6g}" for i, x in enumerate(numbers))
    analytic, slope, error = (float(x[where]) for x in (np.broadcast_to(analytic, shape), numeric.slope, relative))
    return Fault(node.gate, node.gate.argument(position), analytic, slope, error, at)


def _nearest(f: Any, point: Any, analytic: Any) -> tuple[Difference, Any]:
    """The numerical derivative, and how far from the analytic one: at each element with the step that suits it."""
    numeric = central(f, point)
    relative = relative_error(analytic, numeric)
    for shrink in SHRINK:
        if np.all(relative < ALLOWED):
            break
        shorter = central(f, point, shrink)
        error = error_nearby(analytic, shorter)
        better = (error < ALLOWED) & (error < relative)  # a step that agrees; else the first says most
        numeric = Difference(*(np.where(better, new, old) for new, old in zip(shorter, numeric, strict=True)))
        relative = np.where(better, error, relative)
    return numeric, relative


def _directional(node: Any, position: int) -> Fault:
    """What the gate passes down along a random direction, beside the numerical derivative along it."""
    rng = np.random.default_rng(0)
    data = [source.data for source in node.inputs]
    point = np.asarray(data[position], dtype=float)
    upstream, direction = rng.uniform(0.5, 1.5, node.shape), rng.uniform(0.5, 1.5, point.shape)
    analytic = float(np.sum(node.passed_down(position, upstream) * direction))

    def f(t: Any) -> float:
        moved = point + float(t) * direction
        out = node.gate.arrays.forward(*data[:position], moved, *data[position + 1 :], **node.attributes)
        return float(np.sum(upstream * out))

    start = np.array(0.0)
    numeric, relative = _nearest(f, start, analytic)
    at_edge = not np.isfinite(numeric.slope) or has_kink(*one_sided(f, start))
    error = 0.0 if at_edge else float(relative)
    at = ", ".join(f"{node.gate.argument(i)} of shape {np.shape(x)}" for i, x in enumerate(data))
    return Fault(
        node.gate, node.gate.argument(position), analytic, float(numeric.slope), error, f"{at}, along a direction"
    )
