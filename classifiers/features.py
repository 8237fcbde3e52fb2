"""Features made by hand: what one knows about pictures, as numbers for a classifier that does not know it.

Each takes images X, uint8 of shape (n, features) or (n, channels, height, width), in planes as CIFAR-10's, and gives a
row of float32 for each, all between 0 and 1. Images of another size than CIFAR-10's give their `shape`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd, prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.extend import describe
from classifiers import errors
from classifiers.augmentation import Shape
from nn.validation import check_number

CIFAR10: Shape = (3, 32, 32)
BLOCK = 250  # images at a time, so that what is computed of them stays in the processor's cache
SIDE = 2  # cells a side of the blocks that are brought to one length


def colour_histogram(X: Any, *, bins: int = 4, shape: Shape = CIFAR10) -> np.ndarray:
    """How often each colour occurs, wherever: the share of the pixels in each of bins × bins × bins boxes of colours.

    Swain and Ballard 1991, "Color indexing". Returns (n, bins**channels), rows that add up to 1; the last channel's
    bins come next to each other.

    bins  that the 256 values of a channel are put into, at most 16
    """
    bins, shape = check_number(int, "bins", bins, at_least=1, at_most=16), _shape(shape)
    boxes = bins ** shape[0]

    def of(images: np.ndarray) -> np.ndarray:
        box = np.arange(len(images))[:, None]
        for plane in np.moveaxis(images.reshape(len(images), shape[0], -1), 1, 0):
            box = box * bins + plane.astype(np.intp) * bins // 256
        counts = np.bincount(box.ravel(), minlength=len(images) * boxes)
        return counts.reshape(len(images), boxes) / box.shape[1]

    return _each("colour_histogram", X, shape, of, boxes)


def orientation_histograms(X: Any, *, cell: int = 8, orientations: int = 9, shape: Shape = CIFAR10) -> np.ndarray:
    """How steep an image is in which direction, cell by cell: (n, height / cell, width / cell, orientations).

    Each pixel votes with the length of its gradient, in grey levels from 0 to 1, for the two directions next to that of
    the gradient; the directions lie at 0, π / orientations, 2π / orientations ... from the right, turning down, and a
    direction is the same as its opposite. Returns the mean of each cell's votes.

    cell          pixels a side of a cell, a divisor of both sides of the image
    orientations  directions to tell apart, at least 2
    """
    cell, shape = check_number(int, "cell", cell, at_least=1), _shape(shape)
    orientations = check_number(int, "orientations", orientations, at_least=2)
    if gcd(cell, *shape[1:]) != cell or min(shape[1:]) < 2:
        raise ValueError(errors.CELLS.format(got=cell, shape=shape))
    rows, columns = shape[1] // cell, shape[2] // cell

    def of(images: np.ndarray) -> np.ndarray:
        down, right = np.gradient(images.mean(axis=1, dtype=np.float32) / 255, axis=(1, 2))
        strength, direction = np.hypot(down, right), np.arctan2(down, right) * (orientations / np.pi) % orientations
        histograms = np.empty((len(images), rows, columns, orientations), np.float32)
        for orientation in range(orientations):
            apart = np.abs(direction - orientation)
            votes = strength * np.maximum(0, 1 - np.minimum(apart, orientations - apart))
            cells = votes.reshape(len(images), rows, cell, columns, cell)
            histograms[..., orientation] = cells.mean(axis=(2, 4))
        return histograms

    return _each("orientation_histograms", X, shape, of, rows, columns, orientations)


def oriented_gradients(X: Any, *, cell: int = 8, orientations: int = 9, shape: Shape = CIFAR10) -> np.ndarray:
    """Histograms of oriented gradients: where edges run, and in which direction, however strong the light is.

    Dalal and Triggs 2005, "Histograms of oriented gradients for human detection": the `orientation_histograms` of each
    block of 2 × 2 cells, of which each cell is in up to four, divided by their length. Returns (n, blocks · 4 ·
    orientations), block by block. The settings are those of `orientation_histograms`; there are 2 × 2 cells or more.
    """
    histograms = orientation_histograms(X, cell=cell, orientations=orientations, shape=shape)
    n, *cells, orientations = histograms.shape
    if min(cells) < SIDE:
        raise ValueError(errors.CELLS.format(got=cell, shape=shape))
    blocks = sliding_window_view(histograms, (SIDE, SIDE), axis=(1, 2))
    blocks = blocks.reshape(n, prod(size - SIDE + 1 for size in cells), SIDE * SIDE * orientations)
    # A hundredth of what there is between black and white: blocks that are nearly flat stay small, and noise with them.
    lengths = np.sqrt(np.square(blocks).sum(axis=2, keepdims=True) + np.float32(0.01) ** 2)
    return (blocks / lengths).reshape(n, prod(blocks.shape[1:]))


def _shape(got: Any) -> Shape:
    if not isinstance(got, (tuple, list)) or len(got) != len(CIFAR10):
        raise ValueError(errors.IMAGE_SHAPE.format(got=describe(got)))
    channels, height, width = (check_number(int, "shape", size, at_least=1) for size in got)
    return channels, height, width


def _each(what: str, X: Any, shape: Shape, of: Callable[[np.ndarray], np.ndarray], *features: int) -> np.ndarray:
    """What `of` makes of images (n, *shape), some at a time, as (n, *features) in float32."""
    X = np.asarray(X)
    if X.dtype != np.uint8 or X.shape[1:] not in ((prod(shape),), shape):
        raise ValueError(errors.FEATURES.format(what=what, features=prod(shape), shape=shape, got=describe(X)))
    images = X.reshape(-1, *shape)
    out = np.empty((len(images), *features), np.float32)
    for start in range(0, len(images), BLOCK):
        out[start : start + BLOCK] = of(images[start : start + BLOCK])
    return out
