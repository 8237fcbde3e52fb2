"""Pixels: arrays of numbers as images.

An image is stored as CIFAR-10 stores it, in planes: its red plane row by row, then the green and the blue one.
"""

from __future__ import annotations

from math import isqrt, prod

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.augmentation import Shape


def planes(plot: str, images: ArrayLike, shape: Shape | None = None) -> np.ndarray:
    """Reshape images to planes.

    Parameters
    ----------
    plot : str
        The name of the plot, for error messages.
    images : array_like, shape (n, features) or (n, channels, height, width)
        The images, finite numbers.
    shape : (int, int, int) or None, default None
        Channels, height and width of an image; None for a square image of 1 or 3 channels.

    Returns
    -------
    ndarray, shape (n, channels, height, width)
        The images.

    Raises
    ------
    ValueError
        If these are not images of this shape, or contain NaN or infinity.
    """
    images = np.asarray(images)
    if images.ndim not in (2, 4) or not images.size or images.dtype.kind not in "buif":
        raise ValueError(
            f"{plot} expected images as an array of numbers of shape (n, features), n and features at least 1, "
            f"in planes (all of the red one, then green, then blue), got {describe(images)}; pass one image as X[:1]"
        )
    if not np.isfinite(images).all():
        row = int(np.argwhere(~np.isfinite(images))[0, 0])
        raise ValueError(
            f"{plot} expected finite numbers, got NaN or infinity in image {row}; remove or replace that image"
        )
    features = prod(images.shape[1:])
    if shape is None:
        shape = images.shape[1:] if images.ndim == 4 else _square(features)
    if shape is None or len(shape) != 3 or shape[0] not in (1, 3) or prod(shape) != features or min(shape) < 1:
        raise not_images(
            plot, features, "a square image of 1 or 3 channels" if shape is None else f"shape {tuple(shape)}"
        )
    return images.reshape(-1, *shape)


def not_images(plot: str, features: int, expected: str) -> ValueError:
    """Build the error for samples that are not images.

    Parameters
    ----------
    plot : str
        The name of the plot.
    features : int
        The number of features that the samples have.
    expected : str
        What these features do not fit.

    Returns
    -------
    ValueError
        The error, to be raised.
    """
    return ValueError(
        f"{plot} expected images, got {features} features, which do not fit {expected}; pass "
        f"shape=(channels, height, width) with 1 or 3 channels and {features} numbers in all, "
        f"or use another plot if the samples are not images"
    )


def single_image(plot: str, pixels: ArrayLike, shape: Shape | None = None) -> np.ndarray:
    """Reshape one image to planes.

    Parameters
    ----------
    plot : str
        The name of the plot, for error messages.
    pixels : array_like, shape (features,), (height, width) or (channels, height, width)
        The image, finite numbers.
    shape : (int, int, int) or None, default None
        Channels, height and width of the image; None for a square image of 1 or 3 channels.

    Returns
    -------
    ndarray, shape (channels, height, width)
        The image.

    Raises
    ------
    ValueError
        If this is not an image of this shape, or contains NaN or infinity.
    """
    pixels = np.asarray(pixels)
    if pixels.ndim == 2 and len(pixels) > 1 and shape is None:
        return planes(plot, pixels[None, None])[0]
    return planes(plot, pixels[None] if pixels.ndim == 3 else pixels.reshape(1, -1), shape)[0]


def single_byte_image(plot: str, pixels: ArrayLike, shape: Shape | None = None) -> np.ndarray:
    """Reshape one image of bytes to planes.

    Parameters
    ----------
    plot : str
        The name of the plot, for error messages.
    pixels : array_like of uint8, shape (features,), (height, width) or (channels, height, width)
        The image.
    shape : (int, int, int) or None, default None
        Channels, height and width of the image; None for a square image of 1 or 3 channels.

    Returns
    -------
    ndarray of uint8, shape (channels, height, width)
        The image.

    Raises
    ------
    ValueError
        If this is not an image of this shape and dtype.
    """
    image = single_image(plot, pixels, shape)
    if image.dtype != np.uint8:
        raise ValueError(
            f"{plot} expected an image of dtype uint8, 0 to 255, got dtype {image.dtype}; "
            f"pass the pixels before they are scaled or standardised"
        )
    return image


def displayable(images: np.ndarray) -> np.ndarray:
    """Convert images to what matplotlib's ``imshow`` displays.

    Parameters
    ----------
    images : ndarray, shape (n, channels, height, width)
        The images, of 1 or 3 channels. Black is 0; white is 1 for floats and 255 for integers. If a number lies outside
        this range, as in standardised images, all are mapped linearly from their own range.

    Returns
    -------
    ndarray of float32, shape (n, height, width) or (n, height, width, 3)
        The images, with numbers from 0 to 1.
    """
    white = 255 if images.dtype.kind in "ui" else 1
    low, high = float(images.min()), float(images.max())
    if low >= 0 and high <= white:
        low, high = 0, white
    largest = max(abs(low), abs(high)) or 1  # dividing by it first avoids overflow
    scaled = np.divide(images, largest, dtype=float) - low / largest
    scaled = (scaled / (high / largest - low / largest or 1)).astype(np.float32)
    return scaled[:, 0] if images.shape[1] == 1 else np.moveaxis(scaled, 1, -1)


def _square(features: int) -> Shape | None:
    """The shape of a square image of 1 or 3 channels, if it can have this many features."""
    for channels in (1, 3):
        side = isqrt(features // channels)
        if channels * side**2 == features:
            return channels, side, side
    return None
