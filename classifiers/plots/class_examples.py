"""Class examples: a row of images for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.arguments import check_one_for_each
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.pixels import displayable, planes
from classifiers.plots.shared.style import IMAGE_COLOURS
from classifiers.plots.shared.text import class_name, shorten, text_width
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_NAME = 16  # characters of a name


@plot
def class_examples(
    images: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    count: int = 10,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw examples of each class: a row of images for each, with its name on the left.

    Parameters
    ----------
    images : array_like, shape (n, features)
        The images, each in planes as in CIFAR-10: uint8, or floats from 0 to 1. Other numbers are mapped linearly to
        this range.
    labels : array_like, shape (n,)
        Their classes.
    names : sequence of str or None, default None
        The names of the classes, which the labels index; None to show the labels themselves.
    count : int, default 10
        The number of images in a row: the first ones of the class. If there are fewer, the rest of the row is white.
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
        If the images, labels or names do not fit together, or `count` is below 1.

    Notes
    -----
    The page of CIFAR-10, https://www.cs.toronto.edu/~kriz/cifar.html, shows this figure.
    """
    count = check_number(int, "count", count, at_least=1)
    images, labels = np.asarray(images), np.asarray(labels)
    check_one_for_each("class_examples", "labels", labels.shape, len(images) if images.ndim else 0)
    classes = np.unique(labels)
    chosen = [np.flatnonzero(labels == label)[:count] for label in classes]
    pictures = displayable(planes("class_examples", images[np.concatenate([*chosen, []]).astype(int)], shape))
    height, width = pictures.shape[1:3]
    gap = 1 + width // 16  # white pixels between two
    tall, wide = height + gap, width + gap
    page = np.ones((len(classes) * tall - gap, count * wide - gap, *pictures.shape[3:]), np.float32)
    remaining = iter(pictures)
    for row, those in enumerate(chosen):
        for column in range(len(those)):
            page[row * tall : row * tall + height, column * wide : column * wide + width] = next(remaining)

    shown = [shorten(class_name("class_examples", label, names), MAX_NAME) for label in classes.tolist()]
    name_width = 10 * text_width(shown) / 72  # inches of the longest name
    ax = ax or new_axes(figsize=(0.55 * count + name_width + 0.35, 0.55 * len(shown) * tall / wide + 0.4))
    ax.imshow(page, cmap=IMAGE_COLOURS, vmin=0, vmax=1)
    room = size_in_points(ax)[1] / len(shown)  # points for each name
    ax.set_yticks([row * tall + height / 2 - 0.5 for row in range(len(shown))], shown, fontsize=min(10.0, 0.7 * room))
    ax.tick_params(length=0)
    ax.set(xticks=[], frame_on=False, anchor="E")  # the names get the room that is left
    set_title(ax, title)
    return ax
