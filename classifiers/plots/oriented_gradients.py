"""Features made by hand, as pictures: what colour histogram and oriented gradients keep of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors, features
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import WRONG, entitle, new_axes, plot
from classifiers.plots.shared.pixels import image, visible
from classifiers.plots.shared.texts import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def colour_histogram(
    pixels: Any, *, bins: int = 4, shape: Shape | None = None, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """The share of an image's pixels of each colour, the commonest first: a bar in the middle colour of each box.

    pixels  one image, uint8, (features,), (height, width) or (channels, height, width), in planes
    bins    of each channel, as `features.colour_histogram` has them
    shape   of the image, (1 or 3 channels, height, width); by itself that of a square
    """
    planes = _bytes("colour_histogram", pixels, shape)
    shares = features.colour_histogram(planes[None], bins=bins, shape=planes.shape)[0]
    boxes = np.indices((bins,) * len(planes)).reshape(len(planes), -1).T
    colours = np.broadcast_to((boxes + 0.5) / bins, (len(boxes), 3))
    order = np.argsort(-shares, kind="stable")
    order = order[shares[order] > 0]
    ax = ax or new_axes()
    ax.bar(range(len(order)), shares[order], color=colours[order], edgecolor="0.4", linewidth=0.5)
    ax.yaxis.set_major_formatter(percent)
    ax.set(xticks=[], xlabel=f"{len(order)} of {len(boxes)} colours", ylabel="share of the pixels")
    ax.spines[["top", "right"]].set_visible(False)
    entitle(ax, title)
    return ax


@plot
def oriented_gradients(
    pixels: Any,
    *,
    cell: int = 8,
    orientations: int = 9,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The edges of an image, cell by cell: a line along each direction, as long as there is edge in it.

    An edge runs across the gradient. Lengths are those of `features.orientation_histograms`, to the longest.

    pixels              one image, uint8, (features,), (height, width) or (channels, height, width), in planes
    cell, orientations  as `features.orientation_histograms` has them
    shape               of the image, (1 or 3 channels, height, width); by itself that of a square
    """
    from matplotlib.collections import LineCollection

    planes = _bytes("oriented_gradients", pixels, shape)
    settings: Any = {"cell": cell, "orientations": orientations, "shape": planes.shape}
    votes = features.orientation_histograms(planes[None], **settings)[0]
    votes = votes / (votes.max() or 1)
    height, width = planes.shape[1:]
    row, column, orientation = np.indices(votes.shape)
    across = np.pi * (orientation / orientations + 0.5)
    half = 0.47 * cell * votes[..., None] * np.stack([np.cos(across), np.sin(across)], axis=-1)
    middle = cell * (np.stack([column, row], axis=-1) + 0.5) - 0.5
    lines = np.stack([middle - half, middle + half], axis=-2).reshape(-1, 2, 2)

    ax = ax or new_axes(figsize=(4, 4 * height / width))
    pale = 0.45 + 0.55 * visible(planes.mean(axis=0, keepdims=True)[None] / 255)[0]
    ax.imshow(pale, cmap="gray", vmin=0, vmax=1)
    ax.add_collection(LineCollection(lines.tolist(), colors=WRONG, linewidths=1.6, capstyle="round"))
    for edges, draw in ((np.arange(0, width + 1, cell), ax.axvline), (np.arange(0, height + 1, cell), ax.axhline)):
        for edge in edges:
            draw(edge - 0.5, color="white", linewidth=0.8)
    ax.set_axis_off()
    entitle(ax, title)
    return ax


def _bytes(plot: str, pixels: Any, shape: Shape | None) -> np.ndarray:
    planes = image(plot, pixels, shape)
    if planes.dtype != np.uint8:
        raise ValueError(errors.HANDMADE_BYTES.format(plot=plot, got=planes.dtype))
    return planes
