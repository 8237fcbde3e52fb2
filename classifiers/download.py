"""An archive downloaded from the web: tried again where that fails, and taken only where its md5 is right."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classifiers import errors
from classifiers.folders import FetchError, unfinished_folder


@contextmanager
def downloaded(url: str, md5: str, home: Path, *, n_retries: int, delay: float) -> Iterator[Path]:
    """An archive while it is needed, in an unfinished folder in `home`. An attempt that was interrupted begins anew.

    n_retries  how often to try again where the connection fails
    delay      seconds to wait before each
    Raises FetchError where the archive could not be had, or is not the one with that md5.
    """
    with unfinished_folder(home) as folder:
        while (archive := _attempt(url, md5, home, folder, n_retries)) is None:
            n_retries -= 1
            time.sleep(delay)
        yield archive


def _attempt(url: str, md5: str, home: Path, folder: Path, retries_left: int) -> Path | None:
    import pooch

    downloader = pooch.HTTPDownloader(progressbar=True, timeout=30)
    try:
        return Path(pooch.retrieve(url, f"md5:{md5}", fname=url.rpartition("/")[2], path=folder, downloader=downloader))
    except OSError as error:  # those of requests are OSErrors
        if (response := getattr(error, "response", None)) is not None:
            response.close()  # pooch leaves it open
        why = _root_cause(error)
        if retries_left == 0:
            raise FetchError(errors.DOWNLOAD.format(url=url, why=why, home=home)) from error
        pooch.get_logger().warning(errors.RETRY.format(url=url, why=why, left=retries_left))
        return None
    except ValueError as error:
        raise FetchError(errors.CHECKSUM.format(url=url, expected=md5, why=error)) from error


def _root_cause(error: BaseException) -> BaseException:
    """What an error came from in the end: "Connection refused" rather than five libraries' words around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
