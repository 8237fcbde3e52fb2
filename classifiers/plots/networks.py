"""Networks: their layers as columns of neurons, each connected with all of the layer before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from autograd.errors import describe
from classifiers import errors
from classifiers.plots.axes import COLOURS, Look, entitle, extent, new_axes, plot
from classifiers.plots.pixels import finite
from classifiers.plots.texts import short, widest

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
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A fully connected network: a column of circles for each layer, a line for each weight.

    sizes  of the layers, whole numbers, the input's first
    names  of the layers; "input layer", "hidden layer" and "output layer" where None

    Of a layer of more than 8 neurons the first and the last three are drawn; its size stands below it in any case.
    """
    from matplotlib.collections import LineCollection

    checked = finite(sizes)
    if checked is None or checked.ndim != 1 or checked.dtype.kind not in "iu" or len(checked) < 2 or checked.min() < 1:
        raise ValueError(errors.NETWORK_SIZES.format(came=describe(sizes)))
    counts: list[int] = checked.tolist()
    names = _usual_names(len(counts)) if names is None else names
    if len(names) != len(counts):
        shape = (len(names),)
        raise ValueError(errors.PLOT_LENGTH.format(plot="network", what="names", n=len(counts), came=shape))
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
    for place, (column, following) in enumerate(pairwise(columns)):
        lines = [((place, start), (place + 1, end)) for start in column for end in following]
        ax.add_collection(LineCollection(lines, colors="0.6", linewidths=0.03 * size, zorder=1))
    for place, (column, count) in enumerate(zip(columns, counts, strict=True)):
        colour = INPUT if place == 0 else OUTPUT if place == len(columns) - 1 else HIDDEN
        circles: Look = {"s": size**2, "color": colour, "edgecolors": "white", "zorder": 2}
        ax.scatter([place] * len(column), column, **circles)
        if count > MOST:
            ax.scatter([place] * 3, [-0.3, 0, 0.3], s=(size / 5) ** 2, color="0.3", zorder=2)
    ax.set_xticks(range(len(columns)), told, fontsize=min(LARGEST, 0.95 * pitch / widest(told)))
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-(rows + 1) / 2, (rows + 1) / 2), yticks=[])
    ax.spines[:].set_visible(False)
    entitle(ax, title)
    return ax


def _heights(count: int) -> list[float]:
    """Where the neurons of a layer stand, one unit apart, the first on top; in the middle of a large one is a gap."""
    slots = count if count <= MOST else 2 * ENDS + 1
    heights = (np.arange(slots)[::-1] - (slots - 1) / 2).tolist()
    return heights if count <= MOST else heights[:ENDS] + heights[-ENDS:]


def _usual_names(count: int) -> list[str]:
    hidden = [f"hidden layer {number}" for number in range(1, count - 1)]
    return ["input layer", *(hidden if count != 3 else ["hidden layer"]), "output layer"]
