"""Downloads: retried, checked and removed; the rest is tested with fetch_cifar10."""

import hashlib
import http.server
import threading

import pytest

from classifiers import FetchError
from classifiers.data import download, folders

CONTENT = bytes(range(256)) * 100
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def server():
    """A server of the content, whose first answers are errors; its address and the paths of the requests."""
    failures, asked = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(failures.pop() if failures else 200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/archive.tar.gz", asked, failures
        running.shutdown()


def test_an_archive_exists_as_long_as_it_is_needed(tmp_path, server):
    url, asked, _ = server
    with download.temporary_download(url, MD5, tmp_path, n_retries=0, delay=0) as archive:
        assert archive.read_bytes() == CONTENT
        assert archive.parent.name.startswith(folders.TEMPORARY)
    assert asked == ["/archive.tar.gz"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n_retries", [1, 2])
def test_retries_as_often_as_allowed(tmp_path, server, n_retries):
    url, asked, failures = server
    failures += [503, 503]
    fetch = download.temporary_download(url, MD5, tmp_path, n_retries=n_retries, delay=0)
    if n_retries == 2:
        with fetch as archive:
            assert archive.read_bytes() == CONTENT
    else:
        with pytest.raises(FetchError, match=rf"could not download CIFAR-10 from {url}: 503"), fetch:
            pass
    assert len(asked) == n_retries + 1
    assert list(tmp_path.iterdir()) == []


def test_another_checksum_is_not_retried(tmp_path, server):
    url, asked, _ = server
    fetch = download.temporary_download(url, "0" * 32, tmp_path, n_retries=3, delay=0)
    with pytest.raises(FetchError, match=rf"expected a file of md5 0{{32}} from {url}, got another one"), fetch:
        pass
    assert len(asked) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("https://host/folder", True),
        ("HTTP://host", True),
        ("ftp://host", False),
        ("https:///folder", False),
        ("http://[", False),
        ("host/folder", False),
        (b"http://host", False),
        (None, False),
    ],
)
def test_addresses_of_the_web(place, expected):
    assert download.is_web_address(place) is expected


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:secret@host/folder", "https://host/folder"),
        ("me:secret@host", "host"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_passwords_are_not_shown(address, shown):
    assert download.without_password(address) == shown


def test_the_root_cause_is_named():
    error = RuntimeError("many words")
    error.__cause__ = OSError("more words")
    error.__cause__.__context__ = ConnectionRefusedError("Connection refused")
    assert download._root_cause(error) == "Connection refused"
    assert download._root_cause(TimeoutError()) == "TimeoutError"
