"""Neighbourhoods: the k nearest neighbours in a plane, for several k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import Trace
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import Style, colour_and_marker
from classifiers.plots.shared.text import legend_entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = ("-", "--", ":", "-.")
CORNERS = {"l1": 4, "l2": 200}  # of a line of equal distance: a diamond, or nearly a circle


@plot
def neighbourhoods(
    traces: Sequence[Trace],
    X: ArrayLike,
    y: ArrayLike,
    *,
    markers: Mapping[object, str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw samples in a plane and, for each k, a line around the k nearest neighbours of one sample.

    The line is a circle for L2 and a diamond for L1, halfway between the k-th neighbour and the next one.

    Parameters
    ----------
    traces : sequence of Trace
        The results of `KNeighborsClassifier.trace` for one sample of two features, for one or more k.
    X : array_like, shape (n, 2)
        The training samples.
    y : array_like, shape (n,)
        Their labels.
    markers : mapping from labels to str, or None, default None
        The markers of some classes, in matplotlib's notation; the others have those of all plots.
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
        If X does not have two features, or the traces are of several samples or of other training samples.
    """
    X, y = np.asarray(X), np.asarray(y)
    flat = X.ndim == 2 and X.shape[1] == 2 and y.shape == X.shape[:1]
    if not flat or not len(traces) or any(len(trace.distances) != len(X) for trace in traces):
        raise ValueError(
            f"neighbourhoods expected training samples X of two features, shape (n, 2), with labels y of shape (n,), "
            f"and at least one trace of a classifier fitted to them, got {describe(X, y)} and {len(traces)} traces"
        )
    sample = np.asarray(traces[0].sample)
    if any(not np.array_equal(trace.sample, sample) for trace in traces):
        raise ValueError("neighbourhoods expected traces of one sample, for different k, got traces of several samples")

    own = ax is None
    ax = ax or new_axes()
    for index, label in enumerate(np.unique(y).tolist()):
        style: Style = {"s": 70, "edgecolors": "0.15", "linewidths": 0.6, "zorder": 2, **colour_and_marker(index)}
        if markers and label in markers:
            style["marker"] = markers[label]
        ax.scatter(*X[y == label].T, label=legend_entry(label), **style)
    mark: Style = {"ha": "center", "va": "center", "fontsize": 14, "fontweight": "bold", "zorder": 3}
    ax.text(sample[0], sample[1], "?", **mark)
    for trace, line in zip(traces, LINES * len(traces), strict=False):
        k = len(trace.neighbours)
        distances = trace.distances[trace.order[k - 1 : k + 1]]
        angles = np.linspace(0, 2 * np.pi, CORNERS[trace.metric] + 1)
        around = sample + distances.mean() * np.column_stack([np.cos(angles), np.sin(angles)])
        text = f"k = {k}: {legend_entry(trace.answer)}"
        ax.plot(*around.T, color="0.2", linestyle=line, linewidth=1.2, label=text, zorder=1)
    ax.set_aspect("equal")
    add_legend(ax, own_figure=own)
    set_title(ax, title)
    return ax
