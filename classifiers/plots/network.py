"""Networks: their layers as columns of neurons, each connected with all of the layer before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, extent, new_axes, one_for_each, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import short, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 8  # neurons of a layer that are all drawn
ENDS = 3  # of a larger one, so many at its top and at its bottom, and dots between
WRAP = 14  # characters in a line of a name
LARGEST = 10.0  # points of text
INPUT, HIDDEN, OUTPUT = COLOURS[2], COLOURS[0], COLOURS[1]


@plot
def network(
    sizes: Sequence[int],
    *,
    names: Sequence[str] | None = None,
    kept: Sequence[Any] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A fully connected network: a column of circles for each layer, a line for each weight.

    sizes  of the layers, whole numbers, the input's first
    names  of the layers; "input layer", "hidden layer" and "output layer" where None
    kept   for each layer, (neurons,) of True and False: whether dropout keeps each neuron; one that it drops is crossed
           out and has no lines (Srivastava and others 2014, figure 1). All are kept where None

    Of a layer of more than 8 neurons the first and the last three are drawn; its size stands below it in any case.
    """
    from matplotlib.collections import LineCollection

    checked = finite(sizes)
    if checked is None or checked.ndim != 1 or checked.dtype.kind not in "iu" or len(checked) < 2 or checked.min() < 1:
        raise ValueError(errors.NETWORK_SIZES.format(got=describe(sizes)))
    counts: list[int] = checked.tolist()
    names = _usual_names(len(counts)) if names is None else names
    one_for_each("network", "names", (len(names),), len(counts))
    masks = _masks(kept, counts)
    columns = [_heights(count) for count in counts]
    units = ["input"] + ["neuron"] * (len(counts) - 1)
    told = [
        f"{fill(short(name), WRAP)}\n{count:,} {unit}{'s' * (count > 1)}"
        for name, count, unit in zip(names, counts, units, strict=True)
    ]
    rows = 1 + 2 * max(column[0] for column in columns)

    ax = ax or new_axes(figsize=(0.5 + 1.4 * len(columns), 1.5 + 0.4 * rows))
    width, height = extent(ax)
    pitch = width / len(columns)  # in points, from column to column
    size = min(22.0, 0.7 * height / (rows + 1), 0.4 * pitch)  # of a circle
    taking_part = [heights[mask] for heights, mask in zip(columns, masks, strict=True)]
    for place, (starts, ends) in enumerate(pairwise(taking_part)):
        lines = [((place, start), (place + 1, end)) for start in starts for end in ends]
        ax.add_collection(LineCollection(lines, colors="0.6", linewidths=0.03 * size, zorder=1))
    cross: Look = {"marker": "x", "s": (0.6 * size) ** 2, "color": "black", "linewidths": 0.09 * size, "zorder": 3}
    for place, (column, mask, count) in enumerate(zip(columns, masks, counts, strict=True)):
        colour = INPUT if place == 0 else OUTPUT if place == len(columns) - 1 else HIDDEN
        faces = np.where(mask, colour, "white").tolist()
        edges = np.where(mask, "white", "0.6").tolist()
        ax.scatter([place] * len(column), column, s=size**2, facecolors=faces, edgecolors=edges, zorder=2)
        if not mask.all():
            dropped = column[~mask]
            ax.scatter([place] * len(dropped), dropped, **cross)
        if count > MOST:
            ax.scatter([place] * 3, [-0.3, 0, 0.3], s=(size / 5) ** 2, color="0.3", zorder=2)
    ax.set_xticks(range(len(columns)), told, fontsize=min(LARGEST, 0.95 * pitch / widest(told)))
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-(rows + 1) / 2, (rows + 1) / 2), yticks=[])
    ax.spines[:].set_visible(False)
    entitle(ax, title)
    return ax


def _masks(kept: Sequence[Any] | None, counts: list[int]) -> list[np.ndarray]:
    """Whether each of the neurons that are drawn takes part, layer by layer."""
    masks = [np.ones(count, bool) for count in counts] if kept is None else [np.asarray(layer) for layer in kept]
    one_for_each("network", "kept", (len(masks),), len(counts))
    for mask, count in zip(masks, counts, strict=True):
        if mask.dtype != bool or mask.shape != (count,):
            raise ValueError(errors.NETWORK_KEPT.format(count=count, got=describe(mask)))
    return [mask if len(mask) <= MOST else np.concatenate([mask[:ENDS], mask[-ENDS:]]) for mask in masks]


def _heights(count: int) -> np.ndarray:
    """Where the neurons of a layer stand, one unit apart, the first on top; in the middle of a large one is a gap."""
    slots = count if count <= MOST else 2 * ENDS + 1
    heights = np.arange(slots)[::-1] - (slots - 1) / 2
    return heights if count <= MOST else np.concatenate([heights[:ENDS], heights[-ENDS:]])


def _usual_names(count: int) -> list[str]:
    hidden = [f"hidden layer {number}" for number in range(1, count - 1)]
    return ["input layer", *(hidden if count != 3 else ["hidden layer"]), "output layer"]
