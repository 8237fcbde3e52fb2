"""An archive downloaded from the web: tried again where that fails, and taken only where its md5 is right."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from classifiers import errors
from classifiers.data.folders import FetchError, unfinished_folder

MOST_BYTES = 200_000_000  # of an archive; the official ones have 170 million
LEAST_RATE = 10_000  # bytes a second, over PATIENCE
PATIENCE = 30.0  # seconds


def is_web_address(place: Any) -> bool:
    """Whether that is http:// or https:// with a host."""
    try:
        parts = urlsplit(place)
        return isinstance(place, str) and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except (ValueError, TypeError, AttributeError):  # "http://[", and what is no text
        return False


def without_password(address: str) -> str:
    """An address as it may be shown: without the name and password that stand before its host."""
    return re.sub(r"^([^/]*//)?[^/]*@", r"\1", address)


@contextmanager
def downloaded(url: str, md5: str, home: Path, *, n_retries: int, delay: float) -> Iterator[Path]:
    """An archive while it is needed, in an unfinished folder in `home`. An attempt that was interrupted begins anew.

    n_retries  how often to try again where the connection fails
    delay      seconds to wait before each
    Raises FetchError where the archive could not be had, or not at 10 kB/s, or is not the one with that md5.
    """
    with unfinished_folder(home) as folder:
        while (archive := _attempt(url, md5, home, folder, n_retries)) is None:
            n_retries -= 1
            time.sleep(delay)
        yield archive


def _attempt(url: str, md5: str, home: Path, folder: Path, retries_left: int) -> Path | None:
    import pooch
    from requests.utils import get_auth_from_url
    from urllib3.exceptions import HTTPError

    downloader = partial(_download, auth=get_auth_from_url(url))
    url = without_password(url)  # so that nobody prints it
    try:
        return Path(pooch.retrieve(url, f"md5:{md5}", fname=url.rpartition("/")[2], path=folder, downloader=downloader))
    except (OSError, HTTPError) as error:  # those of requests are OSErrors
        why = _root_cause(error)
        if retries_left == 0:
            raise FetchError(errors.DOWNLOAD.format(url=url, why=why, home=home)) from error
        pooch.get_logger().warning(errors.RETRY.format(url=url, why=why, left=retries_left))
        return None
    except ValueError as error:
        raise FetchError(errors.CHECKSUM.format(url=url, expected=md5, why=error)) from error


def _download(url: str, file: str, _pooch: Any, *, auth: tuple[str, str]) -> None:
    """Store what comes, as it comes, into a file, but no more than an archive has, and no slower than is bearable."""
    import requests
    from tqdm import tqdm

    headers = {"Accept-Encoding": "identity"}
    with (
        requests.get(url, stream=True, timeout=PATIENCE, headers=headers, auth=auth if any(auth) else None) as response,
        Path(file).open("wb") as out,
    ):
        response.raise_for_status()
        received, before, due = 0, 0, time.monotonic() + PATIENCE
        with tqdm(total=response.raw.length_remaining, unit="B", unit_scale=True) as progress:
            while chunk := response.raw.read1(2**16, decode_content=False):  # what is there: 64 KiB may take for ever
                received += len(chunk)
                if received > MOST_BYTES:
                    raise OSError(errors.DOWNLOAD_SIZE.format(most=MOST_BYTES))
                if time.monotonic() > due:
                    if received - before < LEAST_RATE * PATIENCE:
                        raise OSError(errors.DOWNLOAD_RATE.format(rate=LEAST_RATE))
                    before, due = received, time.monotonic() + PATIENCE
                out.write(chunk)
                progress.update(len(chunk))


def _root_cause(error: BaseException) -> str:
    """What an error came from in the end: "Connection refused" rather than five libraries' words around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return str(error) or type(error).__name__
