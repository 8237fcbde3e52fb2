"""Folders: the folder for data, locked while a process adds to it, and folders that are created atomically."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import AcquireReturnProxy, FileLock

LOCK = ".gatewise.lock"
SILENT = 1.0  # seconds to wait for another process before the user is told
TEMPORARY = ".unfinished-"  # the prefix of temporary folders


class FetchError(OSError):
    """The data was not found and could not be downloaded."""


def resolve_data_home(data_home: str | os.PathLike[str] | None) -> Path:
    """Return the folder for data, which need not exist yet.

    Parameters
    ----------
    data_home : str, os.PathLike or None
        The folder; None for ``$GATEWISE_DATA``, or the user's cache folder if that is not set.

    Returns
    -------
    pathlib.Path
        The folder, with ``~`` expanded.

    Raises
    ------
    TypeError
        If `data_home` is not a path.
    FetchError
        If there cannot be such a folder, or its contents cannot be read.
    """
    import pooch

    if not isinstance(data_home, (str, os.PathLike, type(None))):
        raise TypeError(f"expected data_home to be a folder, as a str or a pathlib.Path, got {data_home!r}")
    home = Path(os.environ.get("GATEWISE_DATA") or pooch.os_cache("gatewise") if data_home is None else data_home)
    try:
        home = home.expanduser()
        why: object = _obstacle(home)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: unknown ~user; ValueError: a null character
        why = error
    if why:
        raise FetchError(
            f"expected a folder for data, got {home}: {why}; set data_home or GATEWISE_DATA to a folder that has the "
            f"data or can be written"
        )
    return home


def _obstacle(home: Path) -> str:
    """What is in the place of the folder, or ""; raises OSError if this is unknown."""
    try:
        (home / LOCK).stat()
    except FileNotFoundError:
        return "it is a broken link" if home.is_symlink() and not home.exists() else ""
    except NotADirectoryError:
        return "it is a file, not a folder" if home.exists() else ""
    return ""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Lock the folder for data against other processes, and create it if it does not exist.

    Within the lock, check again whether the data is there: another process may have written it. If the lock is not
    free, pooch's logger tells the user. Temporary folders of killed processes are removed, and so are folders that were
    created but stayed empty.

    Parameters
    ----------
    home : pathlib.Path
        The folder for data.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    FetchError
        If the folder cannot be created or written.
    """
    from filelock import FileLock

    new: list[Path] = []
    try:
        new += [folder for folder in (home, *home.parents) if not folder.exists()]
        home.mkdir(parents=True, exist_ok=True)
        with _acquired(FileLock(home / LOCK), home):
            for left in home.glob(f"{TEMPORARY}*"):  # of killed processes, as no other one has the lock
                shutil.rmtree(left, ignore_errors=True)
            try:
                yield
            finally:
                if new and [path.name for path in home.iterdir()] == [LOCK]:
                    with suppress(OSError):  # Windows removes the file itself, when the lock is released
                        (home / LOCK).unlink()
    except FetchError:
        raise
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        raise FetchError(
            f"cannot write the data to {home} ({error}); set GATEWISE_DATA to a folder that can be written, or to one "
            f"that has the data"
        ) from error
    finally:
        for folder in new:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def _acquired(lock: FileLock, home: Path) -> AcquireReturnProxy:
    """Acquire the lock; if this takes time, tell the user."""
    import pooch
    from filelock import Timeout

    try:
        return lock.acquire(timeout=SILENT)
    except Timeout:
        pooch.get_logger().warning(f"another process is writing data to {home}: waiting until it has finished")
        return lock.acquire()


@contextmanager
def temporary_folder(home: Path) -> Iterator[Path]:
    """Create a temporary folder, which is removed at the end.

    If the process is killed, the next one that locks `home` removes it.

    Parameters
    ----------
    home : pathlib.Path
        The folder for data, in which the temporary folder is created.

    Yields
    ------
    pathlib.Path
        The temporary folder.
    """
    with tempfile.TemporaryDirectory(dir=home, prefix=TEMPORARY) as temporary:
        yield Path(temporary)


@contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """Create a folder atomically: either with all of its files, or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        The folder to create.

    Yields
    ------
    pathlib.Path
        A temporary folder to write to, which is renamed to `folder` at the end, or removed if there is an error or an
        interruption.
    """
    with temporary_folder(folder.parent) as temporary:
        complete = temporary / folder.name
        complete.mkdir()
        yield complete
        complete.rename(folder)
