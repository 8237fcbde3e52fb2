"""Download: an archive from the web, with retries and a checksum."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from classifiers.data.folders import FetchError, temporary_folder

MAX_BYTES = 200_000_000  # of an archive; the official ones have 170 million
MIN_RATE = 10_000  # bytes a second, over PATIENCE
PATIENCE = 30.0  # seconds


def is_web_address(place: object) -> bool:
    """Check whether this is an address of the web.

    Parameters
    ----------
    place : object
        Anything.

    Returns
    -------
    bool
        True for a str that begins with ``http://`` or ``https://`` and has a host.

    Examples
    --------
    >>> is_web_address("https://example.org/data"), is_web_address("ftp://example.org")
    (True, False)
    """
    if not isinstance(place, str):
        return False
    try:
        parts = urlsplit(place)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # "http://["
        return False


def without_password(address: str) -> str:
    """Remove the user's name and password from an address, so that it can be shown.

    Parameters
    ----------
    address : str
        The address.

    Returns
    -------
    str
        The address without what precedes its host.

    Examples
    --------
    >>> without_password("https://me:secret@example.org/data")
    'https://example.org/data'
    """
    return re.sub(r"^([^/]*//)?[^/]*@", r"\1", address)


@contextmanager
def temporary_download(url: str, md5: str, home: Path, *, n_retries: int, delay: float) -> Iterator[Path]:
    """Download an archive to a temporary folder, which is removed at the end.

    An attempt that was interrupted is not continued, but starts again.

    Parameters
    ----------
    url : str
        The address of the archive, which may contain a user's name and password.
    md5 : str
        The checksum of the archive.
    home : pathlib.Path
        The folder for data.
    n_retries : int
        How many times to try again if the connection fails.
    delay : float
        Seconds to wait before each.

    Yields
    ------
    pathlib.Path
        The archive.

    Raises
    ------
    FetchError
        If the archive could not be downloaded, or not at 10 kB/s, or has another checksum.
    """
    with temporary_folder(home) as folder:
        while (archive := _attempt(url, md5, home, folder, n_retries)) is None:
            n_retries -= 1
            time.sleep(delay)
        yield archive


def _attempt(url: str, md5: str, home: Path, folder: Path, retries_left: int) -> Path | None:
    """Download once; None if this failed and can be tried again."""
    import pooch
    from requests.utils import get_auth_from_url
    from urllib3.exceptions import HTTPError

    downloader = partial(_download, auth=get_auth_from_url(url))
    url = without_password(url)  # so that it is never printed
    try:
        return Path(pooch.retrieve(url, f"md5:{md5}", fname=url.rpartition("/")[2], path=folder, downloader=downloader))
    except (OSError, HTTPError) as error:  # those of requests are OSErrors
        why = _root_cause(error)
        if retries_left == 0:
            raise FetchError(
                f"could not download CIFAR-10 from {url}: {why}. Try again with a network connection, name a mirror "
                f"(mirror= or GATEWISE_MIRROR, the address of a folder with the archive), put the archive into {home} "
                f"by hand, or set GATEWISE_DATA to a folder that has the data"
            ) from error
        pooch.get_logger().warning(f"the download of {url} failed ({why}): retrying (retries left: {retries_left})")
        return None
    except ValueError as error:
        raise FetchError(
            f"expected a file of md5 {md5} from {url}, got another one, which was deleted: {error} Try again; if the "
            f"error persists, something between you and the server modifies downloads: download the file by hand and "
            f"check its md5"
        ) from error


def _download(url: str, file: str, _pooch: object, *, auth: tuple[str, str]) -> None:
    """Write what the server sends to a file, unless it is too much or too slow."""
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
            while chunk := response.raw.read1(2**16, decode_content=False):  # without waiting for all of 64 KiB
                received += len(chunk)
                if received > MAX_BYTES:
                    raise OSError(f"expected the 170,052,171 bytes of CIFAR-10, got more than {MAX_BYTES:,}")
                if time.monotonic() > due:
                    if received - before < MIN_RATE * PATIENCE:
                        raise OSError(f"the server sent less than {MIN_RATE:,} bytes a second")
                    before, due = received, time.monotonic() + PATIENCE
                out.write(chunk)
                progress.update(len(chunk))


def _root_cause(error: BaseException) -> str:
    """The first cause of an error: "Connection refused" instead of the words of five libraries around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return str(error) or type(error).__name__
