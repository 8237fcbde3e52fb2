"""What a gate does beside computing, in this thread or task: RECORD itself in the graph, WATCH for NaN and infinity.

WITHIN says that a function is being differentiated, from which no number may leave unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

RECORD, WATCH, WITHIN = 1, 2, 4
mode: ContextVar[int] = ContextVar("mode", default=RECORD)


@contextmanager
def in_mode(*, on: int = 0, off: int = 0) -> Iterator[None]:
    """Within it some of the above are switched on and some off, for this thread or task alone."""
    token = mode.set(mode.get() & ~off | on)
    try:
        yield
    finally:
        mode.reset(token)


@contextmanager
def no_grad() -> Iterator[None]:
    """Within `with no_grad():` gates compute and record nothing. Holds for this thread or task alone."""
    with in_mode(off=RECORD):
        yield
