"""CIFAR-10: found in a folder, unpacked from an archive that lies there, or downloaded whole and checked."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from sklearn.utils import Bunch

from classifiers import errors
from classifiers.data import cifar10_batches as batches
from classifiers.data.archives import unpack
from classifiers.data.cifar10_batches import BINARY, PICKLED, Images, Layout
from classifiers.data.download import downloaded, is_web_address, without_password
from classifiers.data.folders import FetchError, home_or_default, locked
from nn.validation import check_choice, check_flag, check_number

URL = "https://www.cs.toronto.edu/~kriz"  # the folder of the official archives
LAYOUTS = BINARY, PICKLED  # in the order in which they are looked for

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
    "train": "the images for training and their labels",
    "test": "the images for the test and their labels",
    "all": "the images for training, then those for the test, and their labels",
}


def fetch_cifar10(
    data_home: str | os.PathLike[str] | None = None,
    *,
    download_if_missing: bool = True,
    return_X_y: bool = False,
    subset: str = "all",
    mirror: str | None = None,
    n_retries: int = 3,
    delay: float = 1.0,
) -> Any:
    """CIFAR-10 from a folder; where it is not there, downloaded into it first (163 MB), checked by its md5.

    data_home            where to look, and to download to; $GATEWISE_DATA or the user's cache folder where None. It
                         holds cifar-10-batches-bin (the binary layout) or cifar-10-batches-py (the pickled one, which
                         is read without running anything in it), or is that folder itself, or holds an archive of
                         one, cifar-10-binary.tar.gz or cifar-10-python.tar.gz, which is then unpacked
    download_if_missing  False to raise FileNotFoundError where none of these is there
    return_X_y           True to return (data, target) instead of a Bunch
    subset               what `data` and `target` are: "train" (50,000), "test" (10,000) or "all" (60,000, the images
                         for training first)
    mirror               address of a folder with the archive, to download it from; $GATEWISE_MIRROR or the official
                         one where None. The md5 is checked all the same
    n_retries            how often to try again where a download fails
    delay                seconds to wait before each

    Returns a Bunch with `data` (n, 3072), uint8, and `target` (n,), int64; X_train (50000, 3072), y_train, X_test
    (10000, 3072) and y_test, whatever the subset; target_names, name, is_cifar10 (True), folder, DESCR. All images are
    views of one array. Raises TypeError where data_home is no path, FetchError where the data is not there and cannot
    be had, ValueError or FileNotFoundError where the files are there but cut short, not all (nor whole in the other
    layout) or not CIFAR-10. What is there is read without writing; only to download or unpack is the folder held (by a
    lock file), and other processes wait.
    """
    check_flag("fetch_cifar10: download_if_missing", download_if_missing)
    check_flag("fetch_cifar10: return_X_y", return_X_y)
    check_choice("fetch_cifar10: subset", subset, SUBSETS)
    check_number(int, "fetch_cifar10: n_retries", n_retries, at_least=0)
    check_number(float, "fetch_cifar10: delay", delay, at_least=0, below=math.inf)
    home = home_or_default(data_home)
    if home.name in {layout.folder for layout in LAYOUTS} and not home.is_dir():
        home = home.parent
    layout, folder = _find_whole(home) or _provide(home, download_if_missing, mirror, n_retries, delay)
    files = f"The files were read from {folder}, in the {layout.name} layout of {URL}/cifar.html"
    images = batches.read(folder, layout, name=NAME, fetch="fetch_cifar10")
    bunch = to_bunch(images, name=NAME, source=f"{SOURCE}\n{files}", folder=folder, subset=subset)
    return (bunch.data, bunch.target) if return_X_y else bunch


def to_bunch(images: Images, *, name: str, source: str, folder: Path | None, subset: str = "all") -> Bunch:
    """What `fetch_cifar10` returns."""
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
    """The folders of batches that are there, whole or not."""
    return [
        (layout, folder)
        for layout in LAYOUTS
        for folder in (home, home / layout.folder)
        if folder.is_dir() and (folder.name == layout.folder or (folder / layout.training[0]).exists())
    ]


def _find_whole(home: Path) -> tuple[Layout, Path] | None:
    return next(((layout, folder) for layout, folder in _find(home) if not batches.missing(folder, layout)), None)


def _provide(
    home: Path, download_if_missing: bool, mirror: str | None, n_retries: int, delay: float
) -> tuple[Layout, Path]:
    """Unpack an archive that lies there, or download one; where there is but a folder that is not whole, that one."""
    broken = _find(home)
    free = [layout for layout in LAYOUTS if (layout, home / layout.folder) not in broken]  # what is there stays
    layout = next((layout for layout in free if (home / layout.archive).is_file()), None)
    if layout is None and broken:
        return broken[0]
    if layout is None and not download_if_missing:
        layouts = " or ".join(layout.folder for layout in LAYOUTS)
        archives = " or ".join(layout.archive for layout in LAYOUTS)
        raise FileNotFoundError(errors.NO_BATCHES.format(folder=home, layouts=layouts, archives=archives))
    with locked(home):
        if found := _find_whole(home):  # another process has put it there meanwhile
            return found
        if layout is not None:
            unpack(home / layout.archive, home / layout.folder, layout.files)
            return layout, home / layout.folder
        place = os.environ.get("GATEWISE_MIRROR") or URL if mirror is None else mirror
        if not is_web_address(place):
            raise FetchError(errors.MIRROR.format(got=without_password(place) if isinstance(place, str) else place))
        url = f"{place.rstrip('/')}/{BINARY.archive}"
        with downloaded(url, BINARY.md5, home, n_retries=n_retries, delay=delay) as archive:
            unpack(archive, home / BINARY.folder, BINARY.files)
        return BINARY, home / BINARY.folder
