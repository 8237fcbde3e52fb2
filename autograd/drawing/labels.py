"""The texts of a picture: names of nodes, numbers as on the slides, and short forms of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from autograd.describe import describe
from autograd.graph.node import Node

SMALL, SIDE = 6, 4  # arrays of at most 6 elements and matrices of at most 4 rows and columns are shown in full
WIDTH = 36  # characters a line: longer rows of numbers are wrapped; on an edge they give way to the shape

NumberFormat = str | Callable[[float], str]
Names = bool | Mapping[Node, str]


class Text(NamedTuple):
    """Lines, and a line of small print below them."""

    lines: list[str]
    small: str = ""


def format_number(x: float) -> str:
    """Format a number as the slides do: at most four decimals, with a real minus sign.

    Parameters
    ----------
    x : float
        The number.

    Returns
    -------
    str
        The number, in scientific notation if it is below 0.0005 or at least 10,000,000 in size.

    Examples
    --------
    >>> from autograd.drawing import format_number
    >>> format_number(-0.36788), format_number(2.0), format_number(1e-5)
    ('−0.3679', '2', '1e−05')
    """
    x = float(x) + 0.0  # turns −0 into 0, and NumPy's smaller floats, which overflow in the comparison, into floats
    small_or_large = x != 0 and not 5e-4 <= abs(x) < 1e7
    text = f"{x:.3g}" if small_or_large else f"{x:.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def number_formatter(number: NumberFormat | None) -> Callable[[float], str]:
    """Return the function that formats numbers in a picture.

    Parameters
    ----------
    number : str, callable or None
        A format of floats such as ".2f" or ".3e", or a function from a float to a string; None for `format_number`.

    Returns
    -------
    callable
        A function from a float to a string.

    Raises
    ------
    ValueError, TypeError
        If `number` is not a format of floats.
    """
    if number is None:
        return format_number
    if callable(number):
        return lambda x: str(number(x))
    try:
        format(0.0, number)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"number= expected a format of floats such as '.2f' or '.3e', or a function of a float, got {number!r}; "
            "try it first: format(1.5, '.2f')"
        ) from error
    return lambda x: format(x, number).replace("-", "−")


def parenthesize_negative(text: str) -> str:
    """Put a negative number in parentheses, as it is written after an operator.

    Parameters
    ----------
    text : str
        A formatted number.

    Returns
    -------
    str
        The number, as in "2" and "(−2)".
    """
    return f"({text})" if text.startswith("−") else text


class Labels(NamedTuple):
    """How one picture names nodes and formats numbers and arrays."""

    names: Names = True
    number: Callable[[float], str] = format_number

    def name(self, node: Node) -> str:
        """The name of a node in this picture, empty if it has none."""
        if self.names is False:
            return ""
        given = self.names.get(node) if isinstance(self.names, Mapping) else None
        name = str((node.label or "") if given is None else given)
        return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in name)

    def text(self, data: float | np.ndarray | None) -> Text:
        """A number; a small array in full, one row per line; a larger one as its shape, dtype and a summary."""
        if data is None:
            return Text([" "])
        if np.ndim(data) == 0:
            return Text([self.number(float(data))])
        data = np.asarray(data)
        if data.size <= SMALL or (data.ndim == 2 and max(data.shape) <= SIDE):
            return Text(self._numbers(data, WIDTH).split("\n"))
        return Text([f"{data.shape} {data.dtype}"], self._summary(data))

    def brief(self, data: float | np.ndarray) -> str:
        """The same on one line: an array that does not fit becomes its shape."""
        if np.ndim(data) == 0:
            return self.number(float(data))
        if np.size(data) <= SMALL:
            text = self._numbers(np.asarray(data), 1000).replace("\n", "")
            if len(text) <= WIDTH:
                return text
        return str(np.shape(data))

    def _numbers(self, data: np.ndarray, width: int) -> str:
        return np.array2string(
            data,
            separator=", ",
            formatter={
                "float_kind": lambda x: self.number(float(x)),
                "int_kind": lambda x: str(x).replace("-", "−"),
                "bool": lambda x: str(x),
            },
            max_line_width=width,
        )

    def _summary(self, data: np.ndarray) -> str:
        """Smallest … largest and mean of the finite elements, and how many are not finite."""
        if data.dtype.kind == "b":
            return f"{np.count_nonzero(data)} of {data.size} true"
        finite = data[np.isfinite(data)]
        parts = []
        if finite.size:
            low, high, mean = float(finite.min()), float(finite.max()), float(finite.mean(dtype=float))
            if abs(mean) < 1e-12 * max(-low, high):  # rounding of a mean of 0
                mean = 0.0
            parts = [f"{self.number(low)} … {self.number(high)}", f"mean {self.number(mean)}"]
        counts = {"nan": np.count_nonzero(np.isnan(data)), "inf": np.count_nonzero(np.isinf(data))}
        return ", ".join(parts + [f"{count} {kind}" for kind, count in counts.items() if count])


def check_names(names: Names) -> Names:
    """Return the `names` argument of `draw`, or raise a TypeError if it is not valid.

    Parameters
    ----------
    names : bool or dict of node to str
        The argument.

    Returns
    -------
    bool or dict of node to str
        The same.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if not isinstance(names, (bool, Mapping)):
        raise TypeError(
            f"names= expected True, False or a mapping of nodes to their names in this picture, got {describe(names)}; "
            "give one such as {node: 'name'}"
        )
    return names
