"""gradcheck: compare the gradient by the chain rule with the gradient by finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from autograd.checking.finite_differences import (
    SHRINK_FACTORS,
    Difference,
    central,
    has_jump,
    has_kink,
    one_sided,
    relative_error,
    shorter_step_error,
    step_sizes,
)
from autograd.checking.gate_checks import find_faults, gates_at_kinks
from autograd.checking.report import GradientCheck, InputCheck
from autograd.describe import describe
from autograd.graph.backward import gradients
from autograd.graph.modes import REBIND, RECORD, in_mode
from autograd.graph.node import Node, plain
from autograd.graph.order import topological_order
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value


def gradcheck(f: Callable[..., object], *inputs: Node | ArrayLike, tolerance: float = 1e-6) -> GradientCheck:
    """Check the gradient of a function numerically.

    Parameters
    ----------
    f : callable
        The function to check. It is called with one Value or Tensor for each input and returns a Value or a Tensor.
        If it returns an array, a fixed random combination of all its elements is checked.
    *inputs : Value, Tensor, float or array_like of floats
        The point at which to check. Inputs are copied as float64; the report says which were widened. Numbers become
        Values, or Tensors if any other input is an array; arrays become Tensors.
    tolerance : float, default 1e-6
        The largest allowed relative error |a − n| / max(|a|, |n|). A difference that rounding explains is divided by
        the size at which it would not matter, and NaN counts as infinite.

    Returns
    -------
    GradientCheck
        The report: true if the check passed; prints as a table.

    Raises
    ------
    TypeError
        If there are no inputs or one is not made of real numbers, if the function does not return a node that depends
        on its inputs, or if it computes in less than float64.
    ValueError
        If two calls of the function give different values.

    Notes
    -----
    If the check fails, every gate of the recorded graph is checked at its recorded inputs, and the report names the
    gate and the input at fault. An input at a kink (of max, relu, abs) has different derivatives from the left and
    from the right; any gradient between the two is accepted, and the report says so.

    The method and the thresholds of the verdict are those of CS231n, "Gradient checks".

    Examples
    --------
    >>> from autograd import Value, gradcheck
    >>> report = gradcheck(lambda x, y: (x * y).exp(), Value(0.5, label="x"), Value(2.0, label="y"))
    >>> bool(report), report.verdict
    (True, 'good')
    """
    if not inputs:
        raise TypeError("gradcheck expected the function's inputs after it, as in gradcheck(f, 2.0, 3.0), got none")
    any_array = any(isinstance(x, (Tensor, np.ndarray)) or np.ndim(plain(x)) > 0 for x in inputs)
    leaves = [_leaf(index, x, any_array) for index, x in enumerate(inputs)]
    with in_mode(on=RECORD | REBIND):
        out = f(*leaves)
    if not isinstance(out, Node) or not out.requires_grad:
        raise TypeError(
            "gradcheck expected the function to return a Value or a Tensor that depends on its inputs, "
            f"got {describe(out)}; compute it from the function's arguments, and do not leave the graph"
        )
    order = frozenset(topological_order(out))
    for node in order:
        if getattr(node.data, "dtype", np.float64) != np.float64:
            raise TypeError(
                f"gradcheck: the function computed in {node.data.dtype}, in which a numerical gradient has no more "
                "than two or three correct digits. Compute in float64, e.g. model.astype(float)"
            )
    if order.isdisjoint(leaves):
        raise TypeError(
            "gradcheck: what the function returns does not depend on its inputs, so nothing would be checked. "
            "The inputs are copies: use the arguments of the function, not the Tensors that were given"
        )

    shape = np.shape(out.data)
    weights = np.random.default_rng(0).uniform(0.5, 1.5, shape) if shape else np.array(1.0)
    found = gradients(out, weights if isinstance(out, Tensor) else 1.0)  # leaves other leaves that f uses untouched

    def weighted(*arrays: np.ndarray) -> np.ndarray:
        with in_mode(on=RECORD | REBIND):
            result = f(*[_like(leaf, array) for leaf, array in zip(leaves, arrays, strict=True)])
        return weights * plain(result)

    points = [np.array(leaf.data) for leaf in leaves]
    if not np.array_equal(weighted(*points), weights * out.data, equal_nan=True):
        raise ValueError(
            "gradcheck: the function gives another value for the same inputs, so its differences are meaningless. "
            "Make it deterministic: create a seeded rng in each call, use model.eval() for dropout"
        )
    at_kinks = tuple(gates_at_kinks(out))
    comparison = _Comparison(weighted, points, tolerance, bool(at_kinks))
    with np.errstate(all="ignore"):
        checks = tuple(
            comparison.check_input(i, found.get(leaf, 0.0), leaf.label or "", _note(x))
            for i, (leaf, x) in enumerate(zip(leaves, inputs, strict=True))
        )
    report = GradientCheck(checks, tolerance, corners=at_kinks if any(check.kinks.any() for check in checks) else ())
    return report if report else report._replace(faults=tuple(find_faults(out)))


def _leaf(index: int, x: Node | ArrayLike, any_array: bool) -> Value | Tensor:
    """A new float64 leaf for one input."""
    label = getattr(x, "label", None) or f"input {index}"
    array = np.asarray(plain(x))
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"gradcheck expected Values, Tensors of floats, numbers or arrays of floats, but input {index} is "
            f"{describe(x)}; bind other arguments with a lambda"
        )
    if isinstance(x, Value) or not any_array:
        return Value(float(array), label=label)
    return Tensor(array, dtype=float, requires_grad=True, label=label)


def _note(x: Node | ArrayLike) -> str:
    """Whether an input was widened."""
    dtype = getattr(plain(x), "dtype", np.dtype(float))
    return "" if dtype == np.float64 else f"widened from {dtype} to float64 for the check"


def _like(leaf: Value | Tensor, array: np.ndarray) -> Value | Tensor:
    """A tracked leaf of the same kind with other data; the function may differentiate by it."""
    return Value(float(array)) if isinstance(leaf, Value) else Tensor(array, requires_grad=True)


class _Comparison(NamedTuple):
    """The comparison of both gradients, which moves the elements of all inputs one by one."""

    weighted: Callable[..., np.ndarray]  # each output element times its weight, as a function of all inputs
    points: list[np.ndarray]
    tolerance: float
    at_kink: bool  # whether a gate of the recorded graph is at a kink

    def check_input(self, position: int, gradient: float | np.ndarray, name: str, note: str) -> InputCheck:
        """Compare both gradients with respect to one input, element by element."""
        point = self.points[position]
        analytic = np.array(np.broadcast_to(gradient, point.shape), dtype=float)
        numeric, relative = np.zeros(point.shape), np.zeros(point.shape)
        kinks = np.zeros(point.shape, dtype=bool)
        for index in np.ndindex(point.shape):
            numeric[index], relative[index], kinks[index] = self.check_element(position, index, float(analytic[index]))
        absolute = np.where(kinks, 0.0, np.abs(analytic - numeric))
        return InputCheck(name, analytic, numeric, relative, absolute, kinks, note)

    def check_element(self, position: int, index: tuple[int, ...], analytic: float) -> tuple[float, float, bool]:
        """The numerical gradient with respect to one element, its relative error, and whether it is at a kink."""

        def along(x: np.ndarray) -> np.ndarray:
            moved = self.points[position].copy()
            moved[index] = x
            return self.weighted(*self.points[:position], moved, *self.points[position + 1 :])

        here = self.points[position][index]
        difference = central(along, here)
        numeric = _summed(difference, difference.changed)
        if not numeric.changed and abs(analytic) <= np.sum(difference.rounding) * step_sizes(here):
            return 0.0, 0.0, False  # nothing depends on this element; the chain rule's result is rounding
        error = float(relative_error(analytic, numeric))
        if error >= self.tolerance:
            for shrink in SHRINK_FACTORS:
                shorter = _summed(central(along, here, shrink), difference.changed)
                if (smaller := float(shorter_step_error(analytic, shorter))) < self.tolerance:
                    numeric, error = shorter, smaller
                    break
        if error >= self.tolerance or self.at_kink:
            sides = one_sided(along, here)
            left, right, rounding = (float(np.sum(np.where(difference.changed, part, 0.0))) for part in sides)
            slack = 10 * rounding + 1e-6 * max(abs(left), abs(right))
            between = min(left, right) - slack <= analytic <= max(left, right) + slack
            if between and has_kink(left, right, rounding) and not has_jump(lambda x: float(np.sum(along(x))), here):
                return float(numeric.derivative), 0.0, True
        return float(numeric.derivative), error, False


def _summed(difference: Difference, changed: bool | np.ndarray) -> Difference:
    """The derivative of the sum of all output elements.

    Elements are differenced first and summed afterwards, so that the rounding of a large element that does not change
    cannot hide the others.
    """
    rounding = float(np.sum(np.where(changed, difference.rounding, 0.0)))
    return Difference(float(np.sum(difference.derivative)), rounding, bool(np.any(changed)))
