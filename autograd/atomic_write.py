"""Atomic file writes: the old or the new file, never a partial one."""

from __future__ import annotations

import os
import stat
import zlib
from contextlib import suppress
from errno import EDQUOT, EFBIG, EINVAL, ENOSPC
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

UNFINISHED = ".gatewise-unfinished-"  # the prefix of temporary files; the writer's host and a random number follow
FORGOTTEN = 86_400.0  # seconds without a change after which a temporary file of another host is removed


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

    Notes
    -----
    The content is written to a temporary file next to `path`, which then takes its name. Its writer holds a lock on it,
    which the kernel releases when the writer ends, however it ends, so that the next writer in the folder can tell the
    file of a killed writer from one in use. Process numbers could not: they mean nothing in another container.
    """
    path = Path(path)
    target = Path(os.path.realpath(path))  # follows a symbolic link
    if target.exists() and not target.is_file():
        raise OSError(EINVAL, f"cannot write {path}: it exists and is not a regular file; write to another path")
    unfinished: Path | None = None
    handle = -1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        unfinished, handle = _create(target.parent)
        if target.exists() and hasattr(os, "fchmod"):  # before the content: a private file stays private
            os.fchmod(handle, stat.S_IMODE(target.stat().st_mode))
        _write(handle, content)
        os.fsync(handle)
        if fcntl is None:  # Windows does not rename an open file
            os.close(handle)
            handle = -1
        unfinished.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        cure = "free some space" if error.errno in {ENOSPC, EDQUOT, EFBIG} else "check its folder's permissions"
        message = f"cannot write {path}: {error.strerror}. The old file is unchanged; {cure} or choose another path"
        raise OSError(error.errno, message) from error
    finally:
        with suppress(OSError):
            if unfinished is not None:
                unfinished.unlink()
        if handle >= 0:
            with suppress(OSError):  # the content is on the disk, or the error is being raised
                os.close(handle)
    return path


def _create(folder: Path) -> tuple[Path, int]:
    """Create a locked temporary file; its path and its handle."""
    while True:
        path = folder / f"{UNFINISHED}{_host()}-{os.urandom(8).hex()}"
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o666)
        if fcntl is None:
            return path, handle
        try:
            with suppress(OSError):  # a file system without locks: its temporary files are never removed
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_at(handle, path):  # not removed between its creation and its lock
                return path, handle
        except BaseException:
            with suppress(OSError):
                path.unlink()
            os.close(handle)
            raise
        os.close(handle)


def _write(handle: int, content: bytes) -> None:
    """Write all bytes, which may take several calls."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _sweep(folder: Path) -> None:
    """Remove the temporary files of writers that were killed."""
    if fcntl is None:  # there is no simple test elsewhere whether the writer is alive
        return
    for leftover in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            handle = os.open(leftover, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while the writer lives
                if _is_at(handle, leftover) and (_is_ours(leftover) or _is_forgotten(handle, folder)):
                    leftover.unlink()
            finally:
                os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file has this path."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _is_ours(leftover: Path) -> bool:
    """Whether a process of this host wrote a temporary file, whose lock is then visible here."""
    return leftover.name.startswith(f"{UNFINISHED}{_host()}-")


def _is_forgotten(handle: int, folder: Path) -> bool:
    """Whether a temporary file of another host, whose lock may be invisible here, is older than any write takes."""
    return folder.stat().st_mtime - os.fstat(handle).st_mtime > FORGOTTEN  # by the clock of the file system


@cache
def _host() -> str:
    """A name of the running kernel, which containers on one host share."""
    try:
        name = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    except OSError:
        name = os.uname().nodename.encode() if hasattr(os, "uname") else b""
    return f"{zlib.crc32(name):08x}"


def _sync_folder(folder: Path) -> None:
    """Flush the new directory entry to disk if the system can open a folder (Windows cannot)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
