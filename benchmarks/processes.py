"""A process for each benchmark: the threads, the heap and the garbage of one peer do not disturb the next."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(function: Callable[..., Result], *arguments: Any) -> Result:
    """The result of a function in a fresh process; ChildProcessError where that ends without one.

    It is no process of a pool, which would wait for more work forever were this one killed.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, function, arguments))
    process.start()
    sender.close()  # the other process has its own: where that ends, so does the pipe
    try:
        return receiver.recv()
    except EOFError as error:
        raise ChildProcessError(f"the process of {function.__name__}{arguments} ended without a result") from error
    finally:
        process.join()


def _send(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    sender.send(function(*arguments))
