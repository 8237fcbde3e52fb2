"""Atomic file writes: the old or the new file, never a partial one."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EINVAL
from pathlib import Path

UNFINISHED = ".gatewise-unfinished-"  # the prefix of temporary files; the writer's process id follows


def atomic_write(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file atomically: readers get the old content or the new, never part of either.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write. Missing parent folders are created, and a symbolic link is followed.
    content : bytes
        The whole new content.

    Returns
    -------
    pathlib.Path
        `path`, the file that was written.

    Raises
    ------
    OSError
        If the file cannot be written. An old file is then unchanged.
    """
    path = Path(path)
    target = Path(os.path.realpath(path))  # follows a symbolic link
    if target.exists() and not target.is_file():
        raise OSError(EINVAL, f"cannot write {path}: it exists and is not a regular file; write to another path")
    unfinished = target.with_name(f"{UNFINISHED}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        with unfinished.open("xb") as file:  # fails if the file exists
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        message = (
            f"cannot write {path}: {error.strerror}. The old file is unchanged; free some space or choose another path"
        )
        raise OSError(error.errno, message) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return path


def _sweep(folder: Path) -> None:
    """Remove the temporary files of writers that were killed."""
    if os.name != "posix":  # there is no simple test elsewhere whether a process is alive
        return
    for leftover in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError, ValueError):
            writer = int(leftover.name.removeprefix(UNFINISHED).partition("-")[0])
            try:
                os.kill(writer, 0)  # signal 0 only asks whether the process exists
            except ProcessLookupError:
                leftover.unlink()


def _sync_folder(folder: Path) -> None:
    """Flush the new directory entry to disk if the system can open a folder (Windows cannot)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
