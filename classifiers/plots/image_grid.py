"""Images: pages of them with their labels, and of what an augmentation makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import WRONG, entitle, extent, new_axes, one_for_each, plot
from classifiers.plots.shared.pixels import planes, visible
from classifiers.plots.shared.texts import class_name, widest
from classifiers.plots.shared.tiles import Tile, best_columns, draw_tiles, in_rows, wrap
from nn.training.batches import Augment
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def image_grid(
    images: Any,
    labels: Any = None,
    *,
    names: Sequence[str] | None = None,
    predicted: Any = None,
    columns: int | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A page of images with their labels; with `predicted`, those that are wrong are framed and marked with a ×.

    images     (n, features), uint8, or floats from 0 to 1 (others are stretched to it); in planes, as CIFAR-10's
    labels     (n,), the true classes
    names      of the classes, which labels then index
    predicted  (n,), what a classifier takes them for, written below each image, with the truth where it is wrong
    columns    of the page; by itself about as many as rows
    shape      of an image, (1 or 3 channels, height, width); by itself that of a square
    """
    pictures = visible(planes("image_grid", images, shape))
    if predicted is not None and labels is None:
        raise ValueError(errors.PREDICTED_ALONE)
    if columns is not None:
        check_number(int, "columns", columns, at_least=1)
    classes = [
        [""] * len(pictures) if got is None else _labels(what, got, len(pictures))
        for what, got in (("labels", labels), ("predicted", labels if predicted is None else predicted))
    ]
    tiles = []
    for picture, *pair in zip(pictures, *classes, strict=True):
        true, taken = ("" if labels is None else class_name("image_grid", label, names) for label in pair)
        if pair[0] == pair[1]:  # as values: 1 is 1.0, and two classes may have one name
            tiles.append(Tile(picture, wrap(true)))
        else:
            text = wrap(f"× {taken}") + "\n" + wrap(f"is {true}")
            tiles.append(Tile(picture, text, WRONG, {"edgecolor": WRONG}))
    places = in_rows(len(tiles), min(columns or best_columns(len(tiles)), len(tiles)))
    return draw_tiles(tiles, places, title, ax)


@plot
def augmentations(
    images: Any,
    augment: Augment,
    rng: np.random.Generator | int | None = None,
    *,
    draws: int = 8,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A page of what an augmentation does: for each image a row, the original first, then `draws` changed ones.

    images  (n, features), uint8, or floats from 0 to 1 (others are stretched to it); in planes, as CIFAR-10's
    draws   changed ones of each image, at least 1
    shape   of an image, (1 or 3 channels, height, width); by itself that of a square
    """
    images = np.asarray(images)
    shape = planes("augmentations", images, shape).shape[1:]
    check_number(int, "draws", draws, at_least=1)
    rng = np.random.default_rng(rng)
    changed = [augment(images.copy(), rng) for _ in range(draws)]  # it may write into what it is given
    rows, columns = len(images), 1 + draws
    tiles = np.stack([images, *changed], axis=1).reshape(rows * columns, -1)
    pictures = visible(planes("augmentations", tiles, shape))
    pictures = pictures.reshape(rows, columns, *pictures.shape[1:3], -1)
    gap = 1 + shape[2] // 16  # white pixels around each
    pictures = np.pad(pictures, ((0, 0), (0, 0), (gap, gap), (gap, gap), (0, 0)), constant_values=1)
    height, width, channels = pictures.shape[2:]
    page = pictures.swapaxes(1, 2).reshape(rows * height, columns * width, channels)

    ax = ax or new_axes(figsize=(0.8 * columns, 0.8 * rows + 0.5))
    ax.imshow(page if channels > 1 else page[..., 0], cmap="gray", vmin=0, vmax=1)
    ax.axvline(width - 0.5, color="0.5", linewidth=1)
    heads = ["original", "changed at random" if draws > 1 else "changed\nat random"]
    room = min(along / cells for along, cells in zip(extent(ax), (columns, rows * height / width), strict=True))
    fontsize = 0.9 * room / max(widest([head]) / n for head, n in zip(heads, (1, draws), strict=True))
    ax.set_xticks([width / 2, width * (columns + 1) / 2], heads, fontsize=min(10.0, fontsize))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(yticks=[], frame_on=False)
    entitle(ax, title)
    return ax


def _labels(what: str, labels: Any, n: int) -> np.ndarray:
    one_for_each("image_grid", what, np.shape(labels), n)
    return np.asarray(labels)
