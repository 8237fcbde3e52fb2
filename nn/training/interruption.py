"""Graceful Ctrl-C: the first one lets the current step finish, a second one raises KeyboardInterrupt at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether Ctrl-C was pressed.

    Attributes
    ----------
    requested : bool
        True after the first Ctrl-C.
    """

    requested = False

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Record Ctrl-C instead of raising KeyboardInterrupt.

    Outside the main thread, or if the program handles Ctrl-C itself, this does nothing.

    Yields
    ------
    Interruption
        Its attribute `requested` becomes True after Ctrl-C.
    """
    interruption = Interruption()
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield interruption
        return
    signal.signal(signal.SIGINT, interruption._request)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
