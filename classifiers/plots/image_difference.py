"""Comparisons: images beside each other, with the distance between them that nearest neighbours go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import RIGHT, Look, plot
from classifiers.plots.shared.pixels import image, planes, visible
from classifiers.plots.shared.texts import class_name, number
from classifiers.plots.shared.tiles import GAP, Tile, best_columns, draw_tiles, in_rows, tile_width, wrap, write_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WRITTEN = 8  # pixels a side of a grey image whose numbers can be read
NAMES = {"l1": "|difference|", "l2": "difference²"}  # per pixel
ORDERS = {"l1": 1, "l2": 2}
DOUBTFUL = 64  # features, below which numbers that are no bytes are rather measurements than pixels
ROW = 7  # neighbours that stand in a row


@plot
def image_difference(
    first: Any,
    second: Any,
    *,
    metric: str = "l1",
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Two images and, pixel by pixel, how far they are apart, with the distance that this adds up to.

    first, second  each (features,), (height, width) or (channels, height, width), uint8 or floats, in planes
    metric         "l1": |difference|, which the distance is the sum of; "l2": difference², of whose sum it is the root
    shape          of an image, (1 or 3 channels, height, width); by itself that of a square

    The differences of a pixel's channels are added up. Of images of one channel and at most 8 × 8 pixels the numbers
    are written into the pixels, as the slides of CS231n, "Image classification", have it.
    """
    if metric not in NAMES:
        raise ValueError(errors.DIFFERENCE_METRIC.format(got=metric))
    pair = [image("image_difference", pixels, shape) for pixels in (first, second)]
    if pair[0].shape != pair[1].shape:
        raise ValueError(errors.DIFFERENCE_SHAPES.format(first=pair[0].shape, second=pair[1].shape))
    whole = all(pixels.dtype.kind in "bui" for pixels in pair)
    a, b = (pixels.astype(object if whole else float) for pixels in pair)  # exact: uint8 would wrap, 2 - 4 = 254
    order = ORDERS[metric]
    with np.errstate(over="ignore", under="ignore"):
        apart = (abs(a - b) ** order).sum(axis=0)  # infinite where no float is as large
        # Once more in units of a power of two, in which nothing overflows and no digit is lost.
        unit = 2.0 ** (np.frexp(max(abs(a).max(), abs(b).max(), 1e-300))[1] - 1)
        shares = (abs(a.astype(float) / unit - b.astype(float) / unit) ** order).sum(axis=0)
        distance = apart.sum() if order == 1 else np.float64(unit) * np.sqrt(shares.sum())
    shares /= shares.max() or 1

    pictures = visible(np.stack(pair))
    total = f"{metric.upper()} distance {number(distance)}"
    line: Look = {"edgecolor": "0.5", "linewidth": 0.8}
    tiles = [
        Tile(pictures[0], "first image", frame=line),
        Tile(pictures[1], "second image", frame=line),
        Tile(shares, f"{NAMES[metric]}\n{total}", frame=line, look={"cmap": "Blues"}),
    ]
    places = [(1.2 * place, 0) for place in range(len(tiles))]  # with room for a sign between them
    written = len(pair[0]) == 1 and max(apart.shape) <= WRITTEN
    ax = draw_tiles(tiles, places, title, ax, least=max(130, 26 * apart.shape[1] * written))
    middle = len(pictures[0]) / pictures[0].shape[1] / 2
    for (column, _), sign in zip(places[1:], "−→", strict=True):
        left = column * (1 + GAP)
        ax.text(left - (1.2 * (1 + GAP) - 1) / 2, middle, sign, ha="center", va="center", fontsize=0.1 * tile_width(ax))
    if written:
        darks = (*(pictures < 0.5), shares > 0.5)
        for (column, _), values, dark in zip(places, (a[0], b[0], apart), darks, strict=True):
            write_numbers(ax, column * (1 + GAP), values, dark)
    return ax


@plot
def neighbours(
    trace: Any,
    *,
    shape: Shape | None = None,
    names: Sequence[str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A sample and its nearest training images with their labels and distances; those of the answer's class are framed.

    trace  what `KNeighborsClassifier.trace` gives: its sample (features,), neighbour_samples (k, features),
           neighbour_labels (k,), neighbour_distances (k,), votes by label, answer and metric
    shape  of an image, (1 or 3 channels, height, width); by itself that of a square
    names  of the classes, which the labels then index

    Raises ValueError for samples that are no images, as by themselves are none of fewer than 64 features that are not
    uint8.
    """
    samples = np.concatenate([np.asarray(trace.sample).reshape(1, -1), trace.neighbour_samples])
    if shape is None and samples.dtype != np.uint8 and samples.shape[1] < DOUBTFUL:
        what = f"no image by themselves, fewer than {DOUBTFUL} and not uint8"
        raise ValueError(errors.PLOT_SHAPE.format(plot="neighbours", features=samples.shape[1], what=what))
    sample, *pictures = visible(planes("neighbours", samples, shape))
    share = trace.votes[trace.answer] / (sum(trace.votes.values()) or 1)
    answer = wrap(f"→ {class_name('neighbours', trace.answer, names)}")
    tiles = [Tile(sample, f"sample\n{answer}\nvotes: {share:.0%}", frame={"edgecolor": "black"})]
    for picture, label, distance in zip(pictures, trace.neighbour_labels, trace.neighbour_distances, strict=True):
        agrees = label == trace.answer
        text = f"{wrap(class_name('neighbours', label, names))}\n{trace.metric.upper()} {number(distance)}"
        frame = {"edgecolor": RIGHT} if agrees else None
        tiles.append(Tile(picture, text, RIGHT if agrees else "0.35", frame))
    k = len(pictures)
    beside = [(column + 1.3, row) for column, row in in_rows(k, k if k <= ROW else best_columns(k))]
    ax = draw_tiles(tiles, [(0, 0), *beside], title, ax)
    ax.axvline(1.15 * (1 + GAP) - GAP / 2, color="0.7", linewidth=0.8)
    return ax
