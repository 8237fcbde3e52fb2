"""Only regular files are read: nothing else is opened, so that nothing waits."""

import os
import socket
from pathlib import Path

import pytest

from autograd.extend import NotRegularFileError, open_regular, read_regular


def test_reads_a_regular_file(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "file") == read_regular(str(tmp_path / "link")) == b"content"
    with open_regular(tmp_path / "file") as file:
        assert file.read(3) == b"con"
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "missing")


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and devices")
@pytest.mark.parametrize(
    ("kind", "name"),
    [("pipe", "a named pipe"), ("socket", "a socket"), ("folder", "a folder"), ("/dev/zero", "a device"),
     ("/dev/full", "a device"), ("link to a pipe", "a named pipe")],
)  # fmt: skip
def test_refuses_everything_else_at_once(tmp_path, monkeypatch, kind, name):
    monkeypatch.chdir(tmp_path)  # as the path of a socket is limited
    path = kind if kind.startswith("/") else "place"
    if "pipe" in kind:
        os.mkfifo("pipe")
        Path("place").symlink_to("pipe")
    elif kind == "folder":
        Path("place").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        if kind == "socket":
            listening.bind("place")
        match = f"expected a regular file, got {path}, {name}; pass the path of a file"
        for kind_of_error in (OSError, ValueError, NotRegularFileError):
            with pytest.raises(kind_of_error, match=match):
                read_regular(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "place"
    path.touch()
    real = os.open

    def swap(*args):
        path.unlink()
        os.mkfifo(path)
        return real(*args)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(NotRegularFileError, match="a named pipe"):
        read_regular(path)
