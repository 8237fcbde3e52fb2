"""The stand-in for CIFAR-10, if that cannot be downloaded: drawn images in the same layout.

There are ten classes of 32×32 colour images, six shapes and four textures. Their colours, place, rotation, size and
lighting are random, and noise is added. Because the shape may be brighter or darker than the background, the mean image
of a class is nearly uniform: a linear model performs poorly, an MLP well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from sklearn.utils import Bunch

from classifiers.data import cifar10_batches, folders
from classifiers.data.cifar10 import to_bunch
from classifiers.data.cifar10_batches import BINARY, Images

NAME = "stand-in (drawn by gatewise, NOT CIFAR-10)"
SOURCE = "Drawn by gatewise (classifiers/data/stand_in.py): shapes and textures. This is not CIFAR-10."
FOLDER = "stand-in-1-batches-bin"  # with a version number: increase it if the images change
SEED = 1
CHUNK = 1000  # images drawn at a time

Plane = np.ndarray  # a number for each pixel of n images, of shape (n, 32, 32)


def fetch_stand_in(data_home: str | os.PathLike[str] | None = None) -> Bunch:
    """Load the stand-in for CIFAR-10, which is drawn on first use.

    It is written to the folder for data, and read from there later. If that folder cannot be read or written, the
    stand-in is drawn in memory on each call.

    Parameters
    ----------
    data_home : str, os.PathLike or None, default None
        The folder for data; None for ``$GATEWISE_DATA``, or the user's cache folder if that is not set.

    Returns
    -------
    Bunch
        As `fetch_cifar10` returns it. `is_cifar10` is False, `name` says that this is not CIFAR-10, and `folder` is
        None if the stand-in was drawn in memory.

    Raises
    ------
    TypeError
        If `data_home` is not a path.
    FileNotFoundError
        If files of the stand-in are missing.
    ValueError
        If files of the stand-in were modified.
    """
    folder: Path | None
    try:
        home = folders.resolve_data_home(data_home)
        images, folder = _read(home, home / FOLDER), home / FOLDER
    except folders.FetchError:
        images, folder = _draw_in_memory(), None
    return to_bunch(images, name=NAME, source=SOURCE, folder=folder)


def _read(home: Path, folder: Path) -> Images:
    """The stand-in from its folder, which is written first if it does not exist."""
    if not folder.is_dir():
        with folders.locked(home):
            if not folder.is_dir():  # another process may have written it meanwhile
                with folders.atomic_folder(folder) as temporary:
                    _write(temporary)
    return cifar10_batches.read(folder, BINARY, name=NAME, fetch="fetch_stand_in")


def _write(folder: Path) -> None:
    """Write the stand-in in the binary layout."""
    for file, (images, labels) in zip((*BINARY.training, BINARY.test), _draw_files(), strict=True):
        cifar10_batches.write_batch(folder / file, images, labels)
    (folder / BINARY.names).write_text("\n".join(CLASSES) + "\n")


def _draw_in_memory() -> Images:
    """The stand-in without files."""
    stand_in = cifar10_batches.empty(list(CLASSES))
    for i, (images, labels) in enumerate(_draw_files()):
        rows = slice(i * len(labels), (i + 1) * len(labels))
        stand_in.X[rows], stand_in.y[rows] = images, labels
    return stand_in


def _draw_files() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The images and labels of each file: five for training, one for the test."""
    rng = np.random.default_rng(SEED)
    for _ in range(6):
        labels = rng.permutation(np.arange(cifar10_batches.RECORDS) % len(CLASSES))
        yield draw_images(labels, rng), labels


def draw_images(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw images.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        The classes, from 0 to 9.
    rng : numpy.random.Generator
        The source of randomness.

    Returns
    -------
    ndarray of uint8, shape (n, 3072)
        An image for each label, in planes.
    """
    images = np.empty((len(labels), cifar10_batches.PIXELS), np.uint8)
    for start in range(0, len(labels), CHUNK):
        chunk = slice(start, start + CHUNK)
        images[chunk] = _draw_chunk(labels[chunk], rng)
    return images


def _draw_chunk(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images for a few labels."""
    n = len(labels)

    def uniform(low: float, high: float, *shape: int) -> np.ndarray:
        return rng.uniform(low, high, (n, *(shape or (1, 1)))).astype(np.float32)

    # Shifted, rotated and scaled coordinates, in which the shape has radius 1 around the origin.
    row, column = np.mgrid[:32, :32].astype(np.float32) - 15.5
    radius, angle = uniform(6, 13), uniform(-0.35, 0.35)
    down, right = row - uniform(-5, 5), column - uniform(-5, 5)
    x = (np.cos(angle) * right + np.sin(angle) * down) / radius
    y = (np.cos(angle) * down - np.sin(angle) * right) / radius

    inside = np.empty((n, 32, 32), np.float32)
    for label, shape in enumerate(CLASSES.values()):
        of = labels == label
        inside[of] = shape(x[of], y[of])
    cover = np.clip(0.5 + inside * radius, 0, 1)[:, None]  # the share of each pixel that the shape covers: soft edges

    # Two colours of different brightness; the shape is the darker one in three of four images.
    middle, contrast = uniform(90, 165, 1, 1, 1), uniform(15, 60, 1, 1, 1)
    sign = np.where(rng.random((n, 1, 1, 1)) < 0.75, -1, 1).astype(np.float32)
    shape_colour = middle + sign * contrast + uniform(-30, 30, 3, 1, 1)
    ground_colour = middle - sign * contrast + uniform(-30, 30, 3, 1, 1)
    light = uniform(-1, 1) * row + uniform(-1, 1) * column
    noise = rng.standard_normal((n, 3, 32, 32), dtype=np.float32) * 32
    image = ground_colour + cover * (shape_colour - ground_colour) + light[:, None] + noise
    return np.clip(image, 0, 255).astype(np.uint8).reshape(n, -1)


def _cross(x: Plane, y: Plane) -> Plane:
    """The distance from the edge of a plus sign."""
    beam = np.minimum(0.3 - np.abs(x), 1 - np.abs(y))
    return np.maximum(beam, np.minimum(0.3 - np.abs(y), 1 - np.abs(x)))


def _stripes(along: Plane) -> Plane:
    """The distance from the edges of stripes."""
    return 0.2 * np.sin(6 * along)


# For each class, the distance of a point from the edge of the shape (negative outside), in units of its radius.
CLASSES: dict[str, Callable[[Plane, Plane], Plane]] = {
    "disk": lambda x, y: 0.85 - np.hypot(x, y),
    "ring": lambda x, y: 0.2 - np.abs(np.hypot(x, y) - 0.75),
    "square": lambda x, y: 0.75 - np.maximum(np.abs(x), np.abs(y)),
    "triangle": lambda x, y: np.minimum(0.6 - y, 0.5 * y + 0.45 - 0.87 * np.abs(x)),
    "plus": _cross,
    "saltire": lambda x, y: _cross((x + y) * 0.707, (x - y) * 0.707),
    "rows": lambda x, y: _stripes(y),
    "columns": lambda x, y: _stripes(x),
    "diagonals": lambda x, y: _stripes((x + y) * 0.707),
    "chequers": lambda x, y: 0.2 * np.sign(np.sin(5 * x) * np.sin(5 * y)),
}
