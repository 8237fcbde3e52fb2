"""CIFAR-10: found in a folder, extracted from an archive, or downloaded and checked."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Literal, overload

import numpy as np
from sklearn.utils import Bunch

from classifiers.data import cifar10_batches
from classifiers.data.archives import unpack
from classifiers.data.cifar10_batches import BINARY, PICKLED, Images, Layout
from classifiers.data.download import is_web_address, temporary_download, without_password
from classifiers.data.folders import FetchError, locked, resolve_data_home
from nn.validation import check_choice, check_flag, check_number

URL = "https://www.cs.toronto.edu/~kriz"  # the folder of the official archives
LAYOUTS = BINARY, PICKLED  # in the order of preference

DESCRIPTION = """{name}
60,000 colour images of 32×32 pixels in ten classes, 50,000 for training and 10,000 for the test.

X_train (50000, 3072), X_test (10000, 3072): uint8, the red plane row by row, then green, then blue
y_train (50000,), y_test (10000,): integers that index target_names
data, target: {subset}
The arrays of images are views of one, (60000, 3072).

{source}
"""
SOURCE = "Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009."
NAME = "CIFAR-10"
SUBSETS = {
    "train": "the training images and their labels",
    "test": "the test images and their labels",
    "all": "the training images, then the test images, and their labels",
}


@overload
def fetch_cifar10(
    data_home: str | os.PathLike[str] | None = None, *, download_if_missing: bool = True,
    return_X_y: Literal[False] = False, subset: str = "all", mirror: str | None = None, n_retries: int = 3,
    delay: float = 1.0,
) -> Bunch: ...  # fmt: skip


@overload
def fetch_cifar10(
    data_home: str | os.PathLike[str] | None = None, *, download_if_missing: bool = True,
    return_X_y: Literal[True], subset: str = "all", mirror: str | None = None, n_retries: int = 3,
    delay: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]: ...  # fmt: skip


def fetch_cifar10(
    data_home: str | os.PathLike[str] | None = None,
    *,
    download_if_missing: bool = True,
    return_X_y: bool = False,
    subset: str = "all",
    mirror: str | None = None,
    n_retries: int = 3,
    delay: float = 1.0,
) -> Bunch | tuple[np.ndarray, np.ndarray]:
    """Load CIFAR-10 from a folder; if it is not there, download it first (163 MB).

    Data that is there is read without writing. While data is downloaded or extracted, a lock file makes other processes
    wait.

    Parameters
    ----------
    data_home : str, os.PathLike or None, default None
        The folder to look in, and to download to; None for ``$GATEWISE_DATA``, or the user's cache folder if that is
        not set. It is, or contains, a folder ``cifar-10-batches-bin`` (the binary layout) or ``cifar-10-batches-py``
        (the pickled one, read without running anything in it); or it contains an archive of one,
        ``cifar-10-binary.tar.gz`` or ``cifar-10-python.tar.gz``, which is then extracted.
    download_if_missing : bool, default True
        False to raise FileNotFoundError if the data is not there.
    return_X_y : bool, default False
        True to return ``(data, target)`` instead of a Bunch.
    subset : {"train", "test", "all"}, default "all"
        The images in `data` and `target`: the 50,000 for training, the 10,000 for the test, or all, those for training
        first.
    mirror : str or None, default None
        The address of a folder with the archive, to download it from; None for ``$GATEWISE_MIRROR``, or the official
        address if that is not set. The checksum of the archive must be the official one.
    n_retries : int, default 3
        How many times to try again if a download fails.
    delay : float, default 1.0
        Seconds to wait before each.

    Returns
    -------
    Bunch or (ndarray, ndarray)
        With ``return_X_y=True``, `data` and `target`; otherwise a dict with attributes:

        - data, ndarray of uint8, shape (n, 3072): the images of the subset, each the red plane row by row, then the
          green and the blue one;
        - target, ndarray of int64, shape (n,): their labels, which index `target_names`;
        - X_train, shape (50000, 3072), y_train, X_test, shape (10000, 3072), and y_test, whatever the subset;
        - target_names, a list of the names of the ten classes;
        - name, is_cifar10 (True), folder (a pathlib.Path) and DESCR.

        All images are views of one array.

    Raises
    ------
    TypeError
        If `data_home` is not a path.
    FetchError
        If the data is not there and cannot be downloaded or written.
    FileNotFoundError
        If files are missing.
    ValueError
        If an argument is out of range, or files are truncated or not CIFAR-10's.

    Examples
    --------
    >>> from classifiers import fetch_cifar10
    >>> X, y = fetch_cifar10(subset="test", return_X_y=True)  # doctest: +SKIP
    """
    check_flag("fetch_cifar10: download_if_missing", download_if_missing)
    check_flag("fetch_cifar10: return_X_y", return_X_y)
    check_choice("fetch_cifar10: subset", subset, SUBSETS)
    check_number(int, "fetch_cifar10: n_retries", n_retries, at_least=0)
    check_number(float, "fetch_cifar10: delay", delay, at_least=0, below=math.inf)
    home = resolve_data_home(data_home)
    if home.name in {layout.folder for layout in LAYOUTS} and not home.is_dir():
        home = home.parent
    found = _find_complete(home) or _extract_or_download(home, download_if_missing, mirror, n_retries, delay)
    layout, folder = found
    files = f"The files were read from {folder}, in the {layout.name} layout of {URL}/cifar.html"
    images = cifar10_batches.read(folder, layout, name=NAME, fetch="fetch_cifar10")
    bunch = to_bunch(images, name=NAME, source=f"{SOURCE}\n{files}", folder=folder, subset=subset)
    return (bunch.data, bunch.target) if return_X_y else bunch


def to_bunch(images: Images, *, name: str, source: str, folder: Path | None, subset: str = "all") -> Bunch:
    """Build the result of `fetch_cifar10`.

    Parameters
    ----------
    images : Images
        All images, five sixths of them for training.
    name : str
        The name of the data.
    source : str
        Where the data is from, for the description.
    folder : pathlib.Path or None
        The folder from which it was read; None if it was not read.
    subset : {"train", "test", "all"}, default "all"
        The images in `data` and `target`.

    Returns
    -------
    Bunch
        The arrays, names and description.
    """
    X, y, names = images
    train, test = slice(len(y) // 6 * 5), slice(len(y) // 6 * 5, None)
    of_subset = {"train": train, "test": test, "all": slice(None)}[subset]
    return Bunch(
        data=X[of_subset],
        target=y[of_subset],
        X_train=X[train],
        y_train=y[train],
        X_test=X[test],
        y_test=y[test],
        target_names=names,
        name=name,
        is_cifar10=name == NAME,
        folder=folder,
        DESCR=DESCRIPTION.format(name=name, subset=SUBSETS[subset], source=source),
    )


def _find(home: Path) -> list[tuple[Layout, Path]]:
    """The folders of batches that are there, complete or not."""
    return [
        (layout, folder)
        for layout in LAYOUTS
        for folder in (home, home / layout.folder)
        if folder.is_dir() and (folder.name == layout.folder or (folder / layout.training[0]).exists())
    ]


def _find_complete(home: Path) -> tuple[Layout, Path] | None:
    """The first folder of batches that lacks no file."""
    found = _find(home)
    return next(((layout, folder) for layout, folder in found if not cifar10_batches.missing(folder, layout)), None)


def _extract_or_download(
    home: Path, download_if_missing: bool, mirror: str | None, n_retries: int, delay: float
) -> tuple[Layout, Path]:
    """Extract an archive that is there, or download one; if there is only an incomplete folder, return that."""
    incomplete = _find(home)
    free = [layout for layout in LAYOUTS if (layout, home / layout.folder) not in incomplete]  # nothing is overwritten
    layout = next((layout for layout in free if (home / layout.archive).is_file()), None)
    if layout is None and incomplete:
        return incomplete[0]
    if layout is None and not download_if_missing:
        layouts = " or ".join(layout.folder for layout in LAYOUTS)
        archives = " or ".join(layout.archive for layout in LAYOUTS)
        raise FileNotFoundError(
            f"found no CIFAR-10 in {home}: expected a folder {layouts}, or an archive {archives}; set GATEWISE_DATA to "
            f"the folder that has one of them, or call fetch_cifar10() with a network connection"
        )
    with locked(home):
        if found := _find_complete(home):  # another process has written it meanwhile
            return found
        if layout is not None:
            unpack(home / layout.archive, home / layout.folder, layout.files)
            return layout, home / layout.folder
        place = os.environ.get("GATEWISE_MIRROR") or URL if mirror is None else mirror
        if not is_web_address(place):
            got = without_password(place) if isinstance(place, str) else place
            raise FetchError(
                f"expected mirror to be the address of a folder, https://host/folder, got {got!r}; "
                f"pass one as mirror=, or set GATEWISE_MIRROR to one"
            )
        url = f"{place.rstrip('/')}/{BINARY.archive}"
        with temporary_download(url, BINARY.md5, home, n_retries=n_retries, delay=delay) as archive:
            unpack(archive, home / BINARY.folder, BINARY.files)
        return BINARY, home / BINARY.folder
