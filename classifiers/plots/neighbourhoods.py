"""Neighbourhoods: where in a plane the k nearest lie, for one k beside another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import Look, entitle, legend, new_axes, plot, style
from classifiers.plots.shared.texts import entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = ("-", "--", ":", "-.")
CORNERS = {"l1": 4, "l2": 200}  # of a line of equal distance: a diamond, or what looks like a circle


@plot
def neighbourhoods(
    traces: Sequence[Any],
    X: Any,
    y: Any,
    *,
    markers: Mapping[Any, str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Samples in a plane and, around the one that is asked about, a line for each k, within which its k nearest lie.

    traces   what `KNeighborsClassifier.trace` gives for one sample of two features, for one k or several
    X, y     the known samples (n, 2) and their labels (n,)
    markers  label -> matplotlib's marker; by itself those of all plots

    The line is a circle by L2 and a diamond by L1, halfway between the k-th nearest and the next.

    Raises ValueError for other than two features, and for traces of several samples or of other known ones.
    """
    X, y = np.asarray(X), np.asarray(y)
    flat = X.ndim == 2 and X.shape[1] == 2 and y.shape == X.shape[:1]
    if not flat or not len(traces) or any(len(trace.distances) != len(X) for trace in traces):
        raise ValueError(errors.NEIGHBOURHOODS.format(got=describe(X, y), count=len(traces)))
    sample = np.asarray(traces[0].sample)
    if any(not np.array_equal(trace.sample, sample) for trace in traces):
        raise ValueError(errors.NEIGHBOURHOODS_SAMPLES)

    own = ax is None
    ax = ax or new_axes()
    for place, label in enumerate(np.unique(y).tolist()):
        look: Look = {"s": 70, "edgecolors": "0.15", "linewidths": 0.6, "zorder": 2, **style(place)}
        if markers and label in markers:
            look["marker"] = markers[label]
        ax.scatter(*X[y == label].T, label=entry(label), **look)
    mark: Look = {"ha": "center", "va": "center", "fontsize": 14, "fontweight": "bold", "zorder": 3}
    ax.text(sample[0], sample[1], "?", **mark)
    for trace, line in zip(traces, LINES * len(traces), strict=False):
        k = len(trace.neighbours)
        distances = trace.distances[trace.order[k - 1 : k + 1]]
        angles = np.linspace(0, 2 * np.pi, CORNERS[trace.metric] + 1)
        around = sample + distances.mean() * np.column_stack([np.cos(angles), np.sin(angles)])
        text = f"k = {k}: {entry(trace.answer)}"
        ax.plot(*around.T, color="0.2", linestyle=line, linewidth=1.2, label=text, zorder=1)
    ax.set_aspect("equal")
    legend(ax, own=own)
    entitle(ax, title)
    return ax
