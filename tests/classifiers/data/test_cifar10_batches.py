"""CIFAR-10's files: both layouts, written, listed and read."""

import pickle

import numpy as np
import pytest

from classifiers.data import cifar10_batches
from classifiers.data.cifar10_batches import BINARY, PICKLED

RECORDS = 20  # in each file, for speed


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(cifar10_batches, "RECORDS", RECORDS)


def test_the_binary_layout_is_the_official_one(tmp_path):
    path = tmp_path / "batch.bin"
    red = np.zeros((1, 3072), np.uint8)
    red[0, :1024] = 255
    cifar10_batches.write_batch(path, red, np.array([7]))
    assert path.read_bytes() == bytes([7]) + b"\xff" * 1024 + b"\x00" * 2048


def test_lists_missing_files(tmp_path):
    assert cifar10_batches.missing(tmp_path, PICKLED) == list(PICKLED.files)
    for file in PICKLED.files:
        (tmp_path / file).write_text("")
    assert cifar10_batches.missing(tmp_path, PICKLED) == []
    (tmp_path / PICKLED.test).unlink()
    (tmp_path / PICKLED.test).mkdir()  # not a file
    assert cifar10_batches.missing(tmp_path, PICKLED) == ["test_batch"]


@pytest.mark.parametrize(("layout", "largest"), [(BINARY, RECORDS * 3073), (PICKLED, RECORDS * 6400)])
def test_the_sizes_of_files_are_bounded(layout, largest):
    assert len(layout.files) == 7
    assert layout.files.pop(layout.names) == 10_000
    assert {layout.files[file] for file in (*layout.training, layout.test)} == {largest}


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_both_layouts_are_read_in_order(tmp_path, layout):
    rng = np.random.default_rng(1)
    X, y = rng.integers(256, size=(6, RECORDS, 3072), dtype=np.uint8), rng.integers(10, size=(6, RECORDS))
    for file, images, labels in zip((*layout.training, layout.test), X, y, strict=True):
        if layout is BINARY:
            cifar10_batches.write_batch(tmp_path / file, images, labels)
        else:
            (tmp_path / file).write_bytes(pickle.dumps({"data": images, "labels": labels.tolist()}, 2))
    names = [f"class{number}" for number in range(10)]
    content = "\n".join(names).encode() if layout is BINARY else pickle.dumps({"label_names": names}, 2)
    (tmp_path / layout.names).write_bytes(content)
    images = cifar10_batches.read(tmp_path, layout, name="data", fetch="fetch")
    np.testing.assert_array_equal(images.X, X.reshape(-1, 3072), strict=True)
    np.testing.assert_array_equal(images.y, y.ravel(), strict=True)
    assert images.names == names
