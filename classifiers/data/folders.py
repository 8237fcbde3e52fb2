"""The folder for data: where it is, held by one process while it is added to, and added to in whole folders only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers import errors

if TYPE_CHECKING:
    from filelock import AcquireReturnProxy, FileLock

LOCK = ".gatewise.lock"
SILENT = 1.0  # seconds to wait for another process before that is said
UNFINISHED = ".unfinished-"  # how a folder's name begins until it is whole


class FetchError(OSError):
    """The data could neither be found nor be had."""


def home_or_default(data_home: str | os.PathLike[str] | None) -> Path:
    """The folder that a user named, else $GATEWISE_DATA, else the user's cache folder for gatewise.

    It need not be there yet. Raises TypeError where it is no path, FetchError where there can be no folder of that name
    or it may not be looked at.
    """
    import pooch

    if not isinstance(data_home, (str, os.PathLike, type(None))):
        raise TypeError(errors.DATA_HOME.format(got=data_home))
    home = Path(os.environ.get("GATEWISE_DATA") or pooch.os_cache("gatewise") if data_home is None else data_home)
    try:
        home = home.expanduser()
        why: object = _obstacle(home)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: of ~nobody; ValueError: of a null character
        why = error
    if why:
        raise FetchError(errors.HOME.format(folder=home, why=why))
    return home


def _obstacle(home: Path) -> str:
    """What lies where the folder should; raises OSError where that cannot be told."""
    try:
        (home / LOCK).stat()
    except FileNotFoundError:
        return errors.HOME_LINK if home.is_symlink() and not home.exists() else ""
    except NotADirectoryError:
        return errors.HOME_FILE if home.exists() else ""
    return ""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder for data alone, made where it is not there; look again, within, for what was not there before.

    Where another process holds it, pooch's logger says so. What killed processes left unfinished is swept. Folders made
    in vain go again. Raises FetchError where the folder cannot be made or written.
    """
    from filelock import FileLock

    new: list[Path] = []
    try:
        new += [folder for folder in (home, *home.parents) if not folder.exists()]
        home.mkdir(parents=True, exist_ok=True)
        with _acquired(FileLock(home / LOCK), home):
            for left in home.glob(f"{UNFINISHED}*"):  # of the dead: the living hold the lock
                shutil.rmtree(left, ignore_errors=True)
            try:
                yield
            finally:
                if new and [path.name for path in home.iterdir()] == [LOCK]:
                    with suppress(OSError):  # Windows removes it itself, when it is released
                        (home / LOCK).unlink()
    except FetchError:
        raise
    except (OSError, NotImplementedError) as error:  # the latter of a file system without locks
        raise FetchError(errors.UNWRITABLE.format(folder=home, why=error)) from error
    finally:
        for folder in new:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def _acquired(lock: FileLock, home: Path) -> AcquireReturnProxy:
    import pooch
    from filelock import Timeout

    try:
        return lock.acquire(timeout=SILENT)
    except Timeout:
        pooch.get_logger().warning(errors.WAITING.format(folder=home))
        return lock.acquire()


@contextmanager
def unfinished_folder(home: Path) -> Iterator[Path]:
    """A folder in `home`, which is gone in the end; that of a killed process is swept by the next that holds `home`."""
    with tempfile.TemporaryDirectory(dir=home, prefix=UNFINISHED) as temporary:
        yield Path(temporary)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` once all is in it; on an error or an interruption nothing stays."""
    with unfinished_folder(folder.parent) as temporary:
        whole = temporary / folder.name
        whole.mkdir()
        yield whole
        whole.rename(folder)
