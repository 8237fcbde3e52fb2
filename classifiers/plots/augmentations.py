"""Augmentations: images and augmented copies of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.pixels import displayable, planes
from classifiers.plots.shared.style import IMAGE_COLOURS
from classifiers.plots.shared.text import text_width
from nn.training.batches import Augment
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def augmentations(
    images: ArrayLike,
    augment: Augment,
    rng: np.random.Generator | int | None = None,
    *,
    draws: int = 8,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw images and augmented copies of them: a row for each image, the original first.

    Parameters
    ----------
    images : array_like, shape (n, features)
        The images, each in planes as in CIFAR-10: uint8, or floats from 0 to 1. Other numbers are mapped linearly to
        this range.
    augment : callable
        The augmentation, called as ``augment(X, rng)``.
    rng : numpy.random.Generator, int or None, default None
        The source of randomness: a generator or a seed; None for a fresh one.
    draws : int, default 8
        The number of augmented copies of each image.
    shape : (int, int, int) or None, default None
        Channels (1 or 3), height and width of an image; None for a square image.
    title : str or None, default ""
        The title of the plot.
    ax : matplotlib.axes.Axes or None, default None
        The Axes to draw on; None for a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes with the plot.

    Raises
    ------
    TypeError
        If `ax` is not a matplotlib Axes, or has a projection.
    ValueError
        If these are not images, or `draws` is below 1.
    """
    images = np.asarray(images)
    shape = planes("augmentations", images, shape).shape[1:]
    check_number(int, "draws", draws, at_least=1)
    rng = np.random.default_rng(rng)
    changed = [augment(images.copy(), rng) for _ in range(draws)]  # a copy, as it may change its input
    rows, columns = len(images), 1 + draws
    tiles = np.stack([images, *changed], axis=1).reshape(rows * columns, -1)
    pictures = displayable(planes("augmentations", tiles, shape))
    pictures = pictures.reshape(rows, columns, *pictures.shape[1:3], -1)
    gap = 1 + shape[2] // 16  # white pixels around each image
    pictures = np.pad(pictures, ((0, 0), (0, 0), (gap, gap), (gap, gap), (0, 0)), constant_values=1)
    height, width, channels = pictures.shape[2:]
    page = pictures.swapaxes(1, 2).reshape(rows * height, columns * width, channels)

    ax = ax or new_axes(figsize=(0.8 * columns, 0.8 * rows + 0.5))
    ax.imshow(page if channels > 1 else page[..., 0], cmap=IMAGE_COLOURS, vmin=0, vmax=1)
    ax.axvline(width - 0.5, color="0.5", linewidth=1)
    headings = ["original", "augmented"]
    room = min(along / cells for along, cells in zip(size_in_points(ax), (columns, rows * height / width), strict=True))
    fontsize = 0.9 * room / max(text_width([heading]) / n for heading, n in zip(headings, (1, draws), strict=True))
    ax.set_xticks([width / 2, width * (columns + 1) / 2], headings, fontsize=min(10.0, fontsize))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(yticks=[], frame_on=False)
    set_title(ax, title)
    return ax
