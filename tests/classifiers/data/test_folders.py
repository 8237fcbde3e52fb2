"""The folder for data: other paths are rejected, waiting is announced, and folders are created atomically."""

from pathlib import Path

import filelock
import pooch
import pytest

from classifiers import FetchError, fetch_cifar10
from classifiers.data import folders


@pytest.mark.parametrize("home", [5, b"data", ["data"]])
def test_rejects_what_is_not_a_path(home):
    with pytest.raises(TypeError, match=r"expected data_home to be a folder, as a str or a pathlib.Path, got .*"):
        fetch_cifar10(home)


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("~nobody-of-that-name/x", "home"),
        ("x" * 300, "too long"),
        ("file", "it is a file, not a folder"),
        ("link", "it is a broken link"),
        ("shut", "Permission denied"),
    ],
)
def test_rejects_paths_that_cannot_be_folders(tmp_path, monkeypatch, home, why):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    stat = Path.stat

    def refuse(path, **settings):  # as root may read everything
        if "shut" in path.parts:
            raise PermissionError(13, "Permission denied")
        return stat(path, **settings)

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setenv("GATEWISE_DATA", home if home.startswith("~") else f"{tmp_path}/{home}")
    for settings in ({}, {"download_if_missing": False}):
        with pytest.raises(
            FetchError, match=f"expected a folder for data, got .*: .*{why}.*set data_home or GATEWISE_DATA"
        ):
            fetch_cifar10(**settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


def test_rejects_a_null_character(tmp_path):
    with pytest.raises(FetchError, match=r"expected a folder for data, got .*null"):
        fetch_cifar10(tmp_path / "a\0b")


def test_announces_that_it_waits(tmp_path, monkeypatch):
    other, said = filelock.FileLock(tmp_path / folders.LOCK), []

    def hear(text):
        said.append(text)
        other.release()

    monkeypatch.setattr(folders, "SILENT", 0.1)
    monkeypatch.setattr(pooch.get_logger(), "warning", hear)
    with folders.locked(tmp_path):
        assert said == []
    other.acquire()
    with folders.locked(tmp_path):
        assert said == [f"another process is writing data to {tmp_path}: waiting until it has finished"]


def test_a_folder_is_created_atomically(tmp_path):
    folder = tmp_path / "data"
    with folders.atomic_folder(folder) as temporary:
        (temporary / "file").write_text("all")
        assert not folder.exists()
    assert (folder / "file").read_text() == "all"
    with pytest.raises(KeyboardInterrupt), folders.atomic_folder(tmp_path / "other") as temporary:
        (temporary / "file").write_text("half")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_temporary_folders_of_killed_processes_are_removed(tmp_path):
    left = tmp_path / f"{folders.TEMPORARY}of-a-killed-process"
    left.mkdir()
    (left / "file").write_text("half")
    with folders.locked(tmp_path):
        assert not left.exists()
