"""detect_anomaly: stop at the first gate that makes NaN or infinity, forward or backward, and name it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.graph.modes import WATCH, in_mode
from autograd.graph.weak_identity_map import WeakByIdentity

if TYPE_CHECKING:
    from autograd.graph.node import Node

OURS = tuple(str(Path(__file__).parents[2] / package) for package in ("autograd", "nn", "classifiers"))
NUMPYS = str(Path(np.__file__).parent)
_lines: WeakByIdentity[str] = WeakByIdentity()  # of the user's code, by the node that it recorded


class AnomalyError(FloatingPointError):
    """A gate made NaN or infinity while `detect_anomaly` was looking on."""


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Within `with detect_anomaly():` the first gate that makes NaN or infinity raises an AnomalyError.

    It names the gate, its inputs and the line of your code that recorded it: in a forward pass where the value is not
    finite, in a backward pass where the gradient that the gate passes down is not. Record the graph within it too, or
    the line is not known. It costs time: it looks at every number. Holds for this thread or task alone.

    >>> from autograd import Value
    >>> x = Value(0.0)
    >>> with detect_anomaly():
    ...     x.log()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.graph.anomaly.AnomalyError: gate 'log' made -inf of x = 0.0, in <doctest ...
    """
    with in_mode(on=WATCH):
        yield


def check_forward(node: Node, gate: Any, inputs: tuple[Node, ...]) -> None:
    """Note where a node was recorded, and raise if it is not finite."""
    _lines[node] = line = _line_of_the_user()
    if not _finite(node.data):
        made, of = _what(node.data), _named(gate, inputs)
        raise AnomalyError(errors.ANOMALY_FORWARD.format(gate=gate.name, made=made, inputs=of, line=line))


def check_backward(node: Node, arriving: dict[Node, Any]) -> None:
    """Raise if what arrives at an input of the node is not finite, now that its gate has passed its share down."""
    for position, source in enumerate(node.inputs):
        if source.requires_grad and not _finite(_plain(arriving[source])):
            text = errors.ANOMALY_BACKWARD.format(
                gate=node.gate.name,
                argument=node.gate.argument(position),
                made=_what(_plain(arriving[source])),
                inputs=_named(node.gate, node.inputs),
                upstream=_shown(_plain(arriving[node])),
                line=_lines.get(node, errors.ANOMALY_LINE_UNKNOWN),
            )
            raise AnomalyError(text)


def _plain(gradient: Any) -> Any:
    return getattr(gradient, "_data", gradient)  # of a gradient that is recorded itself


def _finite(data: Any) -> bool:
    return bool(np.isfinite(data).all())


def _what(data: Any) -> str:
    """Which of NaN and infinity there is, and where."""
    if np.ndim(data) == 0:
        return str(float(data))
    wrong = ~np.isfinite(data)
    where = [int(i) for i in np.argwhere(wrong)[0]]
    return f"{data[tuple(where)]} at {where} ({int(wrong.sum())} of {data.size} elements)"


def _named(gate: Any, inputs: tuple[Node, ...]) -> str:
    return ", ".join(f"{source.label or gate.argument(i)} = {_shown(source.data)}" for i, source in enumerate(inputs))


def _shown(data: Any) -> str:
    if np.size(data) <= 6:
        return str(data) if np.ndim(data) else str(float(data))
    finite = data[np.isfinite(data)]
    span = f"from {finite.min():.4g} to {finite.max():.4g}" if finite.size else "without a finite number"
    return f"{describe(data)} {span}"


def _line_of_the_user() -> str:
    """The innermost line outside of gatewise and NumPy, as file, number and text."""
    import linecache  # it loads a parser

    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((*OURS, NUMPYS)):
        frame = frame.f_back
    file, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(file, number, frame.f_globals).strip()
    return f"{file}:{number}" + (f": {text}" if text else "")
