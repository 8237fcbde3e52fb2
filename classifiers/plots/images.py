"""Images: pages of them with their labels, and of what an augmentation makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Augment, Shape
from classifiers.plots.axes import WRONG, class_name, entitle, new_axes
from classifiers.plots.pixels import planes, visible
from classifiers.plots.tiles import Tile, best_columns, draw_tiles, in_rows, wrap
from nn.hyperparameters import checked

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def image_grid(
    images: Any,
    labels: Any = None,
    *,
    names: Sequence[str] | None = None,
    predicted: Any = None,
    columns: int | None = None,
    shape: Shape | None = None,
    title: str = "",
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
        checked(int, "columns", columns, at_least=1)
    written = [
        [""] * len(pictures) if classes is None else _names(what, classes, names, len(pictures))
        for what, classes in (("labels", labels), ("predicted", labels if predicted is None else predicted))
    ]
    tiles = []
    for picture, true, taken in zip(pictures, *written, strict=True):
        if true == taken:
            tiles.append(Tile(picture, wrap(true)))
        else:
            text = wrap(f"× {taken}") + "\n" + wrap(f"is {true}")
            tiles.append(Tile(picture, text, WRONG, {"edgecolor": WRONG}))
    places = in_rows(len(tiles), min(columns or best_columns(len(tiles)), len(tiles)))
    return draw_tiles(tiles, places, title, ax)


def augmentations(
    images: Any,
    augment: Augment,
    rng: np.random.Generator | int | None = None,
    *,
    draws: int = 8,
    shape: Shape | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A page of what an augmentation does: for each image a row, the original first, then `draws` changed ones.

    images  (n, features), uint8, or floats from 0 to 1; in planes, as CIFAR-10's
    shape   of an image, (1 or 3 channels, height, width); by itself that of a square
    """
    images = np.asarray(images)
    shape = planes("augmentations", images, shape).shape[1:]
    rng = np.random.default_rng(rng)
    tiles = np.stack([images, *(augment(images, rng) for _ in range(draws))], axis=1)  # (n, 1 + draws, ...)
    rows, columns = tiles.shape[:2]
    tiles = np.moveaxis(tiles.reshape(rows, columns, *shape), 2, -1)
    white = 255 if images.dtype == np.uint8 else 1
    gap = 1 + shape[2] // 16  # white pixels around each
    tiles = np.pad(tiles, ((0, 0), (0, 0), (gap, gap), (gap, gap), (0, 0)), constant_values=white)
    height, width, channels = tiles.shape[2:]
    page = tiles.swapaxes(1, 2).reshape(rows * height, columns * width, channels)

    ax = ax or new_axes(figsize=(0.8 * columns, 0.8 * rows + 0.5))
    ax.imshow(page if channels > 1 else page[..., 0], cmap="gray", vmin=0, vmax=white)
    ax.axvline(width - 0.5, color="0.5", linewidth=1)
    ax.set_xticks([width / 2, width * (columns + 1) / 2], ["original", "changed at random"])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(yticks=[], frame_on=False)
    entitle(ax, title)
    return ax


def _names(what: str, labels: Any, names: Sequence[str] | None, n: int) -> list[str]:
    if np.shape(labels) != (n,):
        raise ValueError(errors.PLOT_LENGTH.format(plot="image_grid", what=what, n=n, came=np.shape(labels)))
    return [class_name("image_grid", label, names) for label in np.asarray(labels)]
