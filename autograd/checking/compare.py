"""gradcheck: the gradient by the chain rule beside the gradient by finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd import errors
from autograd.checking.finite_differences import (
    SHRINK,
    Difference,
    central,
    error_nearby,
    has_kink,
    jumps,
    one_sided,
    relative_error,
    steps,
)
from autograd.checking.gate_checks import Fault, faults, kinks
from autograd.describe import describe
from autograd.graph.backward import gradients, topological_order
from autograd.graph.modes import RECORD, in_mode
from autograd.graph.node import Node, plain
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value

# CS231n, "Gradient checks": what a relative error says
VERDICTS = ((1e-2, "wrong"), (1e-4, "doubtful"), (1e-7, "fine where there are kinks, else a bit high"), (0.0, "good"))


class InputCheck(NamedTuple):
    """The check of one input: for each of its elements, both gradients and how far they are apart."""

    name: str
    analytic: np.ndarray
    numeric: np.ndarray
    relative: np.ndarray
    absolute: np.ndarray
    kinks: np.ndarray  # whether the element is at a kink, where there is no derivative: not counted
    note: str = ""

    @property
    def hidden(self) -> np.ndarray:
        """Whether an element passes only because rounding could explain how far its two gradients are apart."""
        apart = self.absolute > 1e-2 * np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        return apart & (self.analytic != 0) & ~self.kinks & (self.relative < 1e-2)

    @property
    def shape(self) -> tuple[int, ...]:
        """The input's shape."""
        return self.analytic.shape

    @property
    def element(self) -> tuple[int, ...]:
        """The index of the element with the largest relative error."""
        return _largest(self.relative)

    @property
    def relative_error(self) -> float:
        """The largest of all elements."""
        return float(self.relative.max(initial=0.0))

    @property
    def absolute_error(self) -> float:
        """The largest of all elements; `absolute_element` says of which."""
        return float(self.absolute.max(initial=0.0))

    @property
    def absolute_element(self) -> tuple[int, ...]:
        """The index of the element with the largest absolute error."""
        return _largest(self.absolute)


def _largest(errors: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(errors.argmax()), errors.shape)) if errors.size else ()


class GradientCheck(NamedTuple):
    """What gradcheck found: true where every input's relative error is below the tolerance; prints as a table.

    faults   where the check failed: the gates that are at fault, the worst first
    corners  where an input is at a kink: the gates that were at a corner
    """

    inputs: tuple[InputCheck, ...]
    tolerance: float
    faults: tuple[Fault, ...] = ()
    corners: tuple[str, ...] = ()

    @property
    def relative_error(self) -> float:
        """The largest of all inputs."""
        return max((check.relative_error for check in self.inputs), default=0.0)

    @property
    def absolute_error(self) -> float:
        """The largest of all inputs."""
        return max((check.absolute_error for check in self.inputs), default=0.0)

    @property
    def verdict(self) -> str:
        """What the largest relative error says, by CS231n's thresholds."""
        return next(verdict for threshold, verdict in VERDICTS if self.relative_error > threshold or not threshold)

    def __bool__(self) -> bool:
        return self.relative_error < self.tolerance

    def __str__(self) -> str:
        rows = [("input", "chain rule", "numerical", "relative error", "absolute")]  # of an array, its worst element
        for check in self.inputs:
            if not check.relative.size:
                continue
            at = check.element
            where = str(list(at)) if at else ""
            numbers = (_digits(check.analytic[at]), _digits(check.numeric[at]))
            rows.append((check.name + where, *numbers, f"{check.relative[at]:.1e}", f"{check.absolute_error:.1e}"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
            )
            for row in rows
        ]
        errs = f"largest relative error {self.relative_error:.1e}, allowed {self.tolerance:.0e}"
        lines.append(f"{'passed' if self else 'FAILED'}: {errs} ({self.verdict})")
        return "\n".join([*lines, *self._explanations()])

    def _explanations(self) -> list[str]:
        """What there is to say beside the numbers: gates at fault, kinks, inputs that were widened."""
        lines = [str(fault) for fault in self.faults]
        if not self and not self.faults:
            finite = all(np.isfinite([check.analytic, check.numeric]).all() for check in self.inputs)
            lines.append(errors.CHECK_NO_FAULT if finite else errors.CHECK_NOT_FINITE)
        for check in self.inputs:
            if hidden := int(np.sum(check.hidden)):
                lines.append(errors.CHECK_HIDDEN.format(count=hidden, name=check.name))
        count = sum(int(check.kinks.sum()) for check in self.inputs)
        if count:
            names = ", ".join(check.name for check in self.inputs if check.kinks.any())
            of = f" of {', '.join(self.corners)}" if self.corners else ""
            lines.append(errors.CHECK_KINK.format(count=count, names=names, of=of))
        return lines + [f"{check.name}: {check.note}" for check in self.inputs if check.note]

    def __repr__(self) -> str:
        return str(self)


def _digits(gradient: float) -> str:
    return f"{gradient:.8f}" if not 0 < abs(gradient) < 1e-3 else f"{gradient:.7e}"


def gradcheck(f: Callable[..., Any], *inputs: Any, tolerance: float = 1e-6) -> GradientCheck:
    """Check the gradient of `f` at `inputs` numerically.

    f          takes as many Values or Tensors as there are inputs and returns one; where it returns an array, the
               check is of a fixed random combination of its elements, which sees every one of them
    inputs     Values, Tensors, numbers (taken as Values, or beside arrays as Tensors) or arrays (taken as Tensors);
               copied, in float64: the report says where one was widened
    tolerance  on the relative error |a − n| / max(|a|, |n|); a difference that rounding explains is measured against
               the size at which it would not matter, and NaN counts as infinite

    >>> report = gradcheck(lambda x, y: (x * y).exp(), Value(0.5, label="x"), Value(2.0, label="y"))
    >>> bool(report), report.verdict
    (True, 'good')

    Where the check fails, every gate of the recorded graph is checked at its recorded inputs, and the report names
    the gate and the argument at fault. An input at a kink (of max, relu, abs) has a slope to the left and another to
    the right; a gradient from the one to the other is right there, and the report says so instead of failing.

    The thresholds of the verdict, and the advice, are those of CS231n, "Gradient checks".
    """
    if not inputs:
        raise TypeError(errors.CHECK_NOTHING)
    beside_arrays = any(isinstance(thing, (Tensor, np.ndarray)) or np.ndim(plain(thing)) > 0 for thing in inputs)
    leaves = [_leaf(index, thing, beside_arrays) for index, thing in enumerate(inputs)]
    with in_mode(on=RECORD):
        out = f(*leaves)
    if not isinstance(out, Node) or not out.requires_grad:
        raise TypeError(errors.CHECK_OUTPUT.format(got=describe(out)))
    order = frozenset(topological_order(out))
    for node in order:
        if getattr(node.data, "dtype", np.float64) != np.float64:
            raise TypeError(errors.CHECK_FLOAT32.format(dtype=node.data.dtype))
    if order.isdisjoint(leaves):
        raise TypeError(errors.CHECK_INDEPENDENT)

    shape = np.shape(out.data)
    weights = np.random.default_rng(0).uniform(0.5, 1.5, shape) if shape else np.array(1.0)
    found = gradients(out, weights if isinstance(out, Tensor) else 1.0)  # touches no other leaf that f may use

    def weighted(*arrays: np.ndarray) -> np.ndarray:
        with in_mode(on=RECORD):
            result = f(*[_same_kind(leaf, array) for leaf, array in zip(leaves, arrays, strict=True)])
        return weights * result.data

    points = [np.array(leaf.data) for leaf in leaves]
    if not np.array_equal(weighted(*points), weights * out.data, equal_nan=True):
        raise ValueError(errors.CHECK_RANDOM)
    corners = tuple(kinks(out))
    elements = _Elements(weighted, points, tolerance, at_corner=bool(corners))
    with np.errstate(all="ignore"):
        checks = tuple(
            elements.check(i, found.get(leaf, 0.0), leaf.label or "", _note(thing))
            for i, (leaf, thing) in enumerate(zip(leaves, inputs, strict=True))
        )
    report = GradientCheck(checks, tolerance, corners=corners if any(check.kinks.any() for check in checks) else ())
    return report if report else report._replace(faults=tuple(faults(out)))


def _leaf(index: int, thing: Any, beside_arrays: bool) -> Node:
    """A fresh leaf in float64 at the place of what the user gave: a number beside arrays is a Tensor, too."""
    label = getattr(thing, "label", None) or f"input {index}"
    array = np.asarray(plain(thing))
    if array.dtype.kind not in "iuf":
        raise TypeError(errors.CHECK_INPUT.format(index=index, got=describe(thing)))
    if isinstance(thing, Value) or not beside_arrays:
        return Value(float(array), label=label)
    return Tensor(array, dtype=float, requires_grad=True, label=label)


def _note(thing: Any) -> str:
    dtype = getattr(plain(thing), "dtype", np.dtype(float))
    return "" if dtype == np.float64 else f"widened from {dtype} to float64 for the check"


def _same_kind(leaf: Node, array: np.ndarray) -> Node:
    """A leaf like the first, tracked too: the function may itself ask for gradients."""
    return Value(float(array)) if isinstance(leaf, Value) else Tensor(array, requires_grad=True)


class _Elements(NamedTuple):
    """The function as one of all elements of all inputs, which are moved one by one.

    weighted   the function, of arrays: each element of the output with its weight. They are differenced one by one
               and added up after that, so that a large one does not hide with its rounding what the others do
    points     the inputs, as arrays
    at_corner  whether a gate of the recorded graph is at a corner, so that a kink is to be looked for
    """

    weighted: Callable[..., np.ndarray]
    points: list[np.ndarray]
    tolerance: float
    at_corner: bool

    def check(self, position: int, gradient: Any, name: str, note: str) -> InputCheck:
        """Compare the gradient by one input with the numerical one, element by element."""
        point = self.points[position]
        analytic = np.array(np.broadcast_to(gradient, point.shape), dtype=float)
        numeric, relative = np.zeros(point.shape), np.zeros(point.shape)
        at_kink = np.zeros(point.shape, dtype=bool)
        for index in np.ndindex(point.shape):
            numeric[index], relative[index], at_kink[index] = self.compare(position, index, float(analytic[index]))
        absolute = np.where(at_kink, 0.0, np.abs(analytic - numeric))
        return InputCheck(name, analytic, numeric, relative, absolute, at_kink, note)

    def compare(self, position: int, index: tuple[int, ...], exact: float) -> tuple[float, float, bool]:
        """The numerical gradient of one element, its relative error, and whether it is at a kink."""

        def along(x: Any) -> np.ndarray:
            moved = self.points[position].copy()
            moved[index] = x
            return self.weighted(*self.points[:position], moved, *self.points[position + 1 :])

        here = self.points[position][index]
        difference = central(along, here)
        numeric, moved = _added_up(difference)
        if not numeric.moved and abs(exact) <= np.sum(difference.rounding) * steps(here):
            return 0.0, 0.0, False  # nothing depends on it, and what the chain rule gives is rounding of its own
        error = float(relative_error(exact, numeric))
        if error >= self.tolerance:
            for shrink in SHRINK:
                nearer, _ = _added_up(central(along, here, shrink), moved)
                if (smaller := float(error_nearby(exact, nearer))) < self.tolerance:
                    numeric, error = nearer, smaller
                    break
        if error >= self.tolerance or self.at_corner:
            left, right, rounding = (float(np.sum(np.where(moved, part, 0.0))) for part in one_sided(along, here))
            slack = 10 * rounding + 1e-6 * max(abs(left), abs(right))
            between = min(left, right) - slack <= exact <= max(left, right) + slack
            if between and has_kink(left, right, rounding) and not jumps(lambda x: float(np.sum(along(x))), here):
                return float(numeric.slope), 0.0, True
        return float(numeric.slope), error, False


def _added_up(difference: Difference, moved: Any = None) -> tuple[Difference, Any]:
    """The derivative of the sum of all elements, with the rounding of those that change; and which these are."""
    moved = difference.moved if moved is None else moved
    rounding = float(np.sum(np.where(moved, difference.rounding, 0.0)))
    return Difference(float(np.sum(difference.slope)), rounding, bool(np.any(moved))), moved
