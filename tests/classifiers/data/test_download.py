"""Downloads: retried, checked and removed; the rest is tested with fetch_cifar10."""

import hashlib
import http.server
import socket
import threading
import time
from contextlib import suppress

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


def endless(first, repeated, delay):
    """A server, whose answer to each request is `first`, then `repeated` without end; its address."""

    def answer(connection):
        with connection:
            connection.recv(10_000)
            with suppress(OSError):
                connection.sendall(first)
                while repeated:
                    connection.sendall(repeated)
                    time.sleep(delay)

    def serve():
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()

    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, daemon=True).start()
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}/archive.tar.gz"


MOVED = b"HTTP/1.1 302 Found\r\nLocation: "
OK, CHUNKED = b"HTTP/1.1 200 OK\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
SLOW, MANY, LARGE = "sent less than 10,000 bytes a second", "redirects more than 10 times", "got more than 1,000,000"


@pytest.mark.parametrize(
    ("first", "repeated", "delay", "why"),
    [
        pytest.param(OK + b"X: ", b"y", 0.02, SLOW, id="a header byte by byte"),
        pytest.param(OK, b"X: y\r\n", 0.02, SLOW, id="a header line by line"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02, SLOW, id="continue"),
        pytest.param(OK + b"\r\n", b"y", 0.02, SLOW, id="a body byte by byte"),
        pytest.param(OK + CHUNKED, b"1\r\ny\r\n", 0.02, SLOW, id="chunks of a byte"),
        pytest.param(OK + CHUNKED + b"1;", b"y", 0.02, SLOW, id="the length of a chunk byte by byte"),
        pytest.param(MOVED + b"/x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", b"", 0, MANY, id="redirects"),
        pytest.param(MOVED + b"/x\r\n\r\n", bytes(10_000), 0, MANY, id="endless redirects"),
        pytest.param(MOVED + b"file:///etc/passwd\r\n\r\n", b"", 0, "file:///etc", id="a file"),
        pytest.param(OK + b"\r\n", bytes(10_000), 0, LARGE, id="an endless body"),
        pytest.param(OK + b"Content-Encoding: gzip\r\n\r\n", bytes(10_000), 0, LARGE, id="encoded"),
        pytest.param(OK + b"Content-Length: 99999999999999999999\r\n\r\n", bytes(10_000), 0, LARGE, id="a long one"),
        pytest.param(OK + b"Content-Length: -5\r\n\r\n", bytes(10_000), 0, LARGE, id="a negative length"),
        pytest.param(b"HTTP/1.1 200 " + b"x" * 70_000, b"x", 0.02, "", id="a long status"),
        pytest.param(b"\0" * 100, b"\0", 0.02, "", id="no HTTP"),
    ],
)  # fmt: skip
def test_rejects_servers_without_an_end(tmp_path, monkeypatch, first, repeated, delay, why):
    monkeypatch.setattr(download, "PATIENCE", 0.5 if why == SLOW else 10)
    monkeypatch.setattr(download, "MAX_BYTES", 1_000_000)
    listening, url = endless(first, repeated, delay)
    fetch = download.temporary_download(url, MD5, tmp_path, n_retries=0, delay=0)
    with listening, pytest.raises(FetchError, match=rf"could not download CIFAR-10 from {url}: .*{why}"), fetch:
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_redirect_keeps_the_password_on_its_host_only(tmp_path, elsewhere):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers["Authorization"])
            self.send_response(302 if len(asked) == 1 else 200)
            self.send_header(
                "Location", f"http://{'localhost' if elsewhere else '127.0.0.1'}:{self.server.server_port}/x"
            )
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://me:secret@127.0.0.1:{running.server_port}/archive.tar.gz"
        with download.temporary_download(url, MD5, tmp_path, n_retries=0, delay=0) as archive:
            assert archive.read_bytes() == CONTENT
        running.shutdown()
    assert asked == ["Basic bWU6c2VjcmV0", None if elsewhere else "Basic bWU6c2VjcmV0"]


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
