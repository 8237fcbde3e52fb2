"""Scaling: how what something costs grows with how much there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import entitle, new_axes, one_for_each, plot, style
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def scaling(
    sizes: Any,
    costs: Mapping[str, Any],
    *,
    names: tuple[str, str] = ("n", "seconds"),
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Costs over sizes as they were measured, each with the straight line nearest to it, to which O(n) keeps.

    sizes  (n,), at least 0, such as numbers of samples; two of them at least differ
    costs  label -> (n,), such as the seconds that each size took
    names  of the sizes and of the costs

    Raises ValueError for what is not finite, or has no line.
    """
    x = finite(sizes)
    measured = {label: finite(cost) for label, cost in costs.items()}
    if x is None or x.ndim != 1 or x.min() < 0 or np.ptp(x) == 0 or not measured:
        raise ValueError(errors.SCALING.format(got=describe(sizes, *costs.values())))
    one_for_each("scaling", "names", (len(names),), 2)

    ax = ax or new_axes()
    ends = np.array([0, x.max()])
    for number, (label, y) in enumerate(measured.items()):
        if y is None or y.shape != x.shape:
            raise ValueError(errors.SCALING.format(got=describe(sizes, costs[label])))
        look = style(number)
        ax.plot(ends, np.polyval(np.polyfit(x, y, 1), ends), color=look["color"], linewidth=1.2, label="_line")
        ax.plot(x, y, **look, linestyle="none", markersize=6, markeredgecolor="white", label=entry(label))
    ax.set(xlabel=short(names[0]), ylabel=short(names[1]), xlim=(0, None))
    ax.xaxis.set_major_formatter("{x:,.10g}")
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small")
    entitle(ax, title)
    return ax
