"""Augmentation: random changes of training images that leave their class as it is, drawn anew for each batch."""

from __future__ import annotations

from math import prod

import numpy as np

from classifiers import errors


def mirror(X: np.ndarray, rng: np.random.Generator, *, shape: tuple[int, int, int] = (3, 32, 32)) -> np.ndarray:
    """Mirror each image left to right with probability ½; X (n, features) of any dtype, not changed itself.

    shape  of an image: (channels, height, width), those of CIFAR-10 by default
    """
    if X.shape[1] != prod(shape):
        raise ValueError(errors.IMAGE_SHAPE.format(shape=shape, expected=prod(shape), came=X.shape[1]))
    images = X.reshape(-1, *shape).copy()
    chosen = rng.random(len(images)) < 0.5
    images[chosen] = images[chosen][..., ::-1]
    return images.reshape(X.shape)
