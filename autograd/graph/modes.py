"""What a gate does besides computing, in this thread or task: RECORD itself in the graph, WATCH for NaN and infinity.

DIFFERENTIATE means that a function is being differentiated: no tracked number may leave the graph unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

RECORD, WATCH, DIFFERENTIATE = 1, 2, 4
mode: ContextVar[int] = ContextVar("mode", default=RECORD)


@contextmanager
def in_mode(*, on: int = 0, off: int = 0) -> Iterator[None]:
    """Switch some modes on and some off within a `with` block, for this thread or task only.

    Parameters
    ----------
    on, off : int
        RECORD, WATCH and DIFFERENTIATE, combined with `|`.
    """
    token = mode.set(mode.get() & ~off | on)
    try:
        yield
    finally:
        mode.reset(token)


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording within `with no_grad():`, for this thread or task only.

    Yields
    ------
    None

    Examples
    --------
    >>> from autograd import Tensor
    >>> weight = Tensor([1.0, 2.0], requires_grad=True)
    >>> with no_grad():
    ...     (weight * 2).requires_grad
    False
    """
    with in_mode(off=RECORD):
        yield
