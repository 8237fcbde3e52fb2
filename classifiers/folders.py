"""The folder for data: where it is, held by one process while it is added to, and added to in whole folders only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from classifiers import errors

LOCK = ".gatewise.lock"
UNFINISHED = ".unfinished-"  # how a folder's name begins until it is whole


class FetchError(OSError):
    """The data could neither be found nor be had."""


def home_or_default(data_home: str | os.PathLike[str] | None) -> Path:
    """The folder that a user named, else $GATEWISE_DATA, else the user's cache folder for gatewise."""
    import pooch

    default = os.environ.get("GATEWISE_DATA") or pooch.os_cache("gatewise")
    return Path(default if data_home is None else data_home).expanduser()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder for data alone, made where it is not there; look again, within, for what was not there before.

    What killed processes left unfinished is swept. Folders made in vain go again. Raises FetchError where the folder
    cannot be made or written.
    """
    from filelock import FileLock

    new: list[Path] = []
    try:
        new += [folder for folder in (home, *home.parents) if not folder.exists()]
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / LOCK):
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
