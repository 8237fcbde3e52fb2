"""Reading a user's file, which must be a regular one: nothing without an end is read, or waited for."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from pathlib import Path
from typing import BinaryIO

KINDS = {  # of what is not a regular file, by the type bits of its mode
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# On a pipe that took the file's place after it was checked, opening does not wait for a writer.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class NotRegularFileError(io.UnsupportedOperation):
    """A path leads to a folder, a pipe, a socket or a device. An OSError and a ValueError."""


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a regular file for reading bytes.

    A pipe or a device may have no end, and opening it may wait for ever or have an effect: none is opened.

    Parameters
    ----------
    path : str or os.PathLike
        The file. A symbolic link is followed.

    Yields
    ------
    file object
        The open file.

    Raises
    ------
    NotRegularFileError
        If the path is not that of a regular file.
    OSError
        If the file does not exist or cannot be opened.
    """
    path = Path(path)
    _check_regular(path, path.stat().st_mode)
    with os.fdopen(os.open(path, FLAGS), "rb") as file:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
        yield file


def read_regular(path: str | os.PathLike[str]) -> bytes:
    """Read the bytes of a regular file. What is added to it meanwhile is left out.

    Parameters
    ----------
    path : str or os.PathLike
        The file.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    NotRegularFileError
        If the path is not that of a regular file.
    OSError
        If the file cannot be read.
    """
    with open_regular(path) as file:
        return file.read(os.fstat(file.fileno()).st_size)


def _check_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = KINDS.get(stat.S_IFMT(mode), "something else")
        raise NotRegularFileError(EINVAL, f"expected a regular file, got {path}, {kind}; pass the path of a file")
