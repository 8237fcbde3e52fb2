"""gradcheck: the gradient by the chain rule beside the gradient by finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd import errors
from autograd.graph import gradients
from autograd.node import Node, no_grad
from autograd.tensor import Tensor
from autograd.value import Value

ROUNDING_SHARE = 1e7  # gradients below this multiple of the rounding error may differ by more than 1e-7 from it alone
TINY, EPSILON = float(np.finfo(float).tiny), float(np.finfo(float).eps)
STEP = 3e-4  # near the fifth root of float64's precision: where a five-point difference is most exact


class InputCheck(NamedTuple):
    """The check of one input, at the element where the two gradients differ most."""

    name: str
    shape: tuple[int, ...]
    element: tuple[int, ...]
    analytic: float
    numeric: float
    relative_error: float
    absolute_error: float


class GradientCheck(NamedTuple):
    """What gradcheck found: true where every input's relative error is below the tolerance; prints as a table."""

    inputs: tuple[InputCheck, ...]
    tolerance: float

    @property
    def relative_error(self) -> float:
        """The largest of all inputs."""
        return max((check.relative_error for check in self.inputs), default=0.0)

    def __bool__(self) -> bool:
        return self.relative_error < self.tolerance

    def __str__(self) -> str:
        rows = [("input", "chain rule", "numerical", "relative error")]  # of an array, its worst element
        for check in self.inputs:
            where = str(list(check.element)) if check.element else ""
            error = f"{check.relative_error:.1e}"
            rows.append((check.name + where, _digits(check.analytic), _digits(check.numeric), error))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
            )
            for row in rows
        ]
        verdict = "passed" if self else "FAILED"
        lines.append(f"{verdict}: largest relative error {self.relative_error:.1e}, allowed {self.tolerance:.0e}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)


def _digits(gradient: float) -> str:
    return f"{gradient:.8f}" if not 0 < abs(gradient) < 1e-3 else f"{gradient:.7e}"


def gradcheck(f: Callable[..., Any], *inputs: Any, tolerance: float = 1e-6) -> GradientCheck:
    """Check the gradient of `f` at `inputs` numerically.

    f          takes as many Values or Tensors as there are inputs and returns one; where it returns an array, the
               check is of a fixed random combination of its elements, which sees every one of them
    inputs     Values, Tensors, numbers (taken as Values, or beside arrays as Tensors) or arrays (taken as Tensors);
               copied, in float64
    tolerance  on the relative error |a − n| / max(|a|, |n|); a difference that rounding explains is measured against
               the size at which it would not matter, and NaN counts as infinite

    >>> report = gradcheck(lambda x, y: (x * y).exp(), Value(0.5, label="x"), Value(2.0, label="y"))
    >>> bool(report)
    True

    The numerical gradient is the five-point central difference, whose error falls with the fourth power of the step.
    A step across a kink (of max, relu, abs) spoils it: check away from kinks.
    """
    if not inputs:
        raise TypeError(errors.CHECK_NOTHING)
    beside_arrays = any(isinstance(thing, Tensor) or np.ndim(getattr(thing, "data", thing)) > 0 for thing in inputs)
    leaves = [_leaf(index, thing, beside_arrays) for index, thing in enumerate(inputs)]
    out = f(*leaves)
    if not isinstance(out, Node) or not out.requires_grad:
        raise TypeError(errors.CHECK_OUTPUT.format(came=errors.describe(out)))
    if isinstance(out, Tensor) and out.dtype != np.float64:
        raise TypeError(errors.CHECK_FLOAT32.format(dtype=out.dtype))

    shape = np.shape(out.data)
    weights = np.random.default_rng(0).uniform(0.5, 1.5, shape) if shape else np.array(1.0)
    found = gradients(out, weights if isinstance(out, Tensor) else 1.0)  # touches no other leaf that f may use

    def combined(*arrays: np.ndarray) -> float:
        with no_grad():
            result = f(*[_same_kind(leaf, array) for leaf, array in zip(leaves, arrays, strict=True)])
        return float(np.sum(weights * result.data))

    points = [np.array(leaf.data) for leaf in leaves]
    checks = [
        _check_input(combined, points, i, leaf.label or "", found.get(leaf, 0.0)) for i, leaf in enumerate(leaves)
    ]
    return GradientCheck(tuple(checks), tolerance)


def _leaf(index: int, thing: Any, beside_arrays: bool) -> Node:
    """A fresh leaf in float64 at the place of what the user gave: a number beside arrays is a Tensor, too."""
    label = getattr(thing, "label", None) or f"input {index}"
    data = thing.data if isinstance(thing, Node) else thing
    array = np.asarray(data)
    if array.dtype.kind not in "iuf":
        raise TypeError(errors.CHECK_INPUT.format(index=index, came=errors.describe(thing)))
    if isinstance(thing, Value) or not beside_arrays:
        return Value(float(array), label=label)
    return Tensor(array, dtype=float, requires_grad=True, label=label)


def _same_kind(leaf: Node, array: np.ndarray) -> Node:
    return Value(float(array)) if isinstance(leaf, Value) else Tensor(array)


def _check_input(
    combined: Callable[..., float], points: list[np.ndarray], position: int, name: str, gradient: Any
) -> InputCheck:
    """Compare the gradient by one input with the numerical one, element by element; keep the worst."""
    analytic = np.broadcast_to(gradient, points[position].shape)
    worst = InputCheck(name, analytic.shape, (), 0.0, 0.0, 0.0, 0.0)
    for element, numeric, rounding in _differences(combined, points, position):
        exact = float(analytic[element])
        difference = abs(exact - numeric)
        floor = ROUNDING_SHARE * rounding if difference <= rounding else 0.0
        relative = difference / max(abs(exact), abs(numeric), floor, TINY)
        relative = math.inf if math.isnan(relative) else relative
        if relative > worst.relative_error or element == (0,) * analytic.ndim:
            worst = InputCheck(name, analytic.shape, element, exact, numeric, relative, difference)
    return worst


def _differences(
    combined: Callable[..., float], points: list[np.ndarray], position: int
) -> Iterator[tuple[tuple[int, ...], float, float]]:
    """For each element of one input: its index, the five-point difference there, and the rounding error of that."""
    point = points[position]
    for index in np.ndindex(point.shape):
        here = point[index]
        size = abs(float(here))
        step = STEP * (max(size, 0.01) if size < 1 else size**0.5)  # near 0 inside the domain, far out still short
        values = []
        for offset in (-2, -1, 1, 2):
            moved = point.copy()
            moved[index] = here + offset * step
            values.append(combined(*points[:position], moved, *points[position + 1 :]))
        numeric = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * step)
        rounding = 16 * EPSILON * float(np.max(np.abs(values))) / step
        yield index, numeric, rounding
