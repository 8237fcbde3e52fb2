"""What a gate does besides computing: RECORD itself in the graph, WATCH for NaN and infinity.

DIFFERENTIATE means that a function is being differentiated: no tracked number may leave the graph unnoticed. TRUST
means that arrays are taken without a checksum (`check_writes(False)`). REBIND means that a function got leaves of its
own as arguments: `x += 1` may replace them by results, as it does with an argument that is a number.

Modes are switched by blocks (`with no_grad():`). A block is in force in the thread or task that entered it, and in
tasks that were started within it, until it is left. It may be left in another order than that of the blocks' nesting,
or by another thread: a generator that is suspended within a block is closed wherever its last reference goes. So a
block restores no former mode; the mode is what the blocks in force make of the default.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from contextlib import ContextDecorator
from contextvars import ContextVar
from functools import wraps
from typing import Self, TypeVar

RECORD, WATCH, DIFFERENTIATE, TRUST, REBIND = 1, 2, 4, 8, 16
mode: ContextVar[int] = ContextVar("mode", default=RECORD)  # what `current` returns, unless a block was left elsewhere
Resumed = Generator[object, object, object]
F = TypeVar("F", bound=Callable[..., object])


class Block:
    """One `with` block that switches modes.

    Parameters
    ----------
    on, off : int
        The modes it switches, combined with `|`.
    """

    __slots__ = ("left", "off", "on")

    def __init__(self, on: int, off: int) -> None:
        self.on, self.off, self.left = on, off, False


_blocks: ContextVar[tuple[Block, ...]] = ContextVar("blocks", default=())  # those in force here, in order of entry


def current() -> int:
    """Return the modes in force in this thread or task, combined with `|`."""
    if mode.get() == RECORD:
        return RECORD
    if any(block.left for block in _blocks.get()):  # in another thread or task, which could not set the mode here
        _settle(_blocks.get())
    return mode.get()


def _settle(blocks: tuple[Block, ...]) -> None:
    """Set the mode to what those blocks that have not been left make of the default."""
    inside = tuple(block for block in blocks if not block.left)
    now = RECORD
    for block in inside:
        now = now & ~block.off | block.on
    _blocks.set(inside)
    mode.set(now)


class in_mode(ContextDecorator):
    """Switch some modes on and some off within a `with` block, or in each call of a decorated function.

    Parameters
    ----------
    on, off : int
        RECORD, WATCH, DIFFERENTIATE, TRUST and REBIND, combined with `|`.
    """

    def __init__(self, *, on: int = 0, off: int = 0) -> None:
        self._on, self._off = on, off
        self._entered: list[Block] = []  # more than one if the block is entered again within itself

    def __enter__(self) -> None:
        block = Block(self._on, self._off)
        self._entered.append(block)
        _settle((*_blocks.get(), block))

    def __exit__(self, *raised: object) -> None:
        here = _blocks.get()
        mine = [block for block in self._entered if block in here] or self._entered
        block = mine[-1]
        self._entered.remove(block)
        block.left = True
        _settle(here)

    def _recreate_cm(self) -> Self:
        return type(self)(on=self._on, off=self._off)  # for each call of a decorated function, as they may overlap

    def __call__(self, function: F) -> F:
        """Decorate a function, a coroutine function or a generator function, whose body then runs within the block."""
        if inspect.isasyncgenfunction(function):
            raise TypeError(
                f"expected a function to decorate, got the asynchronous generator {function.__name__!r}; "
                "write the `with` block inside it"
            )
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)  # type: ignore[return-value]
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def within(*args: object, **options: object) -> object:
                with self._recreate_cm():
                    return await function(*args, **options)

            return within  # type: ignore[return-value]
        return super().__call__(function)

    def _around_generator(self, function: Callable[..., Resumed]) -> Callable[..., Resumed]:
        """A generator function that is within the block while it runs, and not while it is suspended."""

        @wraps(function)
        def within(*args: object, **options: object) -> Resumed:
            generator = function(*args, **options)
            resume: Callable[..., object] = generator.send
            sent: object = None
            while True:
                try:
                    with self._recreate_cm():
                        out = resume(sent)
                except StopIteration as stop:
                    return stop.value
                try:
                    resume, sent = generator.send, (yield out)
                except GeneratorExit:
                    with self._recreate_cm():
                        generator.close()
                    raise
                except BaseException as error:
                    resume, sent = generator.throw, error

        return within


def no_grad() -> in_mode:
    """Compute without recording within `with no_grad():`, or in each call of a function decorated with `@no_grad()`.

    It applies to this thread or task, and to tasks started within the block, until the block ends. Blocks may end in
    any order: a generator that is suspended within one is not recorded around it either, until it leaves the block or
    is closed. A decorated generator function does not record while it runs, and records nothing about its caller.

    Returns
    -------
    context manager
        It is also a decorator.

    Examples
    --------
    >>> from autograd import Tensor
    >>> weight = Tensor([1.0, 2.0], requires_grad=True)
    >>> with no_grad():
    ...     (weight * 2).requires_grad
    False
    """
    return in_mode(off=RECORD)
