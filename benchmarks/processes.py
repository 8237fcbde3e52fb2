"""A separate process for each benchmark, so that threads, heap and garbage of one peer do not disturb the next."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def run_isolated(
    function: Callable[Arguments, Result], *arguments: Arguments.args, **keywords: Arguments.kwargs
) -> Result:
    """Call a function in a fresh process.

    Parameters
    ----------
    function : callable
        A function that can be pickled.
    *arguments, **keywords
        Its arguments.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    ChildProcessError
        If the process ends without a result.

    Notes
    -----
    A process pool would not do: if its worker is killed, it waits forever.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, function, arguments, keywords))
    process.start()
    sender.close()  # the child has a copy; when the child ends, so does the pipe
    try:
        return receiver.recv()
    except EOFError as error:
        raise ChildProcessError(f"the process of {function.__name__}{arguments} ended without a result") from error
    finally:
        process.join()


def _send(
    sender: Connection, function: Callable[..., object], arguments: tuple[object, ...], keywords: dict[str, object]
) -> None:
    sender.send(function(*arguments, **keywords))
