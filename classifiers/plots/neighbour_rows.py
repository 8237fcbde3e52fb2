"""Rows of neighbours: several samples below each other, each with its nearest, and which of them are of its class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers import errors
from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import RIGHT, WRONG, one_for_each, plot
from classifiers.plots.shared.pixels import planes, visible
from classifiers.plots.shared.texts import class_name
from classifiers.plots.shared.tiles import GAP, Tile, draw_tiles, in_rows, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

APART = 0.3  # between a sample and its neighbours, as a share of a tile's width


@plot
def neighbour_rows(
    traces: Sequence[Any],
    labels: Any,
    *,
    names: Sequence[str] | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """For each sample a row: itself with the answer, then its nearest; what is not of its class is marked with a ×.

    traces  what `KNeighborsClassifier.trace` gives for some samples, with as many neighbours for each
    labels  (n,), the true classes of the samples
    names   of the classes, which the labels then index
    shape   of an image, (1 or 3 channels, height, width); by itself that of a square
    """
    labels = np.asarray(labels)
    one_for_each("neighbour_rows", "labels", labels.shape, len(traces))
    counts = {len(trace.neighbour_labels) for trace in traces}
    if len(counts) != 1:
        raise ValueError(errors.NEIGHBOUR_ROWS.format(got=sorted(counts) or "none"))
    columns = 1 + counts.pop()
    samples = [row for trace in traces for row in (trace.sample, *trace.neighbour_samples)]
    pictures = iter(visible(planes("neighbour_rows", np.stack(samples), shape)))

    tiles = []
    for trace, truth in zip(traces, labels.tolist(), strict=True):
        taken = [trace.answer, *np.asarray(trace.neighbour_labels).tolist()]
        for place, label in enumerate(taken):
            right = label == truth
            text = wrap(("" if right else "× ") + class_name("neighbour_rows", label, names))
            if place == 0:
                text = f"{wrap(class_name('neighbour_rows', truth, names))}\n→ {text}"
            colour = RIGHT if right else WRONG
            tiles.append(Tile(next(pictures), text, colour, {"edgecolor": colour}))
    places = [(column + APART * (column > 0), row) for column, row in in_rows(len(tiles), columns)]
    ax = draw_tiles(tiles, places, title, ax)
    ax.axvline((1 + APART / 2) * (1 + GAP) - GAP / 2, color="0.7", linewidth=0.8)
    return ax
