"""CIFAR-10: found in a folder, or downloaded whole and checked; its binary layout read and verified."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from sklearn.utils import Bunch

from classifiers import errors

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
FOLDER = "cifar-10-batches-bin"
TRAINING = [f"data_batch_{i}.bin" for i in range(1, 6)]
TEST = "test_batch.bin"
NAMES = "batches.meta.txt"
RECORDS = 10_000  # images in each file
PIXELS = 3 * 32 * 32  # of an image: its red plane, row by row, then green, then blue

DESCRIPTION = """{name}
60,000 colour images of 32×32 pixels in ten classes, 50,000 for training and 10,000 for the test.

X_train (50000, 3072), X_test (10000, 3072): uint8, the red plane row by row, then green, then blue
y_train (50000,), y_test (10000,): integers that index target_names

{source}
"""
SOURCE = "Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009."


class FetchError(OSError):
    """The data could neither be found nor be had."""


def default_home() -> Path:
    """The folder for data: $GATEWISE_DATA, else the user's cache folder for gatewise."""
    import pooch

    return Path(os.environ.get("GATEWISE_DATA") or pooch.os_cache("gatewise")).expanduser()


def home_or_default(data_home: str | os.PathLike[str] | None) -> Path:
    """The folder that a user named, or the default."""
    return default_home() if data_home is None else Path(data_home).expanduser()


def fetch_cifar10(data_home: str | os.PathLike[str] | None = None, *, download_if_missing: bool = True) -> Bunch:
    """CIFAR-10 from a folder; where it is not there, downloaded into it first (163 MB), checked by its md5.

    data_home            where to look, and to download to: the folder that holds cifar-10-batches-bin, or that folder
                         itself; $GATEWISE_DATA or the user's cache folder where None
    download_if_missing  False to raise FileNotFoundError instead

    Returns a Bunch with X_train (50000, 3072) and X_test (10000, 3072), uint8; y_train and y_test, int64;
    target_names, name, is_cifar10 (True), folder, DESCR. Raises FetchError where the data is not there and cannot be
    had, ValueError or FileNotFoundError where the files are there but cut short, not all or not CIFAR-10.
    """
    home = home_or_default(data_home)
    folder = home if home.name == FOLDER or (home / TRAINING[0]).exists() else home / FOLDER
    if not folder.is_dir():
        if not download_if_missing:
            text = errors.NO_BATCHES.format(folder=home, inside=home / FOLDER, first=TRAINING[0], last=TEST)
            raise FileNotFoundError(text)
        download(folder)
    return read_batches(folder, name="CIFAR-10", source=SOURCE, is_cifar10=True)


def read_batches(folder: Path, *, name: str, source: str, is_cifar10: bool) -> Bunch:
    """Read a folder in CIFAR-10's binary layout: records of a label byte and 3,072 pixel bytes."""
    missing = [file for file in (*TRAINING, TEST, NAMES) if not (folder / file).is_file()]
    if missing:
        raise FileNotFoundError(errors.MISSING_FILES.format(folder=folder, missing=", ".join(missing)))
    names = (folder / NAMES).read_text(errors="replace").split()
    if len(names) != 10:
        raise ValueError(errors.BATCH_NAMES.format(path=folder / NAMES, came=len(names)))
    X_train = np.empty((len(TRAINING) * RECORDS, PIXELS), np.uint8)
    y_train = np.empty(len(X_train), np.int64)
    for i, file in enumerate(TRAINING):
        rows = slice(i * RECORDS, (i + 1) * RECORDS)
        X_train[rows], y_train[rows] = _read_batch(folder / file)
    X_test, y_test = _read_batch(folder / TEST)
    return Bunch(
        X_train=X_train,
        y_train=y_train,
        X_test=np.ascontiguousarray(X_test),
        y_test=y_test.astype(np.int64),
        target_names=names,
        name=name,
        is_cifar10=is_cifar10,
        folder=folder,
        DESCR=DESCRIPTION.format(name=name, source=source),
    )


def write_batch(path: Path, X: np.ndarray, y: np.ndarray) -> None:
    """Write images (n, 3072) and labels (n,) as one file of the binary layout."""
    np.hstack([y[:, None].astype(np.uint8), X]).tofile(path)


def _read_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    expected = RECORDS * (1 + PIXELS)
    if path.stat().st_size != expected:
        text = errors.BATCH_SIZE.format(path=path, came=path.stat().st_size, expected=expected, records=RECORDS)
        raise ValueError(text)
    records = np.fromfile(path, np.uint8).reshape(RECORDS, 1 + PIXELS)
    labels = records[:, 0]
    if labels.max() > 9:
        row = int(np.argmax(labels > 9))
        raise ValueError(errors.BATCH_LABEL.format(path=path, came=labels[row], row=row))
    return records[:, 1:], labels


def download(folder: Path) -> None:
    """Download the official archive and unpack it as `folder`: all of it, or nothing."""
    import pooch

    home = folder.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        # pooch downloads to a temporary file, which it renames only after the checksum has been found right
        archive = pooch.retrieve(
            URL,
            known_hash=f"md5:{MD5}",
            fname=URL.rpartition("/")[2],
            path=home,
            downloader=pooch.HTTPDownloader(progressbar=True, timeout=30),
        )
    except OSError as error:  # those of requests are OSErrors
        raise FetchError(errors.DOWNLOAD.format(url=URL, why=_root_cause(error), folder=folder)) from error
    except ValueError as error:
        raise FetchError(errors.CHECKSUM.format(url=URL, expected=MD5, why=error)) from error
    unpack(Path(archive), folder)
    Path(archive).unlink()


def _root_cause(error: BaseException) -> BaseException:
    """What an error came from in the end: "Connection refused" rather than five libraries' words around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def unpack(archive: Path, folder: Path) -> None:
    """Take the files of the layout, and nothing else, out of the archive; `folder` appears once it is whole."""
    wanted = {*TRAINING, TEST, NAMES}
    with whole_folder(folder) as whole:
        with tarfile.open(archive) as tar:
            for member in tar:
                file = member.name.rpartition("/")[2]
                content = tar.extractfile(member) if file in wanted else None
                if content is not None:
                    with content, (whole / file).open("wb") as out:
                        shutil.copyfileobj(content, out)
        missing = wanted - {path.name for path in whole.iterdir()}
        if missing:
            raise FetchError(errors.ARCHIVE.format(path=archive, missing=", ".join(sorted(missing))))


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` once all is in it; on an error or an interruption nothing stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as temporary:
        whole = Path(temporary) / folder.name
        whole.mkdir()
        yield whole
        whole.rename(folder)
