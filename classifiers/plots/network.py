"""Network: the layers as columns of neurons, each connected with all of the previous layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import check_one_for_each, finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.style import COLOURS, Style
from classifiers.plots.shared.text import shorten, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_DRAWN = 8  # neurons of a layer
ENDS = 3  # neurons at the top and at the bottom of a larger layer, with dots between them
WRAP = 14  # characters of a line of a name
MAX_FONT = 10.0  # points
INPUT, HIDDEN, OUTPUT = COLOURS[2], COLOURS[0], COLOURS[1]


@plot
def network(
    sizes: Sequence[int],
    *,
    names: Sequence[str] | None = None,
    kept: Sequence[ArrayLike] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw a fully connected network: a column of circles for each layer, a line for each weight.

    Of a layer of more than 8 neurons, the first and the last three are drawn. The size of each layer is written below
    it.

    Parameters
    ----------
    sizes : sequence of int
        The sizes of the layers, that of the input first.
    names : sequence of str or None, default None
        The names of the layers; None for "input layer", "hidden layer" and "output layer".
    kept : sequence of array_like of bool, or None, default None
        For each layer, which neurons dropout keeps, of shape (neurons,). A neuron that is dropped is crossed out and
        has no lines. None if all are kept.
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
        If the sizes are not two or more whole numbers of at least 1, or `names` or `kept` do not fit them.

    Notes
    -----
    With `kept`, this is figure 1 of Srivastava and others 2014, "Dropout: a simple way to prevent neural networks from
    overfitting".

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.network((3072, 512, 10))
    >>> ax.get_xticklabels()[1].get_text()
    'hidden layer\n512 neurons'
    """
    from matplotlib.collections import LineCollection

    checked = finite_array(sizes)
    if checked is None or checked.ndim != 1 or checked.dtype.kind not in "iu" or len(checked) < 2 or checked.min() < 1:
        raise ValueError(
            f"network expected the sizes of two or more layers, whole numbers of at least 1, got {describe(sizes)}; "
            f"pass the size of the input first, such as (3072, 512, 10)"
        )
    counts: list[int] = checked.tolist()
    names = _default_names(len(counts)) if names is None else names
    check_one_for_each("network", "names", (len(names),), len(counts))
    masks = _masks(kept, counts)
    columns = [_heights(count) for count in counts]
    units = ["input"] + ["neuron"] * (len(counts) - 1)
    labels = [
        f"{fill(shorten(name), WRAP)}\n{count:,} {unit}{'s' * (count > 1)}"
        for name, count, unit in zip(names, counts, units, strict=True)
    ]
    rows = 1 + 2 * max(column[0] for column in columns)

    ax = ax or new_axes(figsize=(0.5 + 1.4 * len(columns), 1.5 + 0.4 * rows))
    width, height = size_in_points(ax)
    pitch = width / len(columns)  # the distance of columns, in points
    size = min(22.0, 0.7 * height / (rows + 1), 0.4 * pitch)  # of a circle, in points
    kept_heights = [heights[mask] for heights, mask in zip(columns, masks, strict=True)]
    for layer, (starts, ends) in enumerate(pairwise(kept_heights)):
        lines = [((layer, start), (layer + 1, end)) for start in starts for end in ends]
        ax.add_collection(LineCollection(lines, colors="0.6", linewidths=0.03 * size, zorder=1))
    cross: Style = {"marker": "x", "s": (0.6 * size) ** 2, "color": "black", "linewidths": 0.09 * size, "zorder": 3}
    for layer, (column, mask, count) in enumerate(zip(columns, masks, counts, strict=True)):
        layer_colour = INPUT if layer == 0 else OUTPUT if layer == len(columns) - 1 else HIDDEN
        faces = np.where(mask, layer_colour, "white").tolist()
        edges = np.where(mask, "white", "0.6").tolist()
        ax.scatter([layer] * len(column), column, s=size**2, facecolors=faces, edgecolors=edges, zorder=2)
        if not mask.all():
            dropped = column[~mask]
            ax.scatter([layer] * len(dropped), dropped, **cross)
        if count > MAX_DRAWN:
            ax.scatter([layer] * 3, [-0.3, 0, 0.3], s=(size / 5) ** 2, color="0.3", zorder=2)
    ax.set_xticks(range(len(columns)), labels, fontsize=min(MAX_FONT, 0.95 * pitch / text_width(labels)))
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-(rows + 1) / 2, (rows + 1) / 2), yticks=[])
    ax.spines[:].set_visible(False)
    set_title(ax, title)
    return ax


def _masks(kept: Sequence[ArrayLike] | None, counts: list[int]) -> list[np.ndarray]:
    """Whether each drawn neuron is kept, layer by layer."""
    masks = [np.ones(count, bool) for count in counts] if kept is None else [np.asarray(layer) for layer in kept]
    check_one_for_each("network", "kept", (len(masks),), len(counts))
    for mask, count in zip(masks, counts, strict=True):
        if mask.dtype != bool or mask.shape != (count,):
            raise ValueError(
                f"network expected kept to have True or False for each neuron of each layer, here of shape ({count},), "
                f"got {describe(mask)}"
            )
    return [mask if len(mask) <= MAX_DRAWN else np.concatenate([mask[:ENDS], mask[-ENDS:]]) for mask in masks]


def _heights(count: int) -> np.ndarray:
    """The heights of the drawn neurons of a layer, 1 apart, the first on top; a large layer has a gap."""
    slots = count if count <= MAX_DRAWN else 2 * ENDS + 1
    heights = np.arange(slots)[::-1] - (slots - 1) / 2
    return heights if count <= MAX_DRAWN else np.concatenate([heights[:ENDS], heights[-ENDS:]])


def _default_names(count: int) -> list[str]:
    """The names of layers that the user did not name."""
    hidden = [f"hidden layer {number}" for number in range(1, count - 1)]
    return ["input layer", *(hidden if count != 3 else ["hidden layer"]), "output layer"]
