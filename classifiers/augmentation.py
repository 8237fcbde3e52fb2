"""Augmentation: random changes of training images that leave their class as it is, drawn anew for each batch.

Each is called as `change(X, rng)` with a batch X (n, features), or (n, channels, height, width), and returns a new
array of X's dtype and shape; X stays as it is. The numbers of an image are its planes one after the other, as those of
CIFAR-10; other images give their `shape`. `rng` is a numpy Generator, a seed, or None for fresh randomness.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.extend import describe
from classifiers import errors
from nn.training.batches import Augment
from nn.validation import check_choice, check_number

Shape = tuple[int, int, int]
PADDINGS: dict[str, Any] = {"reflect": "reflect", "edge": "edge", "zero": "constant"}  # what np.pad calls them
GREY = {1: [1.0], 3: [0.299, 0.587, 0.114]}  # how bright each channel looks (ITU-R BT.601)
BLOCK = 32  # images computed in floats at a time, so that they stay in the processor's cache


@dataclass(frozen=True, repr=False)
class Augmentation:
    """What the augmentations have in common: the shape of an image; settings are checked when made, and compared."""

    shape: Shape = field(default=(3, 32, 32), kw_only=True)  # channels, height, width

    def __post_init__(self) -> None:
        self._check("shape", "(channels, height, width)", isinstance(self.shape, tuple) and len(self.shape) == 3)
        for i, size in enumerate(self.shape):
            check_number(int, f"{self._name}: shape[{i}]", size, at_least=1)

    def __call__(self, X: np.ndarray, rng: np.random.Generator | int | None) -> np.ndarray:
        if np.shape(X)[1:] not in ((prod(self.shape),), self.shape):
            text = errors.IMAGES.format(change=self, features=prod(self.shape), shape=self.shape, got=describe(X))
            raise ValueError(text)
        return self.change(X.reshape(-1, *self.shape), np.random.default_rng(rng)).reshape(X.shape)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Changed copies of `images` (n, channels, height, width)."""
        raise NotImplementedError(f"{type(self).__name__} must define change")

    def __repr__(self) -> str:
        """The settings that are not the default ones, as scikit-learn's estimators have it."""
        settings = [(setting.name, getattr(self, setting.name), setting.default) for setting in fields(self)]
        text = ", ".join(f"{name}={value!r}" for name, value, default in settings if value != default)
        return f"{type(self).__name__}({text})"

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _check(self, what: str, expected: str, holds: bool) -> None:
        if not holds:
            raise ValueError(f"{self._name}: {what} must be {expected}, got {getattr(self, what)!r}")


@dataclass(frozen=True, repr=False)
class Mirror(Augmentation):
    """Mirrors each image left to right with probability ½."""

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        chosen = rng.random(len(images)) < 0.5
        images = images.copy()
        images[chosen] = images[chosen][..., ::-1]
        return images


@dataclass(frozen=True, repr=False)
class Shift(Augmentation):
    """Moves each image by up to `by` pixels down or up and right or left: padded, then cropped at a random place.

    fill  what comes in at the border: "reflect" (the image's own pixels, mirrored), "edge" (its outermost pixels,
          repeated) or "zero" (black). Black borders are the custom (Lee and others 2015); reflected ones are the
          default, as they look like the rest of the image and give nothing away of where it was moved.
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
        crops = sliding_window_view(padded, images.shape[2:], axis=(2, 3))  # all that there are, as views
        top, left = rng.integers(2 * by + 1, size=(2, n))
        return crops[np.arange(n), :, top, left]


@dataclass(frozen=True, repr=False)
class ColourJitter(Augmentation):
    """Changes brightness, contrast and saturation of each image, each by a factor from 1 − strength to 1 + strength.

    Brightness multiplies the pixels, contrast their distance from the image's mean grey, saturation their distance from
    their own grey: torchvision's formulas, in this order, rounded and clipped to 0 ... 255 once, at the end. Images are
    uint8, as what 1 is to floats nobody can tell (TypeError). Saturation leaves grey images (of 1 channel) as they are.
    """

    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("shape", "of 1 channel, or 3 for red, green, blue", self.shape[0] in GREY)
        for what in ("brightness", "contrast", "saturation"):
            check_number(float, f"{self._name}: {what}", getattr(self, what), at_least=0, at_most=1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if images.dtype != np.uint8:
            raise TypeError(errors.JITTER_DTYPE.format(got=images.dtype))
        channels, height, width = self.shape
        grey = np.array(GREY[channels], np.float32)

        def factors(strength: float) -> np.ndarray:
            return rng.uniform(1 - strength, 1 + strength, (len(images), 1, 1)).astype(np.float32)

        brightness, contrast, saturation = map(factors, (self.brightness, self.contrast, self.saturation))
        # All three are linear in a pixel's colours: a matrix and, for the mean grey, an offset for each image.
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
    """Covers a square of each image, size × size pixels around a random one; so it may reach over the border.

    DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with cutout"; 16 was their best
    size for CIFAR-10 and 8 for CIFAR-100.

    fill  "mean" (the image's own mean colour) or "zero" (black). The paper covers with zeros once the pixels are
          standardised, which is their mean; before that, as here, black would be a signal, not the lack of one.
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
            place = np.arange(length)
            return (place >= first) & (place < first + self.size)

        _, height, width = self.shape
        square = covered(height)[:, None, :, None] & covered(width)[:, None, None, :]
        fill = images.mean(axis=(2, 3), keepdims=True) if self.fill == "mean" else np.zeros(())
        return np.where(square, fill.astype(images.dtype), images)


@dataclass(frozen=True, init=False, repr=False)
class Chain:
    """Several changes, one after the other: `Chain(Mirror(), Shift(4))`. Any function of (X, rng) may be one."""

    changes: tuple[Augment, ...]

    def __init__(self, *changes: Augment) -> None:
        if not changes or not all(map(callable, changes)):
            raise TypeError(errors.CHAIN.format(got=describe(*changes) or "nothing"))
        object.__setattr__(self, "changes", changes)

    def __call__(self, X: np.ndarray, rng: np.random.Generator | int | None) -> np.ndarray:
        rng = np.random.default_rng(rng)
        for change in self.changes:
            X = change(X, rng)
        return X

    def __repr__(self) -> str:
        return f"Chain({', '.join(map(repr, self.changes))})"


mirror = Mirror()  # for images like CIFAR-10's
