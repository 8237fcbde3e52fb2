"""Atomic writes: the old file or the new one, never a partial one."""

import os
import stat
import subprocess
import sys
from importlib import import_module

import pytest

from autograd.extend import atomic_write

module = import_module("autograd.atomic_write")


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "new" / "file"
    assert atomic_write(path, b"old") == path
    path.chmod(0o600)
    atomic_write(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # permissions are kept
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_follows_a_symbolic_link(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_rejects_what_is_not_a_regular_file(tmp_path):
    with pytest.raises(OSError, match="exists and is not a regular file; write to another path"):
        atomic_write(tmp_path, b"")


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write .*: No space left .*The old file is unchanged") as caught:
        atomic_write(path, b"new")
    assert caught.value.errno == 28
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX tells whether a process is alive")
def test_removes_the_temporary_files_of_dead_writers_only(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    left, writing = (tmp_path / f"{module.UNFINISHED}{pid}-abc" for pid in (dead.pid, os.getpid()))
    left.touch()
    writing.touch()
    atomic_write(tmp_path / "file", b"")
    assert not left.exists()
    assert writing.exists()
