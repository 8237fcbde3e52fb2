"""Data augmentation: random changes of training images that keep their class, drawn again for each batch.

An augmentation is a function ``change(X, rng)`` of a batch X (n, features) or (n, channels, height, width). It returns
a new array with the dtype and shape of X, and does not modify X. Each image is stored channel by channel, as in
CIFAR-10; for images of another size, pass their `shape`. `rng` is a NumPy Generator, a seed, or None for fresh
randomness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import prod
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.extend import describe
from nn.training.batches import Augment
from nn.validation import check_choice, check_number

Shape = tuple[int, int, int]  # (channels, height, width)
PADDINGS: dict[str, Literal["reflect", "edge", "constant"]] = {  # the modes of np.pad
    "reflect": "reflect",
    "edge": "edge",
    "zero": "constant",
}
GREY: dict[int, Sequence[float]] = {1: [1.0], 3: [0.299, 0.587, 0.114]}  # brightness of each channel (ITU-R BT.601)
BLOCK = 32  # images converted to floats at a time, so that they fit in the processor's cache


@dataclass(frozen=True, repr=False)
class Augmentation:
    """Base class of augmentations of images of one shape; a subclass defines `change`.

    Augmentations are frozen dataclasses: settings are checked at construction, and augmentations with equal settings
    are equal.

    Parameters
    ----------
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Raises
    ------
    ValueError
        If a setting is wrong.

    Examples
    --------
    >>> class Invert(Augmentation):
    ...     def change(self, images, rng):
    ...         return 255 - images
    >>> Invert(shape=(1, 1, 3))(np.uint8([[0, 100, 255]]), 0)
    array([[255, 155,   0]], dtype=uint8)
    """

    shape: Shape = field(default=(3, 32, 32), kw_only=True)

    def __post_init__(self) -> None:
        self._check("shape", "(channels, height, width)", isinstance(self.shape, tuple) and len(self.shape) == 3)
        for i, size in enumerate(self.shape):
            check_number(int, f"{self._name}: shape[{i}]", size, at_least=1)

    def __call__(self, X: np.ndarray, rng: np.random.Generator | int | None) -> np.ndarray:
        if np.shape(X)[1:] not in ((prod(self.shape),), self.shape):
            raise ValueError(
                f"{self} expected images of shape (n, {prod(self.shape)}) or (n, *{self.shape}), got {describe(X)}; "
                "for images of another size, pass shape=(channels, height, width)"
            )
        return self.change(X.reshape(-1, *self.shape), np.random.default_rng(rng)).reshape(X.shape)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return changed copies of images.

        Parameters
        ----------
        images : ndarray, shape (n, channels, height, width)
            The images, which must not be modified.
        rng : Generator
            Source of randomness.

        Returns
        -------
        ndarray, shape (n, channels, height, width)
            The changed images, in the dtype of `images`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define change")

    def __repr__(self) -> str:
        """The settings that differ from the defaults, as scikit-learn prints its estimators."""
        settings = [(setting.name, getattr(self, setting.name), setting.default) for setting in fields(self)]
        text = ", ".join(f"{name}={value!r}" for name, value, default in settings if value != default)
        return f"{type(self).__name__}({text})"

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _check(self, name: str, expected: str, valid: bool) -> None:
        if not valid:
            raise ValueError(f"{self._name}: {name} must be {expected}, got {getattr(self, name)!r}")


@dataclass(frozen=True, repr=False)
class Mirror(Augmentation):
    """Mirror each image left to right with probability ½.

    Parameters
    ----------
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Examples
    --------
    >>> Mirror(shape=(1, 1, 3))(np.uint8([[1, 2, 3], [1, 2, 3]]), 0)
    array([[1, 2, 3],
           [3, 2, 1]], dtype=uint8)
    """

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        chosen = rng.random(len(images)) < 0.5
        images = images.copy()
        images[chosen] = images[chosen][..., ::-1]
        return images


@dataclass(frozen=True, repr=False)
class Shift(Augmentation):
    """Shift each image by a random number of pixels in each direction: pad it, then crop it at a random position.

    Parameters
    ----------
    by : int, default 4
        The largest shift in pixels, up or down and left or right.
    fill : {"reflect", "edge", "zero"}, default "reflect"
        The pixels that enter at the border: the image's own, mirrored; its outermost ones, repeated; or black.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Notes
    -----
    Black borders are common (Lee and others 2015, "Deeply-supervised nets"). Reflected ones are the default because
    they look like the rest of the image and do not reveal the shift.

    Examples
    --------
    >>> Shift(1, "zero", shape=(1, 1, 3))
    Traceback (most recent call last):
        ...
    ValueError: Shift: by must be a whole number from 0 to 0 for images of shape (1, 1, 3), got 1
    >>> Shift(2, "zero")(np.ones((5, 3072), np.uint8), rng=0).shape
    (5, 3072)
    """

    by: int = 4
    fill: Literal["reflect", "edge", "zero"] = "reflect"

    def __post_init__(self) -> None:
        super().__post_init__()
        most = min(self.shape[1:]) - 1
        note = f"for images of shape {self.shape}"
        check_number(int, f"{self._name}: by", self.by, at_least=0, at_most=most, note=note)
        check_choice(f"{self._name}: fill", self.fill, PADDINGS)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        n, by = len(images), self.by
        padded = np.pad(images, ((0, 0), (0, 0), (by, by), (by, by)), mode=PADDINGS[self.fill])
        crops = sliding_window_view(padded, images.shape[2:], axis=(2, 3))  # all possible crops, as views
        top, left = rng.integers(2 * by + 1, size=(2, n))
        return crops[np.arange(n), :, top, left]


@dataclass(frozen=True, repr=False)
class ColourJitter(Augmentation):
    """Change the brightness, contrast and saturation of each image by random factors.

    Each factor is drawn uniformly from 1 − strength to 1 + strength.

    Parameters
    ----------
    brightness : float, default 0.2
        The strength of the factor that multiplies the pixels, from 0 to 1.
    contrast : float, default 0.2
        The strength of the factor that multiplies the pixels' distance from the image's mean grey, from 0 to 1.
    saturation : float, default 0.2
        The strength of the factor that multiplies each pixel's distance from its own grey, from 0 to 1. It leaves grey
        images unchanged.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width), with 1 channel, or 3 for red, green and blue.

    Raises
    ------
    TypeError
        When called with images other than uint8: the white of floating-point images is unknown.

    Notes
    -----
    The formulas are torchvision's, in the order above. The result is rounded and clipped to 0 … 255 once, at the end.

    Examples
    --------
    >>> change = ColourJitter(brightness=0.5, contrast=0, saturation=0, shape=(1, 1, 3))
    >>> change(np.uint8([[0, 100, 200]]), rng=0)
    array([[  0, 114, 227]], dtype=uint8)
    """

    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("shape", "of 1 channel, or 3 for red, green, blue", self.shape[0] in GREY)
        for name in ("brightness", "contrast", "saturation"):
            check_number(float, f"{self._name}: {name}", getattr(self, name), at_least=0, at_most=1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if images.dtype != np.uint8:
            raise TypeError(
                f"ColourJitter expected images as uint8, 0 to 255, got dtype {images.dtype}; change the images before "
                "they are scaled or standardised"
            )
        channels, height, width = self.shape
        grey = np.array(GREY[channels], np.float32)

        def factors(strength: float) -> np.ndarray:
            return rng.uniform(1 - strength, 1 + strength, (len(images), 1, 1)).astype(np.float32)

        brightness, contrast, saturation = map(factors, (self.brightness, self.contrast, self.saturation))
        # All three changes are linear in a pixel's colours: a matrix, and an offset from the mean grey, for each image.
        matrix = brightness * contrast * (saturation * np.eye(channels, dtype=np.float32) + (1 - saturation) * grey)
        grey_share = brightness * (1 - contrast)
        changed = np.empty(images.shape, images.dtype)
        for start in range(0, len(images), BLOCK):
            block = slice(start, start + BLOCK)
            colours = images[block].reshape(-1, channels, height * width).astype(np.float32)
            offset = grey_share[block] * (colours.mean(axis=2) @ grey)[:, None, None]
            colours = matrix[block] @ colours
            colours += offset
            np.clip(np.rint(colours, out=colours), 0, 255, out=colours)
            changed[block] = colours.reshape(-1, *self.shape)
        return changed


@dataclass(frozen=True, repr=False)
class Cutout(Augmentation):
    """Cover a square of each image, centred on a random pixel; it may reach over the border.

    Parameters
    ----------
    size : int, default 8
        The side of the square in pixels.
    fill : {"mean", "zero"}, default "mean"
        The colour of the square: the image's mean colour, or black.
    shape : tuple of int, default (3, 32, 32)
        The shape of an image: (channels, height, width).

    Notes
    -----
    Source: DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with cutout". Their best
    size was 16 for CIFAR-10 and 8 for CIFAR-100. They cover standardised pixels with zeros, which is their mean. Before
    standardisation, as here, black would add a signal instead of removing one.

    Examples
    --------
    >>> Cutout(1, "zero", shape=(1, 1, 3))(np.uint8([[7, 8, 9]]), rng=0)
    array([[7, 8, 0]], dtype=uint8)
    """

    size: int = 8
    fill: Literal["mean", "zero"] = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        most = min(self.shape[1:])
        note = f"for images of shape {self.shape}"
        check_number(int, f"{self._name}: size", self.size, at_least=0, at_most=most, note=note)
        check_choice(f"{self._name}: fill", self.fill, ("mean", "zero"))

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        def covered(length: int) -> np.ndarray:
            first = rng.integers(length, size=(len(images), 1)) - self.size // 2
            position = np.arange(length)
            return (position >= first) & (position < first + self.size)

        _, height, width = self.shape
        square = covered(height)[:, None, :, None] & covered(width)[:, None, None, :]
        fill = images.mean(axis=(2, 3), keepdims=True) if self.fill == "mean" else np.zeros(())
        return np.where(square, fill.astype(images.dtype), images)


@dataclass(frozen=True, init=False, repr=False)
class Chain:
    """Apply several augmentations, one after the other.

    Parameters
    ----------
    *changes : callable
        The augmentations, or other functions of (X, rng), in order.

    Attributes
    ----------
    changes : tuple of callable
        The augmentations.

    Raises
    ------
    TypeError
        If there are no changes, or one is not callable.

    Examples
    --------
    >>> Chain(Mirror(), Shift(2))
    Chain(Mirror(), Shift(by=2))
    """

    changes: tuple[Augment, ...]

    def __init__(self, *changes: Augment) -> None:
        if not changes or not all(map(callable, changes)):
            raise TypeError(
                f"Chain expected one or more functions of (X, rng), got {describe(*changes) or 'nothing'}; pass them "
                "as in Chain(Mirror(), Shift(4))"
            )
        object.__setattr__(self, "changes", changes)

    def __call__(self, X: np.ndarray, rng: np.random.Generator | int | None) -> np.ndarray:
        rng = np.random.default_rng(rng)
        for change in self.changes:
            X = change(X, rng)
        return X

    def __repr__(self) -> str:
        return f"Chain({', '.join(map(repr, self.changes))})"


mirror = Mirror()  # for images of CIFAR-10's size
