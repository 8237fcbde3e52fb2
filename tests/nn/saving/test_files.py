"""Files of arrays and metadata are written atomically, and rejected if they were cut short or changed."""

import os
import stat
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.saving import files

ARRAYS = {"weight": np.arange(6.0).reshape(2, 3).T, "bias": np.array(3, np.float32), "none": np.zeros((0, 2), np.uint8)}
METADATA = {
    "epoch": 3,
    "rate": 0.1,
    "big": 2**127,
    "names": ["a", "b"],
    "inner": {"best": np.arange(3, dtype=np.int64)},
}


@pytest.fixture
def path(tmp_path):
    return files.write(tmp_path / "model.safetensors", ARRAYS, METADATA)


def test_reads_what_was_written(path):
    arrays, metadata = files.read(path)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        assert (arrays[name] == array).all()  # one of them in Fortran order
    assert metadata["inner"].pop("best").tolist() == [0, 1, 2]
    assert metadata == {**METADATA, "inner": {}}


@given(dtype=st.sampled_from(["f2", "<f4", ">f4", "f8", ">i8", "u1", "?"]), seed=st.integers(0, 99))
def test_every_dtype_and_layout(dtype, seed, tmp_path_factory):
    rng = np.random.default_rng(seed)
    array = (rng.normal(size=rng.integers(1, 5, size=3)) * 9).astype(dtype)[:, ::-1].T
    path = files.write(tmp_path_factory.getbasetemp() / "one.safetensors", {"x": array}, {})
    assert (files.read(path).arrays["x"] == array).all()


def test_same_content_gives_the_same_bytes(tmp_path):
    written = {files.write(tmp_path / str(i), ARRAYS, {"é": "\u2028"}).read_bytes() for i in range(20)}
    assert len(written) == 1
    assert files.read(tmp_path / "0").metadata == {"é": "\u2028"}


def test_safetensors_reads_the_file(path):
    from safetensors.numpy import load_file

    assert (load_file(path)["weight"] == ARRAYS["weight"]).all()


def test_rejects_a_file_cut_short_at_any_byte(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(files.FileError, match=r"model\.safetensors .* cut short or damaged"):
            files.read(path)


def test_rejects_a_changed_byte_anywhere(path):
    whole = path.read_bytes()
    for place in range(len(whole)):
        for flip in (0x01, 0x20, 0xFF):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
            with pytest.raises(files.FileError, match=r"model\.safetensors"):
                files.read(path)


def test_rejects_other_formats_and_newer_versions(tmp_path, monkeypatch):
    path = tmp_path / "other"
    for content in (b"", b"\x80\x04}q\x00.", b"PK\x03\x04" + bytes(200), b"{}" * 50):
        path.write_bytes(content)
        with pytest.raises(files.FileError, match="is not a safetensors file"):
            files.read(path)
    monkeypatch.setattr(files, "VERSION", 2)
    files.write(path, ARRAYS, METADATA)
    monkeypatch.undo()
    with pytest.raises(files.FileError, match=r"newer version of gatewise \(expected format 1 or lower, got 2\)"):
        files.read(path)


def test_a_file_of_another_program_has_no_metadata(tmp_path):
    from safetensors.numpy import save_file

    save_file({"x": np.ones(2)}, tmp_path / "theirs", {"format": "np"})
    assert files.read(tmp_path / "theirs").metadata is None


def test_a_failed_write_leaves_only_the_old_file(path, monkeypatch):
    before = path.read_bytes()
    real = os.fsync

    def full(handle):
        real(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write .* No space left on device.*unchanged"):
        files.write(path, {"x": np.ones(9)}, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_only_the_old_file(path):
    resource = pytest.importorskip("resource", reason="needs POSIX's limits")
    before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))  # bytes that a file may grow to
    try:
        with pytest.raises(OSError, match=r"cannot write .* File too large"):
            files.write(path, {"x": np.ones(1000)}, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(path):
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(PermissionError, match="choose another path"):
            files.write(path, {}, {})
    finally:
        path.parent.chmod(stat.S_IRWXU)


def test_rejects_a_folder_and_a_file_as_parent_folder(tmp_path):
    with pytest.raises(OSError, match="cannot write"):
        files.write(tmp_path, {}, {})
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot write"):
        files.write(tmp_path / "file" / "model", {}, {})
    assert files.write(tmp_path / "new" / "model", {}, {}).exists()


def test_follows_symbolic_links(path):
    link = path.parent / "link"
    link.symlink_to(path)
    files.write(link, {"x": np.ones(1)}, {})
    assert link.is_symlink()
    assert list(files.read(path).arrays) == ["x"]


KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
import numpy as np
from nn.saving import files
atomic_write = import_module("autograd.atomic_write")

step, path = sys.argv[1], sys.argv[2]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if step == "half":
    def half(descriptor):
        os.truncate(descriptor, os.fstat(descriptor).st_size // 2)
        die()
    os.fsync = half
elif step == "whole":
    Path.replace = die
else:
    atomic_write._sync_folder = die
files.write(path, {"x": np.ones(1000)}, {})
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("step", ["half", "whole", "renamed"])
def test_kill_during_a_write_leaves_the_old_or_the_new_file(path, step):
    done = subprocess.run([sys.executable, "-c", KILLED, step, path], check=False)
    assert done.returncode == -9
    arrays = files.read(path).arrays  # complete, old or new
    assert arrays.keys() == ({"x"} if step == "renamed" else ARRAYS.keys())
    files.write(path, {"y": np.ones(3)}, {})
    assert list(path.parent.iterdir()) == [path]  # the temporary file of the killed process is removed


def test_two_writers_at_once(path, monkeypatch):
    real, once = os.fsync, []

    def fsync(handle):
        if not once:  # another process writes between the write and the rename of the first
            once.append(True)
            files.write(path, {"second": np.ones(3)}, {})
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    files.write(path, {"first": np.ones(3)}, {})
    assert list(files.read(path).arrays) == ["first"]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_keeps_permissions_and_rejects_pipes(path):
    path.chmod(0o600)
    files.write(path, {}, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    os.mkfifo(path.parent / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        files.write(path.parent / "pipe", {}, {})


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and devices")
def test_reads_only_regular_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", "/dev/zero", "/dev/full"):
        with pytest.raises(files.FileError, match=f"expected a regular file, got {path}, a"):
            files.read(path)


def test_arrays_in_metadata_have_different_names(path):
    metadata = {"a/b": np.ones(2), "a": {"b": np.zeros(2), "c": [np.full(1, 7)]}}
    found = files.read(files.write(path, {}, metadata)).metadata
    assert (found["a/b"] == 1).all()
    assert (found["a"]["b"] == 0).all()
    assert found["a"]["c"][0] == 7


@pytest.mark.parametrize(
    "metadata",
    [{1: "a"}, {"a": {1, 2}}, {"a": np.array(["text"])}, {"a": np.ones(1, np.longdouble)}, {"beside/": "hi"}],
)
def test_rejects_metadata_of_other_types(metadata, tmp_path):
    with pytest.raises(ValueError, match="metadata"):
        files.write(tmp_path / "file", {}, metadata)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["[", "[]", '{"version": 1}', '{"version": "x", "notes": {}}', '{"version": 1, "notes": []' + "[" * 9,
             '{"version": 1, "notes": {"a": {"beside/": "gone"}}}', '{"version": 1, "notes": 3}'],
)  # fmt: skip
def test_rejects_metadata_of_other_programs(text, tmp_path):
    from safetensors.numpy import save_file

    save_file({}, tmp_path / "file", {files.METADATA_KEY: text, files.DIGEST_KEY: files._digest({}, text)})
    with pytest.raises(files.FileError, match="metadata that gatewise did not write"):
        files.read(tmp_path / "file")
