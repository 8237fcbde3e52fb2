"""How a picture writes: names of nodes, numbers as the slides have them, arrays in few characters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.graph.node import Node

SMALL, SIDE = 6, 4  # an array is shown as numbers up to so many elements, a matrix up to so many rows and columns
WIDTH = 36  # characters on a line: a longer row of numbers is broken, and on an edge it gives way to the shape


class Text(NamedTuple):
    """Lines, and a line of small print below them."""

    lines: list[str]
    small: str = ""


def format_number(x: float) -> str:
    """A number as the slides write it: up to four decimals, and a real minus sign."""
    x = float(x) + 0.0  # no −0, and none of NumPy's smaller floats, which overflow in a comparison
    small_or_large = x != 0 and not 5e-4 <= abs(x) < 1e7
    text = f"{x:.3g}" if small_or_large else f"{x:.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


class Writing(NamedTuple):
    """How one picture writes: the nodes' names, and numbers."""

    names: bool | Mapping[Node, str] = True
    number: Callable[[float], str] = format_number

    def name(self, node: Node) -> str:
        """The name of a node in this picture, empty where it has none."""
        if self.names is False:
            return ""
        given = self.names.get(node) if isinstance(self.names, Mapping) else None
        name = str((node.label or "") if given is None else given)
        return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in name)

    def text(self, data: Any) -> Text:
        """A number; a small array as its numbers, a row on a line; of a larger one shape, dtype and a summary."""
        if data is None:
            return Text([" "])
        if np.ndim(data) == 0:
            return Text([self.number(float(data))])
        data = np.asarray(data)
        if data.size <= SMALL or (data.ndim == 2 and max(data.shape) <= SIDE):
            return Text(self._numbers(data, WIDTH).split("\n"))
        return Text([f"{data.shape} {data.dtype}"], self._summary(data))

    def brief(self, data: Any, width: int = WIDTH) -> str:
        """The same on one line: an array that does not fit there is its shape."""
        if np.ndim(data) == 0:
            return self.number(float(data))
        if np.size(data) <= SMALL:
            text = self._numbers(np.asarray(data), 1000).replace("\n", "")
            if len(text) <= width:
                return text
        return str(np.shape(data))

    def _numbers(self, data: np.ndarray, width: int) -> str:
        kinds: Any = {"float_kind": self.number, "int_kind": lambda x: str(x).replace("-", "−"), "bool": str}
        return np.array2string(data, separator=", ", formatter=kinds, max_line_width=width)

    def _summary(self, data: np.ndarray) -> str:
        """Smallest … largest and mean of the finite elements, and how many are not finite."""
        if data.dtype.kind == "b":
            return f"{np.count_nonzero(data)} of {data.size} true"
        finite = data[np.isfinite(data)]
        parts = []
        if finite.size:
            low, high, mean = float(finite.min()), float(finite.max()), float(finite.mean(dtype=float))
            if abs(mean) < 1e-12 * max(-low, high):  # what rounding leaves of a mean of 0
                mean = 0.0
            parts = [f"{self.number(low)} … {self.number(high)}", f"mean {self.number(mean)}"]
        counts = {"nan": np.count_nonzero(np.isnan(data)), "inf": np.count_nonzero(np.isinf(data))}
        return ", ".join(parts + [f"{count} {kind}" for kind, count in counts.items() if count])


def checked_names(names: Any) -> bool | Mapping[Node, str]:
    """The names that a user wants in a picture, or an error that says what they may be."""
    if not isinstance(names, (bool, Mapping)):
        raise TypeError(errors.PICTURE_NAMES.format(got=describe(names)))
    return names


def number_formatter(wanted: Any) -> Callable[[float], str]:
    """The function that writes numbers: the one given, the one for a format, or the slides' own."""
    if wanted is None:
        return format_number
    if callable(wanted):
        return lambda x: str(wanted(x))
    try:
        format(0.0, wanted)
    except (TypeError, ValueError) as error:
        raise type(error)(errors.PICTURE_NUMBER.format(got=wanted)) from error
    return lambda x: format(x, wanted).replace("-", "−")


def parenthesize_negative(text: str) -> str:
    """A number as it stands after an operator: "2", "(−2)"."""
    return f"({text})" if text.startswith("−") else text
