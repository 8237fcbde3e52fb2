"""Download: an archive from the web, with retries and a checksum."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from classifiers.data.folders import FetchError, temporary_folder

if TYPE_CHECKING:
    from requests import Response

MAX_BYTES = 200_000_000  # of an archive; the official ones have 170 million
MIN_RATE = 10_000  # bytes a second, over PATIENCE
PATIENCE = 30.0  # seconds
MAX_REDIRECTS = 10
CHUNK = 2**16  # bytes


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
    transfer = _Transfer(url, file, auth if any(auth) else None)
    Thread(target=transfer.run, daemon=True).start()
    try:
        before = 0
        while not transfer.done.wait(PATIENCE):
            if transfer.received - before < MIN_RATE * PATIENCE:
                raise OSError(f"the server sent less than {MIN_RATE:,} bytes a second")
            before = transfer.received
    finally:
        transfer.cancelled = True
    if transfer.error is not None:
        raise transfer.error


class _Transfer:
    """A download in a thread of its own, which is watched from outside.

    A server can delay each call here without end: looking up its name, the handshake, a header or the length of a
    chunk, a byte at a time. The timeouts of requests start again with each byte. A thread can be left to itself.
    """

    def __init__(self, url: str, file: str, auth: tuple[str, str] | None) -> None:
        self.url, self.file, self.auth = url, file, auth
        self.received = 0  # bytes of the content
        self.cancelled = False
        self.done = Event()
        self.error: Exception | None = None

    def run(self) -> None:
        """Download, and keep what is raised for the thread that waits."""
        try:
            self._receive()
        except Exception as error:
            self.error = error
        finally:
            self.done.set()

    def _receive(self) -> None:
        from tqdm import tqdm

        with ExitStack() as open_now:
            response = self._respond(open_now)
            response.raise_for_status()
            out = open_now.enter_context(Path(self.file).open("wb"))
            progress = open_now.enter_context(tqdm(total=response.raw.length_remaining, unit="B", unit_scale=True))
            while chunk := response.raw.read1(CHUNK, decode_content=False):  # without waiting for all of it
                self.received += len(chunk)
                if self.received > MAX_BYTES:
                    raise OSError(f"expected the 170,052,171 bytes of CIFAR-10, got more than {MAX_BYTES:,}")
                if self.cancelled:
                    return
                out.write(chunk)
                progress.update(len(chunk))

    def _respond(self, open_now: ExitStack) -> Response:
        """The response, after redirects, of which `requests.get` would read the whole body."""
        import requests

        session = open_now.enter_context(requests.Session())
        url, auth = self.url, self.auth
        for _ in range(MAX_REDIRECTS + 1):
            request = requests.Request("GET", url, headers={"Accept-Encoding": "identity"}, auth=auth)
            settings = session.merge_environment_settings(url, {}, True, None, None)  # proxies and certificates
            response = session.get_adapter(url).send(session.prepare_request(request), timeout=PATIENCE, **settings)
            open_now.callback(response.close)
            target = session.get_redirect_target(response)
            if target is None or self.cancelled:
                return response
            response.close()
            url = urljoin(url, target)
            if session.should_strip_auth(response.url, url):
                auth = None
        raise requests.TooManyRedirects(f"the server redirects more than {MAX_REDIRECTS} times")


def _root_cause(error: BaseException) -> str:
    """The first cause of an error: "Connection refused" instead of the words of five libraries around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return str(error) or type(error).__name__
