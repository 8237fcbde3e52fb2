"""The folder for data: what can be none is said in one sentence, and who waits for another process says so."""

from pathlib import Path

import filelock
import pooch
import pytest

from classifiers import FetchError, fetch_cifar10
from classifiers.data import folders


@pytest.mark.parametrize("home", [5, b"data", ["data"]])
def test_what_is_no_path(home):
    with pytest.raises(TypeError, match=r"data_home must be the path of a folder, .*Path, got .*"):
        fetch_cifar10(home)


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("~nobody-of-that-name/x", "home"),
        ("x" * 300, "too long"),
        ("file", "it is a file, not a folder"),
        ("link", "it is a link to what is not there"),
        ("shut", "Permission denied"),
    ],
)
def test_where_there_can_be_no_folder(tmp_path, monkeypatch, home, why):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    stat = Path.stat

    def refuse(path, **settings):  # as root may look everywhere
        if "shut" in path.parts:
            raise PermissionError(13, "Permission denied")
        return stat(path, **settings)

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setenv("GATEWISE_DATA", home if home.startswith("~") else f"{tmp_path}/{home}")
    for settings in ({}, {"download_if_missing": False}):
        with pytest.raises(FetchError, match=f"there can be no data in .*: .*{why}.*set GATEWISE_DATA"):
            fetch_cifar10(**settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


def test_a_name_with_a_null_character(tmp_path):
    with pytest.raises(FetchError, match=r"there can be no data in .*null"):
        fetch_cifar10(tmp_path / "a\0b")


def test_who_waits_says_so(tmp_path, monkeypatch):
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
        assert said == [f"another process holds {tmp_path}, to put the data there: waiting until it has"]
