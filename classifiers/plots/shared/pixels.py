"""Pixels: rows of numbers as the images that they are."""

from __future__ import annotations

from math import isqrt, prod
from typing import Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.augmentation import Shape


def planes(plot: str, images: Any, shape: Shape | None = None) -> np.ndarray:
    """Images (n, features), or (n, channels, height, width), as (n, channels, height, width), of finite numbers.

    shape  of an image; where None, that of a square of 1 or 3 channels with so many features
    """
    images = np.asarray(images)
    if images.ndim not in (2, 4) or not images.size or images.dtype.kind not in "buif":
        raise ValueError(errors.PLOT_IMAGES.format(plot=plot, got=describe(images)))
    if not np.isfinite(images).all():
        row = int(np.argwhere(~np.isfinite(images))[0, 0])
        raise ValueError(errors.PLOT_FINITE.format(plot=plot, row=row))
    features = prod(images.shape[1:])
    if shape is None:
        shape = images.shape[1:] if images.ndim == 4 else _square(features)
    if shape is None or len(shape) != 3 or shape[0] not in (1, 3) or prod(shape) != features or min(shape) < 1:
        what = "no square of 1 or 3 channels" if shape is None else f"no image of shape {tuple(shape)}"
        raise ValueError(errors.PLOT_SHAPE.format(plot=plot, features=features, what=what))
    return images.reshape(-1, *shape)


def image(plot: str, pixels: Any, shape: Shape | None = None) -> np.ndarray:
    """One image (features,), (height, width) or (channels, height, width) as (channels, height, width)."""
    pixels = np.asarray(pixels)
    if pixels.ndim == 2 and len(pixels) > 1 and shape is None:
        return planes(plot, pixels[None, None])[0]
    return planes(plot, pixels[None] if pixels.ndim == 3 else pixels.reshape(1, -1), shape)[0]


def visible(images: np.ndarray) -> np.ndarray:
    """Planes (n, channels, height, width) as floats (n, height, width), or (n, height, width, 3) where in colour.

    Black is 0, and white is 1 for floats and 255 for integers; numbers beyond, as those of standardised images, are all
    stretched together to lie between the two.
    """
    white = 255 if images.dtype.kind in "ui" else 1
    low, high = float(images.min()), float(images.max())
    if low >= 0 and high <= white:
        low, high = 0, white
    largest = max(abs(low), abs(high)) or 1  # by which numbers are divided first, so that none overflows
    scaled = np.divide(images, largest, dtype=float) - low / largest
    scaled = (scaled / (high / largest - low / largest or 1)).astype(np.float32)
    return scaled[:, 0] if images.shape[1] == 1 else np.moveaxis(scaled, 1, -1)


def finite(got: Any) -> np.ndarray | None:
    """What came as an array of finite numbers, one at least; None if it is anything else."""
    try:
        array = np.asarray(got)
        array = np.asarray(array.tolist()) if array.dtype == object else array
    except ValueError:  # rows of different lengths
        return None
    return array if array.size and array.dtype.kind in "uif" and np.isfinite(array).all() else None


def _square(features: int) -> Shape | None:
    for channels in (1, 3):
        side = isqrt(features // channels)
        if channels * side**2 == features:
            return channels, side, side
    return None
