"""Examples: some images of each class, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import entitle, extent, new_axes, one_for_each, plot
from classifiers.plots.shared.pixels import planes, visible
from classifiers.plots.shared.texts import class_name, short, widest
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST = 16  # letters of a name


@plot
def class_examples(
    images: Any,
    labels: Any,
    *,
    names: Sequence[str] | None = None,
    count: int = 10,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A page of images, a row for each class that there is: the first ones of it, its name on the left.

    images  (n, features), uint8, or floats from 0 to 1 (others are stretched to it); in planes, as CIFAR-10's
    labels  (n,), their classes
    names   of the classes, which labels then index
    count   images in a row; where there are fewer of a class, the rest of its row is white
    shape   of an image, (1 or 3 channels, height, width); by itself that of a square

    The page of CIFAR-10 at https://www.cs.toronto.edu/~kriz/cifar.html is one of these.
    """
    count = check_number(int, "count", count, at_least=1)
    images, labels = np.asarray(images), np.asarray(labels)
    one_for_each("class_examples", "labels", labels.shape, len(images) if images.ndim else 0)
    classes = np.unique(labels)
    chosen = [np.flatnonzero(labels == label)[:count] for label in classes]
    pictures = visible(planes("class_examples", images[np.concatenate([*chosen, []]).astype(int)], shape))
    height, width = pictures.shape[1:3]
    gap = 1 + width // 16  # white pixels between two
    tall, wide = height + gap, width + gap
    page = np.ones((len(classes) * tall - gap, count * wide - gap, *pictures.shape[3:]), np.float32)
    left = iter(pictures)
    for row, those in enumerate(chosen):
        for column in range(len(those)):
            page[row * tall : row * tall + height, column * wide : column * wide + width] = next(left)

    told = [short(class_name("class_examples", label, names), LONGEST) for label in classes.tolist()]
    beside = 10 * widest(told) / 72  # inches of the longest name
    ax = ax or new_axes(figsize=(0.55 * count + beside + 0.35, 0.55 * len(told) * tall / wide + 0.4))
    ax.imshow(page, cmap="gray", vmin=0, vmax=1)
    room = extent(ax)[1] / len(told)  # points for each name
    ax.set_yticks([row * tall + height / 2 - 0.5 for row in range(len(told))], told, fontsize=min(10.0, 0.7 * room))
    ax.tick_params(length=0)
    ax.set(xticks=[], frame_on=False, anchor="E")  # the names have what room there is
    entitle(ax, title)
    return ax
