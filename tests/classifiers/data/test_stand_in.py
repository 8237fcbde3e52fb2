"""The stand-in: drawn once, read like CIFAR-10, and hard for a linear model but not for an MLP."""

import hashlib

import numpy as np
import pytest

from classifiers import MLPClassifier, fetch_stand_in
from classifiers.data import cifar10_batches, folders
from classifiers.data import stand_in as stand_in_module


def test_has_the_layout_of_cifar10_and_says_that_it_is_not(stand_in):
    assert stand_in.X_train.shape == (50_000, 3072)
    assert stand_in.X_test.shape == (10_000, 3072)
    assert stand_in.X_train.dtype == np.uint8
    assert np.bincount(stand_in.y_train).tolist() == [5000] * 10
    assert np.bincount(stand_in.y_test).tolist() == [1000] * 10
    assert len(stand_in.target_names) == 10
    assert not stand_in.is_cifar10
    assert "NOT CIFAR-10" in stand_in.name
    assert "This is not CIFAR-10" in stand_in.DESCR
    assert (stand_in.folder / cifar10_batches.BINARY.test).stat().st_size == 30_730_000


def test_no_image_is_in_both_splits(stand_in):
    hashes = [{hashlib.md5(row).digest() for row in X} for X in (stand_in.X_train, stand_in.X_test)]
    assert len(hashes[0]) == 50_000
    assert not hashes[0] & hashes[1]


def test_is_drawn_once_and_always_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    first = fetch_stand_in(tmp_path / "a")
    monkeypatch.setattr(stand_in_module, "draw_images", None)  # the second call reads the files
    again = fetch_stand_in(tmp_path / "a")
    monkeypatch.undo()
    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    other = fetch_stand_in(tmp_path / "b")
    for data in (again, other):
        np.testing.assert_array_equal(first.X_train, data.X_train)
    assert sorted(path.name for path in tmp_path.joinpath("a").iterdir()) == [folders.LOCK, stand_in_module.FOLDER]


def test_is_drawn_in_memory_if_it_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    (tmp_path / "file").write_text("")
    drawn, read = fetch_stand_in(tmp_path / "file" / "home"), fetch_stand_in(tmp_path)
    assert drawn.folder is None
    assert read.folder == tmp_path / stand_in_module.FOLDER
    assert not drawn.is_cifar10
    for name in ("data", "target", "target_names"):
        np.testing.assert_array_equal(drawn[name], read[name])
    assert drawn.data.dtype == read.data.dtype
    monkeypatch.setattr(folders, "locked", None)  # nothing is written if it is there
    fetch_stand_in(tmp_path)


def test_is_drawn_in_memory_if_the_disk_is_full(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    monkeypatch.setattr(cifar10_batches, "write_batch", full)
    assert fetch_stand_in(tmp_path / "new").data.shape == (120, 3072)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("home", ["~nobody-of-that-name/x", "x" * 300, "a\0b"])
def test_is_drawn_in_memory_if_there_can_be_no_folder(monkeypatch, home):
    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    assert fetch_stand_in(home).folder is None
    with pytest.raises(TypeError, match="expected data_home to be a folder"):
        fetch_stand_in(5)


def test_names_a_missing_file(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10_batches, "RECORDS", 20)
    (fetch_stand_in(tmp_path).folder / cifar10_batches.BINARY.test).unlink()
    with pytest.raises(FileNotFoundError, match=r"^stand-in .* got no test_batch.bin; .* fetch_stand_in\(\) again"):
        fetch_stand_in(tmp_path)


def test_leaves_nothing_if_it_is_interrupted(tmp_path, monkeypatch):
    def interrupted(labels, rng):
        raise KeyboardInterrupt

    monkeypatch.setattr(stand_in_module, "draw_images", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch_stand_in(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("images", "accuracy"), [(5000, 0.60), pytest.param(45_000, 0.80, marks=pytest.mark.campaign)])
def test_an_mlp_performs_well_and_a_linear_model_does_not(images, accuracy, stand_in):
    train = stand_in.X_train[:images], stand_in.y_train[:images]
    test = stand_in.X_test, stand_in.y_test
    mlp = MLPClassifier(epochs=5, random_state=0).fit(*train).score(*test)
    linear = MLPClassifier((), epochs=5, random_state=0).fit(*train).score(*test)
    assert mlp >= accuracy
    assert linear <= mlp - 0.15
