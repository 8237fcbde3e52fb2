"""Atomic writes: the old file or the new one, never a partial one."""

import errno
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


posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX's locks")
KILLED = """
import os, signal, sys
from autograd.extend import atomic_write
os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
atomic_write(sys.argv[1], b"new" * 1000)
"""
WRITING = """
import sys
from autograd.extend import atomic_write
for i in range(200):
    atomic_write(sys.argv[1], sys.argv[2].encode() * 100_000)
"""


@posix
def test_removes_the_temporary_file_of_a_killed_writer(tmp_path):
    path = tmp_path / "file"
    atomic_write(path, b"old")
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -9
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
    atomic_write(tmp_path / "other", b"")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "other"]


@posix
def test_leaves_the_temporary_file_of_a_living_writer(tmp_path):
    unfinished, handle = module._create(tmp_path)
    try:
        atomic_write(tmp_path / "file", b"")
        assert unfinished.exists()
    finally:
        os.close(handle)  # as the kernel does for a process that ends
    atomic_write(tmp_path / "file", b"")
    assert not unfinished.exists()


@posix
def test_removes_the_temporary_file_of_another_host_only_when_it_is_old(tmp_path):
    """The lock of another host, or of an earlier version, which had none, may be invisible here."""
    young, old = (tmp_path / f"{module.UNFINISHED}{name}" for name in ("00000000-ab", "123-ab"))
    young.touch()
    old.touch()
    os.utime(old, (0, 0))
    atomic_write(tmp_path / "file", b"")
    assert young.exists()
    assert not old.exists()


@posix
def test_starts_again_if_the_temporary_file_was_removed_before_it_was_locked(tmp_path, monkeypatch):
    fcntl = import_module("fcntl")
    real, removed = fcntl.flock, []

    def flock(handle, how):
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    atomic_write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(removed) == 1


@posix
def test_a_file_system_without_locks(tmp_path, monkeypatch):
    def flock(handle, how):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(import_module("fcntl"), "flock", flock)
    left = tmp_path / f"{module.UNFINISHED}{module._host()}-ab"
    left.touch()
    atomic_write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert left.exists()


@posix
@pytest.mark.parametrize("isolated", [False, True], ids=["one host", "two containers"])
def test_two_processes_write_one_file(tmp_path, isolated):
    command = [sys.executable, "-c", WRITING, str(tmp_path / "file")]
    if isolated:
        command = ["unshare", "--pid", "--fork", *command]
        try:
            subprocess.run(["unshare", "--pid", "--fork", "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("needs the right to create containers")
    writers = [subprocess.Popen([*command, letter]) for letter in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert (tmp_path / "file").read_bytes() in {b"a" * 100_000, b"b" * 100_000}
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@posix
def test_keeps_the_umask_and_never_shows_private_content(tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.touch()
    private.chmod(0o600)
    modes, real = [], os.write

    def write(handle, content):
        modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        return real(handle, content[:2])  # a system may write a part

    monkeypatch.setattr(os, "write", write)
    before = os.umask(0o027)
    try:
        atomic_write(private, b"secret")
        atomic_write(tmp_path / "new", b"abc")
    finally:
        os.umask(before)
    assert modes == [0o600] * 3 + [0o640] * 2
    assert private.read_bytes() == b"secret"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("function", ["write", "fsync"])
def test_a_full_disk_names_the_file_and_what_to_do(tmp_path, monkeypatch, number, function):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(*args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, function, full)
    match = rf"cannot write {path}: .* old file is unchanged; free some space or choose"
    with pytest.raises(OSError, match=match) as caught:
        atomic_write(path, b"new")
    assert caught.value.errno == number
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_full_file_system(tmp_path):
    """A real one of 64 KiB, where this process may mount it."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount")
    try:
        atomic_write(place / "file", b"old")
        with pytest.raises(OSError, match=r"cannot write .*small/file: No space left on device.*; free some space"):
            atomic_write(place / "file", bytes(100_000))
        assert (place / "file").read_bytes() == b"old"
        assert [entry.name for entry in place.iterdir()] == ["file"]
    finally:
        subprocess.run(["umount", str(place)], check=True)
