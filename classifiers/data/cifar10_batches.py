"""CIFAR-10's files, in the binary and the pickled layout: read into one array and checked, and written."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograd.extend import open_regular
from classifiers.data import unpickling

RECORDS = 10_000  # images in each file
PIXELS = 3 * 32 * 32  # of an image: its red plane, row by row, then the green and the blue one
MAX_NAMES = 10_000  # bytes of the file with the names of the classes
FETCH_AGAIN = "remove its folder and fetch the data again"


class Layout(NamedTuple):
    """A layout of CIFAR-10's files.

    Attributes
    ----------
    name : str
        What users call the layout.
    folder : str
        The name of the folder with the files.
    archive : str
        The name of the official archive of the folder.
    md5 : str
        The checksum of the official archive.
    training : tuple of str
        The files of training images, the batches.
    test : str
        The file of test images.
    names : str
        The file with the names of the classes.
    batch_bytes : callable
        A function that returns the largest number of bytes of a batch.
    read_batch : callable
        A function that reads a file into images of shape (RECORDS, 3072) and labels of shape (RECORDS,).
    read_names : callable
        A function that reads the names of the classes from a file.
    """

    name: str
    folder: str
    archive: str
    md5: str
    training: tuple[str, ...]
    test: str
    names: str
    batch_bytes: Callable[[], int]
    read_batch: Callable[[Path, np.ndarray, np.ndarray], None]
    read_names: Callable[[Path], list[str]]

    @property
    def files(self) -> dict[str, int]:
        """The names of all files, and the largest number of bytes of each."""
        return {**dict.fromkeys((*self.training, self.test), self.batch_bytes()), self.names: MAX_NAMES}


class Images(NamedTuple):
    """All images of a data set, those for training first.

    Attributes
    ----------
    X : ndarray of uint8, shape (6 * RECORDS, 3072)
        The images, in planes.
    y : ndarray of int64, shape (6 * RECORDS,)
        Their labels, which index `names`.
    names : list of str
        The names of the classes.
    """

    X: np.ndarray
    y: np.ndarray
    names: list[str]


def empty(names: list[str]) -> Images:
    """Allocate the arrays of a data set.

    Parameters
    ----------
    names : list of str
        The names of the classes.

    Returns
    -------
    Images
        The arrays, uninitialised.
    """
    return Images(np.empty((6 * RECORDS, PIXELS), np.uint8), np.empty(6 * RECORDS, np.int64), names)


def missing(folder: Path, layout: Layout) -> list[str]:
    """List the files that a folder lacks.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.
    layout : Layout
        The layout that it should have.

    Returns
    -------
    list of str
        The names of the missing files.
    """
    return [file for file in layout.files if not (folder / file).is_file()]


def read(folder: Path, layout: Layout, *, name: str, fetch: str) -> Images:
    """Read a folder.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.
    layout : Layout
        Its layout.
    name : str
        What error messages call the data.
    fetch : str
        The name of the function that fetches the data, for error messages.

    Returns
    -------
    Images
        The images.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If a file does not contain what it should.
    """
    if lacks := ", ".join(missing(folder, layout)):
        raise FileNotFoundError(
            f"{name} in {folder} is incomplete: expected all files of the {layout.name} layout, got no {lacks}; "
            f"remove the folder and call {fetch}() again, or copy the missing files into it"
        )
    names = layout.read_names(folder / layout.names)
    if len(names) != 10:
        raise ValueError(
            f"expected the names of 10 classes in {folder / layout.names}, got {len(names)}; {FETCH_AGAIN}"
        )
    images = empty(names)
    for i, file in enumerate((*layout.training, layout.test)):
        rows = slice(i * RECORDS, (i + 1) * RECORDS)
        layout.read_batch(folder / file, images.X[rows], images.y[rows])
    return images


def write_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    """Write a file of the binary layout.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    X : ndarray of uint8, shape (n, 3072)
        The images, in planes.
    y : ndarray of int, shape (n,)
        Their labels.
    """
    np.hstack([y[:, None].astype(np.uint8), X]).tofile(path)


def _store_labels(path: Path, labels: list[int], y: np.ndarray) -> None:
    """Check labels, and copy them into `y`."""
    for row, label in enumerate(labels):
        if not 0 <= label <= 9:
            raise ValueError(f"expected labels from 0 to 9 in {path}, got {label} at image {row}; {FETCH_AGAIN}")
    y[:] = labels


# The binary layout: records of a label byte and 3,072 pixel bytes


def _binary_bytes() -> int:
    """The number of bytes of a batch."""
    return RECORDS * (1 + PIXELS)


def _read_binary_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    """Read a batch into images and labels."""
    with open_regular(path) as file:
        content = np.frombuffer(file.read(_binary_bytes() + 1), np.uint8)
    if content.size != _binary_bytes():
        raise ValueError(
            f"expected {_binary_bytes():,} bytes in {path} ({RECORDS:,} images of 3,073 bytes), got "
            f"{path.stat().st_size:,}; it is truncated or another file: {FETCH_AGAIN}"
        )
    records = content.reshape(RECORDS, 1 + PIXELS)
    _store_labels(path, records[:, 0].tolist(), y)
    X[:] = records[:, 1:]


def _read_binary_names(path: Path) -> list[str]:
    """The names of the classes, one a line."""
    with open_regular(path) as file:
        return file.read(MAX_NAMES).decode(errors="replace").split()


# The pickled layout: dicts with "data", an array of uint8 of shape (10000, 3072), and "labels", a list


def _pickled_bytes() -> int:
    """The largest number of bytes of a batch."""
    # 128 bytes for the name and label; twice, as Python 3 writes bytes as text in protocol 2.
    return 2 * RECORDS * (PIXELS + 128)


def _unpickle(path: Path, max_bytes: int, *wanted: str) -> dict[str, unpickling.Entry]:
    """Return the requested entries of a pickled dict."""
    try:
        with open_regular(path) as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise pickle.UnpicklingError(f"it is larger than {max_bytes:,} bytes")
        return unpickling.load(content, wanted, max_opcodes=1000 + 20 * RECORDS)
    except pickle.UnpicklingError as error:
        raise ValueError(
            f"expected a pickled batch of CIFAR-10, got {path}: {error}. Nothing in it was run; {FETCH_AGAIN}, from a "
            f"source that you trust"
        ) from error


def _read_pickled_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    """Read a batch into images and labels."""
    batch = _unpickle(path, _pickled_bytes(), "data", "labels")
    data, labels = batch.get("data"), batch.get("labels")
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != X.shape:
        raise _wrong_entry(path, "data", data, f"an array of shape {X.shape} and dtype uint8")
    if isinstance(labels, np.ndarray):
        labels = labels.tolist()
    numbers = [label for label in labels if type(label) is int] if isinstance(labels, list) else []
    if not isinstance(labels, list) or len(labels) != len(y) or len(numbers) < len(labels):
        raise _wrong_entry(path, "labels", labels, f"a list of {len(y):,} integers")
    _store_labels(path, numbers, y)
    X[:] = data


def _wrong_entry(path: Path, entry: str, got: object, expected: str) -> ValueError:
    """The error for an entry of another type or shape."""
    if isinstance(got, np.ndarray):
        described = f"an array of shape {got.shape} and dtype {got.dtype}"
    elif isinstance(got, list):
        described = f"a list of {len(got):,} ({', '.join(sorted({type(item).__name__ for item in got}))})"
    else:
        described = "nothing" if got is None else f"a {type(got).__name__}"
    return ValueError(
        f"expected {expected} under {entry!r} in {path}, got {described}; it was modified or is another file: "
        f"{FETCH_AGAIN}"
    )


def _read_pickled_names(path: Path) -> list[str]:
    """The names of the classes, or none if the entry is not a list of names."""
    names = _unpickle(path, MAX_NAMES, "label_names").get("label_names")
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return texts if isinstance(names, list) and len(texts) == len(names) else []


BINARY = Layout(
    name="binary",
    folder="cifar-10-batches-bin",
    archive="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    training=tuple(f"data_batch_{i}.bin" for i in range(1, 6)),
    test="test_batch.bin",
    names="batches.meta.txt",
    batch_bytes=_binary_bytes,
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
    batch_bytes=_pickled_bytes,
    read_batch=_read_pickled_batch,
    read_names=_read_pickled_names,
)
