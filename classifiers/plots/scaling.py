"""Scaling: how costs grow with the number of samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import check_one_for_each, finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import colour_and_marker
from classifiers.plots.shared.text import legend_entry, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXPECTED = (
    "scaling expected sizes of shape (n,), at least 0, two of which differ, and a dict of costs of shape (n,) by name, "
    "all finite numbers, got {got}"
)


@plot
def scaling(
    sizes: ArrayLike,
    costs: Mapping[str, ArrayLike],
    *,
    names: tuple[str, str] = ("n", "seconds"),
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw measured costs over sizes, each with the straight line that fits it best: costs in O(n) lie on their line.

    Parameters
    ----------
    sizes : array_like, shape (n,)
        The sizes, such as numbers of samples, at least 0. At least two of them differ.
    costs : mapping from str to array_like, shape (n,)
        The costs for these sizes, such as seconds, by name.
    names : (str, str), default ("n", "seconds")
        What the sizes and the costs are: the labels of the axes.
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
        If the sizes or costs are not finite, do not fit together, or do not determine a line.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.scaling([1000, 2000, 4000], {"training": [1, 1, 1], "prediction": [2.0, 4.1, 8.0]})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('n', 'seconds')
    """
    x = finite_array(sizes)
    measured = {label: finite_array(cost) for label, cost in costs.items()}
    if x is None or x.ndim != 1 or x.min() < 0 or np.ptp(x) == 0 or not measured:
        raise ValueError(EXPECTED.format(got=describe(sizes, *costs.values())))
    check_one_for_each("scaling", "names", (len(names),), 2)

    ax = ax or new_axes()
    ends = np.array([0, x.max()])
    for number, (label, y) in enumerate(measured.items()):
        if y is None or y.shape != x.shape:
            raise ValueError(EXPECTED.format(got=describe(sizes, costs[label])))
        style = colour_and_marker(number)
        ax.plot(ends, np.polyval(np.polyfit(x, y, 1), ends), color=style["color"], linewidth=1.2, label="_line")
        ax.plot(x, y, **style, linestyle="none", markersize=6, markeredgecolor="white", label=legend_entry(label))
    ax.set(xlabel=shorten(names[0]), ylabel=shorten(names[1]), xlim=(0, None))
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small")
    set_title(ax, title)
    return ax
