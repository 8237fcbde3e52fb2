"""detect_anomaly: stop at the first gate that produces NaN or infinity, forward or backward, and name it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograd.describe import describe
from autograd.gates.gate import BaseGate
from autograd.graph.modes import WATCH, in_mode
from autograd.graph.weak_identity_map import WeakIdentityMap

OURS = tuple(str(Path(__file__).parents[2] / package) for package in ("autograd", "nn", "classifiers"))
NUMPYS = str(Path(np.__file__).parent)
UNKNOWN_LINE = "an unknown line: record the graph within detect_anomaly() too"
_lines: WeakIdentityMap[str] = WeakIdentityMap()  # the line of the user's code that recorded each node


class AnomalyError(FloatingPointError):
    """A gate produced NaN or infinity within `detect_anomaly`."""


def detect_anomaly() -> in_mode:
    """Raise an AnomalyError at the first gate that produces NaN or infinity, within `with detect_anomaly():`.

    The error names the gate, its inputs and the line of your code that recorded it: in a forward pass if the value is
    not finite, in a backward pass if a downstream gradient is not. Record the graph within the block too, or the line
    is unknown. Checking every number takes time. It applies to this thread or task only.

    Returns
    -------
    context manager
        It is also a decorator.

    Raises
    ------
    AnomalyError
        At the first value or gradient that is not finite.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(0.0)
    >>> with detect_anomaly():
    ...     x.log()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.graph.anomaly.AnomalyError: gate 'log' made -inf of x = 0.0, in <doctest ...
    """
    return in_mode(on=WATCH)


def check_forward(node: Any, gate: BaseGate, inputs: tuple[Any, ...]) -> None:
    """Remember where a node was recorded, and raise AnomalyError if its data is not finite."""
    _lines[node] = line = _users_line()
    if not _finite(node._data):
        raise AnomalyError(f"gate {gate.name!r} made {_what(node._data)} of {_named(gate, inputs)}, in {line}")


def check_backward(node: Any, upstream: Any, gradients: dict[Any, Any]) -> None:
    """Raise AnomalyError if the gradient of an input is not finite, now that the chain rule was applied at the node."""
    for position, x in enumerate(node.inputs):
        if x.requires_grad and not _finite(_plain(gradients[x])):
            raise AnomalyError(
                f"backward: gate {node.gate.name!r} gave its input {node.gate.argument(position)} the gradient "
                f"{_what(_plain(gradients[x]))}, with {_named(node.gate, node.inputs)} and the upstream gradient "
                f"{_shown(_plain(upstream))}; recorded in {_lines.get(node, UNKNOWN_LINE)}"
            )


def _plain(gradient: Any) -> Any:
    return getattr(gradient, "_data", gradient)  # the gradient may be recorded itself


def _finite(data: Any) -> bool:
    return bool(np.isfinite(data).all())


def _what(data: Any) -> str:
    """Which of NaN and infinity there is, and where."""
    if np.ndim(data) == 0:
        return str(float(data))
    wrong = ~np.isfinite(data)
    where = [int(i) for i in np.argwhere(wrong)[0]]
    return f"{data[tuple(where)]} at {where} ({int(wrong.sum())} of {data.size} elements)"


def _named(gate: BaseGate, inputs: tuple[Any, ...]) -> str:
    return ", ".join(f"{x.label or gate.argument(i)} = {_shown(x._data)}" for i, x in enumerate(inputs))


def _shown(data: Any) -> str:
    if np.size(data) <= 6:
        return str(data) if np.ndim(data) else str(float(data))
    finite = data[np.isfinite(data)]
    span = f"from {finite.min():.4g} to {finite.max():.4g}" if finite.size else "without a finite number"
    return f"{describe(data)} {span}"


def _users_line() -> str:
    """The innermost line outside gatewise and NumPy: file, number and text."""
    import linecache  # it loads a parser

    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((*OURS, NUMPYS)):
        frame = frame.f_back
    file, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(file, number, frame.f_globals).strip()
    return f"{file}:{number}" + (f": {text}" if text else "")
