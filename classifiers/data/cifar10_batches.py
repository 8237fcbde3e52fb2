"""CIFAR-10's files: the binary layout and the pickled one, read and verified into one array, and written."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from classifiers import errors
from classifiers.data import unpickling

RECORDS = 10_000  # images in each file
PIXELS = 3 * 32 * 32  # of an image: its red plane, row by row, then green, then blue
MOST_NAMES = 10_000  # bytes of the file that names the classes, at most


class Layout(NamedTuple):
    """How the files of a folder are called and read, and which official archive holds them."""

    name: str
    folder: str
    archive: str
    md5: str  # of the official archive; copies have another
    training: tuple[str, ...]
    test: str
    names: str
    most_bytes: Callable[[], int]  # of a batch
    read_batch: Callable[[Path, np.ndarray, np.ndarray], None]  # into images (RECORDS, 3072) and labels (RECORDS,)
    read_names: Callable[[Path], list[str]]

    @property
    def files(self) -> dict[str, int]:
        """Each file, and how many bytes it holds at most."""
        return {**dict.fromkeys((*self.training, self.test), self.most_bytes()), self.names: MOST_NAMES}


class Images(NamedTuple):
    """All images of a folder, first those for training."""

    X: np.ndarray  # (6 * RECORDS, 3072) uint8
    y: np.ndarray  # (6 * RECORDS,) int64
    names: list[str]


def empty(names: list[str]) -> Images:
    """Room for all images."""
    return Images(np.empty((6 * RECORDS, PIXELS), np.uint8), np.empty(6 * RECORDS, np.int64), names)


def missing(folder: Path, layout: Layout) -> list[str]:
    """The files of a layout that a folder lacks."""
    return [file for file in layout.files if not (folder / file).is_file()]


def read(folder: Path, layout: Layout, *, name: str, fetch: str) -> Images:
    """Read a folder. Raises FileNotFoundError where a file is not there, ValueError where one does not hold a batch.

    name, fetch  what an error calls the data, and the function that gets it anew
    """
    if lacks := ", ".join(missing(folder, layout)):
        raise FileNotFoundError(errors.MISSING_FILES.format(name=name, folder=folder, missing=lacks, fetch=fetch))
    names = layout.read_names(folder / layout.names)
    if len(names) != 10:
        raise ValueError(errors.BATCH_NAMES.format(path=folder / layout.names, got=len(names)))
    images = empty(names)
    for i, file in enumerate((*layout.training, layout.test)):
        rows = slice(i * RECORDS, (i + 1) * RECORDS)
        layout.read_batch(folder / file, images.X[rows], images.y[rows])
    return images


def write_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    """Write images (n, 3072) and labels (n,) as one file of the binary layout."""
    np.hstack([y[:, None].astype(np.uint8), X]).tofile(path)


def _store_labels(path: Path, labels: list[int], y: np.ndarray) -> None:
    for row, label in enumerate(labels):
        if not 0 <= label <= 9:
            raise ValueError(errors.BATCH_LABEL.format(path=path, got=label, row=row))
    y[:] = labels


# The binary layout: records of a label byte and 3,072 pixel bytes


def _binary_bytes() -> int:
    return RECORDS * (1 + PIXELS)


def _read_binary_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    content = np.fromfile(path, np.uint8, count=_binary_bytes() + 1)
    if content.size != _binary_bytes():
        size, expected = path.stat().st_size, _binary_bytes()
        raise ValueError(errors.BATCH_SIZE.format(path=path, got=size, expected=expected, records=RECORDS))
    records = content.reshape(RECORDS, 1 + PIXELS)
    _store_labels(path, records[:, 0].tolist(), y)
    X[:] = records[:, 1:]


def _read_binary_names(path: Path) -> list[str]:
    with path.open("rb") as file:
        return file.read(MOST_NAMES).decode(errors="replace").split()


# The pickled layout: dicts with "data", an array (10000, 3072) of uint8, and "labels", a list


def _pickled_bytes() -> int:
    return 2 * RECORDS * (PIXELS + 128)  # 128 for name and label; twice, as Python 3 in protocol 2 writes bytes as text


def _unpickle(path: Path, most_bytes: int, *wanted: str) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    try:
        if len(content) > most_bytes:
            raise pickle.UnpicklingError(errors.PICKLE_SIZE.format(most=most_bytes))
        return unpickling.load(content, wanted, most_opcodes=1000 + 20 * RECORDS)
    except pickle.UnpicklingError as error:
        raise ValueError(errors.BATCH_PICKLE.format(path=path, why=error)) from error


def _read_pickled_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    batch = _unpickle(path, _pickled_bytes(), "data", "labels")
    data, labels = batch.get("data"), batch.get("labels")
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != X.shape:
        got, expected = _described(data), f"an array of shape {X.shape} and dtype uint8"
        raise ValueError(errors.BATCH_ENTRY.format(path=path, entry="data", got=got, expected=expected))
    if isinstance(labels, np.ndarray):
        labels = labels.tolist()
    if not isinstance(labels, list) or len(labels) != len(y) or not all(type(label) is int for label in labels):
        got, expected = _described(labels), f"a list of {len(y):,} integers"
        raise ValueError(errors.BATCH_ENTRY.format(path=path, entry="labels", got=got, expected=expected))
    _store_labels(path, labels, y)
    X[:] = data


def _described(entry: Any) -> str:
    if isinstance(entry, np.ndarray):
        return f"an array of shape {entry.shape} and dtype {entry.dtype}"
    if isinstance(entry, list):
        return f"a list of {len(entry):,} ({', '.join(sorted({type(item).__name__ for item in entry}))})"
    return "nothing" if entry is None else f"a {type(entry).__name__}"


def _read_pickled_names(path: Path) -> list[str]:
    names = _unpickle(path, MOST_NAMES, "label_names").get("label_names")
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else []


BINARY = Layout(
    name="binary",
    folder="cifar-10-batches-bin",
    archive="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    training=tuple(f"data_batch_{i}.bin" for i in range(1, 6)),
    test="test_batch.bin",
    names="batches.meta.txt",
    most_bytes=_binary_bytes,
    read_batch=_read_binary_batch,
    read_names=_read_binary_names,
)
PICKLED = Layout(
    name="pickled",
    folder="cifar-10-batches-py",
    archive="cifar-10-python.tar.gz",
    md5="c58f30108f718f92721af3b95e74349a",
    training=tuple(f"data_batch_{i}" for i in range(1, 6)),
    test="test_batch",
    names="batches.meta",
    most_bytes=_pickled_bytes,
    read_batch=_read_pickled_batch,
    read_names=_read_pickled_names,
)
