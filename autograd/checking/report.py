"""What gradcheck reports: both gradients of every element, their errors, and which gates are at fault."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autograd.checking.gate_checks import Fault

# The thresholds of CS231n, "Gradient checks", on the largest relative error
VERDICTS = ((1e-2, "wrong"), (1e-4, "doubtful"), (1e-7, "fine where there are kinks, else a bit high"), (0.0, "good"))

NOT_FINITE = (
    "a gradient or a difference is NaN or infinite: the inputs are outside the domain of a function, or on its edge"
)
NO_FAULT = (
    "every gate of the graph passes on its own, so look outside the gates: for data that left the graph "
    "(detach(), .data, float(x)), or a choice, a jump or a pole of the function that depends on its inputs"
)


class InputCheck(NamedTuple):
    """The check of one input, element by element.

    Attributes
    ----------
    name : str
        The input's label, or its position.
    analytic, numeric : ndarray, shape of the input
        The gradients by the chain rule, and by finite differences.
    relative, absolute : ndarray, shape of the input
        The relative and the absolute errors; 0 at kinks.
    kinks : ndarray of bool, shape of the input
        Whether the element is at a kink. There is no derivative there, so its error is not counted.
    note : str, default ""
        Whether the input was widened to float64.
    """

    name: str
    analytic: np.ndarray
    numeric: np.ndarray
    relative: np.ndarray
    absolute: np.ndarray
    kinks: np.ndarray
    note: str = ""

    @property
    def hidden(self) -> np.ndarray:
        """Whether an element passes only because rounding could explain its error: bool, shape of the input."""
        apart = self.absolute > 1e-2 * np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        return apart & (self.analytic != 0) & ~self.kinks & (self.relative < 1e-2)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the input."""
        return self.analytic.shape

    @property
    def element(self) -> tuple[int, ...]:
        """The index of the element with the largest relative error."""
        return _argmax(self.relative)

    @property
    def relative_error(self) -> float:
        """The largest relative error of all elements."""
        return float(self.relative.max(initial=0.0))

    @property
    def absolute_error(self) -> float:
        """The largest absolute error of all elements."""
        return float(self.absolute.max(initial=0.0))

    @property
    def absolute_element(self) -> tuple[int, ...]:
        """The index of the element with the largest absolute error."""
        return _argmax(self.absolute)


class GradientCheck(NamedTuple):
    """The result of gradcheck: true if it passed; prints as a table.

    Attributes
    ----------
    inputs : tuple of InputCheck
        The check of each input.
    tolerance : float
        The relative error that is allowed; the check passes if every input stays below it.
    faults : tuple of Fault, default ()
        If the check failed: the gates at fault, the worst first.
    corners : tuple of str, default ()
        If an element is at a kink: the gates that were at one.
    """

    inputs: tuple[InputCheck, ...]
    tolerance: float
    faults: tuple[Fault, ...] = ()
    corners: tuple[str, ...] = ()

    @property
    def relative_error(self) -> float:
        """The largest relative error of all inputs."""
        return max((check.relative_error for check in self.inputs), default=0.0)

    @property
    def absolute_error(self) -> float:
        """The largest absolute error of all inputs."""
        return max((check.absolute_error for check in self.inputs), default=0.0)

    @property
    def verdict(self) -> str:
        """The meaning of the largest relative error, by CS231n's thresholds."""
        return next(verdict for threshold, verdict in VERDICTS if self.relative_error > threshold or not threshold)

    def __bool__(self) -> bool:
        return self.relative_error < self.tolerance

    def __str__(self) -> str:
        rows = [("input", "chain rule", "numerical", "relative error", "absolute")]
        for check in self.inputs:
            if not check.relative.size:
                continue
            at = check.element  # an array is represented by its worst element
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
        errors = f"largest relative error {self.relative_error:.1e}, allowed {self.tolerance:.0e}"
        lines.append(f"{'passed' if self else 'FAILED'}: {errors} ({self.verdict})")
        return "\n".join([*lines, *self._explanations()])

    def _explanations(self) -> list[str]:
        """The lines below the table: gates at fault, hidden elements, kinks, inputs that were widened."""
        lines = [str(fault) for fault in self.faults]
        if not self and not self.faults:
            finite = all(np.isfinite([check.analytic, check.numeric]).all() for check in self.inputs)
            lines.append(NO_FAULT if finite else NOT_FINITE)
        for check in self.inputs:
            if hidden := int(np.sum(check.hidden)):
                lines.append(
                    f"{hidden} element(s) of {check.name} cannot be checked: the output is so large that rounding "
                    "hides their effect. Check a function without the large part"
                )
        if count := sum(int(check.kinks.sum()) for check in self.inputs):
            names = ", ".join(check.name for check in self.inputs if check.kinks.any())
            gates = f" of {', '.join(self.corners)}" if self.corners else ""
            lines.append(
                f"at a kink{gates}: {count} element(s) of {names}, "
                "where the gradient lies between the derivatives from both sides"
            )
        return lines + [f"{check.name}: {check.note}" for check in self.inputs if check.note]

    def __repr__(self) -> str:
        return str(self)


def _argmax(errors: np.ndarray) -> tuple[int, ...]:
    """The index of the largest element."""
    return tuple(int(i) for i in np.unravel_index(int(errors.argmax()), errors.shape)) if errors.size else ()


def _digits(gradient: float) -> str:
    """Eight decimals, in scientific notation if the gradient is small."""
    return f"{gradient:.8f}" if not 0 < abs(gradient) < 1e-3 else f"{gradient:.7e}"
