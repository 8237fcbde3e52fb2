"""Handcrafted features of images: colour histograms and histograms of oriented gradients.

The functions expect images X of uint8, stored channel by channel as in CIFAR-10, and return float32 features between 0
and 1. For images of another size than CIFAR-10's, pass their `shape`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd, prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.extend import describe
from classifiers.augmentation import Shape
from nn.validation import check_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CIFAR10: Shape = (3, 32, 32)
BLOCK = 250  # images at a time, so that intermediate results fit in the processor's cache
BLOCK_CELLS = 2  # cells per side of the blocks that are normalised to the same length

_CELLS = (
    "{function} expected cells that divide the images' height and width, and at least {least} × {least} of them, got "
    "cell={got} for images of shape {shape}; choose another cell"
)


def colour_histogram(X: ArrayLike, *, bins: int = 4, shape: Shape = CIFAR10) -> np.ndarray:
    """Count how often each colour occurs, regardless of its position.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, features) or (n, channels, height, width)
        The images.
    bins : int, default 4
        The number of bins for the 256 values of each channel, at most 16.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Returns
    -------
    ndarray of float32, shape (n, bins**channels)
        The share of the pixels in each of the bins × bins × bins boxes of colours; the last channel varies fastest.
        Each row sums to 1.

    Raises
    ------
    ValueError
        If X is not such images, or a setting is wrong.

    Notes
    -----
    Source: Swain and Ballard 1991, "Color indexing".

    Examples
    --------
    >>> colour_histogram(np.uint8([[0, 50, 200, 255]]), bins=2, shape=(1, 2, 2))
    array([[0.5, 0.5]], dtype=float32)
    """
    bins, shape = check_number(int, "bins", bins, at_least=1, at_most=16), _check_shape(shape)
    boxes = bins ** shape[0]

    def extract(images: np.ndarray) -> np.ndarray:
        box = np.arange(len(images))[:, None]
        for plane in np.moveaxis(images.reshape(len(images), shape[0], -1), 1, 0):
            box = box * bins + plane.astype(np.intp) * bins // 256
        counts = np.bincount(box.ravel(), minlength=len(images) * boxes)
        return counts.reshape(len(images), boxes) / box.shape[1]

    return _extract("colour_histogram", X, shape, extract, boxes)


def orientation_histograms(X: ArrayLike, *, cell: int = 8, orientations: int = 9, shape: Shape = CIFAR10) -> np.ndarray:
    """Measure how strong the gradients of each cell of an image are in each direction.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, features) or (n, channels, height, width)
        The images.
    cell : int, default 8
        The side of a cell in pixels, a divisor of the image's height and width.
    orientations : int, default 9
        The number of directions, at least 2.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Returns
    -------
    ndarray of float32, shape (n, height / cell, width / cell, orientations)
        The mean of each cell's votes.

    Raises
    ------
    ValueError
        If X is not such images, or a setting is wrong.

    Notes
    -----
    Each pixel votes for the two directions next to that of its gradient, with the gradient's length, in grey levels
    from 0 to 1, divided between them. The directions are 0, π / orientations, 2π / orientations … clockwise from the
    right; opposite directions are the same.

    Examples
    --------
    >>> slope = np.uint8(10 * np.indices((8, 8))[1])  # brighter to the right
    >>> orientation_histograms(slope[None, None], orientations=2, shape=(1, 8, 8)).round(3)
    array([[[[0.039, 0.   ]]]], dtype=float32)
    """
    cell, shape = check_number(int, "cell", cell, at_least=1), _check_shape(shape)
    orientations = check_number(int, "orientations", orientations, at_least=2)
    if gcd(cell, *shape[1:]) != cell or min(shape[1:]) < 2:
        raise ValueError(_CELLS.format(function="orientation_histograms", least=1, got=cell, shape=shape))
    rows, columns = shape[1] // cell, shape[2] // cell

    def extract(images: np.ndarray) -> np.ndarray:
        down, right = np.gradient(images.mean(axis=1, dtype=np.float32) / 255, axis=(1, 2))
        strength, direction = np.hypot(down, right), np.arctan2(down, right) * (orientations / np.pi) % orientations
        histograms = np.empty((len(images), rows, columns, orientations), np.float32)
        for orientation in range(orientations):
            apart = np.abs(direction - orientation)
            votes = strength * np.maximum(0, 1 - np.minimum(apart, orientations - apart))
            cells = votes.reshape(len(images), rows, cell, columns, cell)
            histograms[..., orientation] = cells.mean(axis=(2, 4))
        return histograms

    return _extract("orientation_histograms", X, shape, extract, rows, columns, orientations)


def oriented_gradients(X: ArrayLike, *, cell: int = 8, orientations: int = 9, shape: Shape = CIFAR10) -> np.ndarray:
    """Compute histograms of oriented gradients (HOG): the positions and directions of edges, in any lighting.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, features) or (n, channels, height, width)
        The images.
    cell : int, default 8
        The side of a cell in pixels, a divisor of the image's height and width, which have 2 cells or more each.
    orientations : int, default 9
        The number of directions, at least 2.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Returns
    -------
    ndarray of float32, shape (n, blocks · 4 · orientations)
        The features, block by block.

    Raises
    ------
    ValueError
        If X is not such images, or a setting is wrong.

    Notes
    -----
    Each block of 2 × 2 neighbouring cells has its `orientation_histograms` divided by their length. A cell is part of
    up to four blocks. Source: Dalal and Triggs 2005, "Histograms of oriented gradients for human detection".

    Examples
    --------
    >>> oriented_gradients(np.zeros((5, 3072), np.uint8)).shape
    (5, 324)
    """
    histograms = orientation_histograms(X, cell=cell, orientations=orientations, shape=shape)
    n, *cells, orientations = histograms.shape
    if min(cells) < BLOCK_CELLS:
        raise ValueError(_CELLS.format(function="oriented_gradients", least=BLOCK_CELLS, got=cell, shape=shape))
    blocks = sliding_window_view(histograms, (BLOCK_CELLS, BLOCK_CELLS), axis=(1, 2))
    blocks = blocks.reshape(n, prod(size - BLOCK_CELLS + 1 for size in cells), BLOCK_CELLS * BLOCK_CELLS * orientations)
    # The constant is 1 % of the range from black to white. It keeps nearly flat blocks, and their noise, small.
    lengths = np.sqrt(np.square(blocks).sum(axis=2, keepdims=True) + np.float32(0.01) ** 2)
    return (blocks / lengths).reshape(n, prod(blocks.shape[1:]))


def _check_shape(shape: object) -> Shape:
    """The shape of an image as a tuple of three ints, or a ValueError."""
    if not isinstance(shape, (tuple, list)) or len(shape) != len(CIFAR10):
        raise ValueError(f"shape must be (channels, height, width), such as (3, 32, 32), got {describe(shape)}")
    channels, height, width = (check_number(int, "shape", size, at_least=1) for size in shape)
    return channels, height, width


def _extract(
    function: str, X: ArrayLike, shape: Shape, extract: Callable[[np.ndarray], np.ndarray], *features: int
) -> np.ndarray:
    """Apply `extract` to blocks of the images X, as (n, *shape); returns (n, *features) in float32."""
    X = np.asarray(X)
    if X.dtype != np.uint8 or X.shape[1:] not in ((prod(shape),), shape):
        raise ValueError(
            f"{function} expected images as uint8, 0 to 255, of shape (n, {prod(shape)}) or (n, *{shape}), got "
            f"{describe(X)}; pass unscaled pixels, and for images of another size their shape=(channels, height, width)"
        )
    images = X.reshape(-1, *shape)
    out = np.empty((len(images), *features), np.float32)
    for start in range(0, len(images), BLOCK):
        out[start : start + BLOCK] = extract(images[start : start + BLOCK])
    return out
