"""A stand-in for CIFAR-10 where it is neither there nor to be had: images that are drawn, in the same layout.

Ten classes of 32×32 colour images: six shapes and four textures, in random colours, dark on light or light on dark,
moved, turned, scaled, lit from a side and covered with noise. As either the shape or its ground may be the brighter,
a class has no mean image to speak of, and a linear model does poorly where an MLP does well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from sklearn.utils import Bunch

from classifiers.data import cifar10_batches as batches
from classifiers.data import folders
from classifiers.data.cifar10 import to_bunch
from classifiers.data.cifar10_batches import BINARY, Images

NAME = "stand-in (drawn by gatewise, NOT CIFAR-10)"
SOURCE = "Drawn by gatewise (classifiers/data/stand_in.py): shapes and textures. This is not CIFAR-10."
FOLDER = "stand-in-1-batches-bin"  # with the version of what follows: change it with the drawing
SEED = 1
CHUNK = 1000  # images drawn at a time

Plane = np.ndarray  # (n, 32, 32)


def fetch_stand_in(data_home: str | os.PathLike[str] | None = None) -> Bunch:
    """The stand-in, drawn on first use into the folder for data and read from there by the code that reads CIFAR-10.

    Where that folder cannot be read or written, it is drawn in memory, each time anew.
    Returns what `fetch_cifar10` returns, with `is_cifar10` False, a `name` that says so, and `folder` None where it was
    drawn in memory.
    """
    folder: Path | None
    try:
        home = folders.home_or_default(data_home)
        images, folder = _read(home, home / FOLDER), home / FOLDER
    except folders.FetchError:
        images, folder = _in_memory(), None
    return to_bunch(images, name=NAME, source=SOURCE, folder=folder)


def _read(home: Path, folder: Path) -> Images:
    if not folder.is_dir():
        with folders.locked(home):
            if not folder.is_dir():  # nor has another process put it there meanwhile
                with folders.whole_folder(folder) as whole:
                    _write(whole)
    return batches.read(folder, BINARY, name=NAME, fetch="fetch_stand_in")


def _write(folder: Path) -> None:
    for file, (images, labels) in zip((*BINARY.training, BINARY.test), _draw_files(), strict=True):
        batches.write_batch(folder / file, images, labels)
    (folder / BINARY.names).write_text("\n".join(CLASSES) + "\n")


def _in_memory() -> Images:
    stand_in = batches.empty(list(CLASSES))
    for i, (images, labels) in enumerate(_draw_files()):
        rows = slice(i * len(labels), (i + 1) * len(labels))
        stand_in.X[rows], stand_in.y[rows] = images, labels
    return stand_in


def _draw_files() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Images and labels of each file: five for training, one for the test."""
    rng = np.random.default_rng(SEED)
    for _ in range(6):
        labels = rng.permutation(np.arange(batches.RECORDS) % len(CLASSES))
        yield draw_images(labels, rng), labels


def draw_images(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One image for each label, (n, 3072) uint8 in CIFAR-10's order of pixels."""
    images = np.empty((len(labels), batches.PIXELS), np.uint8)
    for start in range(0, len(labels), CHUNK):
        chunk = slice(start, start + CHUNK)
        images[chunk] = _draw_chunk(labels[chunk], rng)
    return images


def _draw_chunk(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = len(labels)

    def uniform(low: float, high: float, *shape: int) -> np.ndarray:
        return rng.uniform(low, high, (n, *(shape or (1, 1)))).astype(np.float32)

    # Coordinates in which the shape has radius 1 around the origin, after a shift, a turn and a scaling.
    row, column = np.mgrid[:32, :32].astype(np.float32) - 15.5
    radius, angle = uniform(6, 13), uniform(-0.35, 0.35)
    down, right = row - uniform(-5, 5), column - uniform(-5, 5)
    x = (np.cos(angle) * right + np.sin(angle) * down) / radius
    y = (np.cos(angle) * down - np.sin(angle) * right) / radius

    inside = np.empty((n, 32, 32), np.float32)
    for label, shape in enumerate(CLASSES.values()):
        of = labels == label
        inside[of] = shape(x[of], y[of])
    cover = np.clip(0.5 + inside * radius, 0, 1)[:, None]  # how much of a pixel the shape covers: soft edges

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
    beam = np.minimum(0.3 - np.abs(x), 1 - np.abs(y))
    return np.maximum(beam, np.minimum(0.3 - np.abs(y), 1 - np.abs(x)))


def _stripes(along: Plane) -> Plane:
    return 0.2 * np.sin(6 * along)


# For each class, how far inside the shape a point lies (negative outside), in units of its radius.
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
