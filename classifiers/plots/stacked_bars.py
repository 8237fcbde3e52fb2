"""Stacked bars: totals side by side, and the parts of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import Style, colour
from classifiers.plots.shared.text import legend_entry, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HATCHES = ("", "//", "..", "\\\\", "xx")  # in addition to the colours, for print in black and white
ROOM = 0.15  # for the numbers above and below the bars, as a share of their range


@plot
def stacked_bars(
    heights: ArrayLike | Mapping[str, ArrayLike],
    names: Sequence[object],
    *,
    number: str = ".4g",
    ylabel: str = "",
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw bars with their heights written at their ends; bars of several parts are stacked.

    Parameters
    ----------
    heights : array_like, shape (n,), or mapping from str to array_like
        The heights, finite numbers; or the parts of the bars by name, each of shape (n,) and at least 0, from the
        bottom up.
    names : sequence
        The names of the n bars.
    number : str, default ".4g"
        The format of the heights, such as ".3f".
    ylabel : str, default ""
        The label of the vertical axis.
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
        If the heights are not finite or not of shape (n,), or a part is below 0.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.stacked_bars({"data loss": [1.0, 2.0], "penalty": [0.5, 0.0]}, ["λ = 0.001", "λ = 0.1"])
    >>> [text.get_text() for text in ax.texts]
    ['1.5', '2']
    """
    several = isinstance(heights, Mapping)
    given = heights if isinstance(heights, Mapping) else {"": heights}
    parts = {label: finite_array(part) for label, part in given.items()}
    checked = [part for part in parts.values() if part is not None and part.shape == (len(names),)]
    if not checked or len(checked) < len(parts) or (several and min(part.min() for part in checked) < 0):
        raise ValueError(
            f"stacked_bars expected finite numbers of shape ({len(names)},), one for each name, or a dict of such "
            f"parts, each at least 0, got {describe(*given.values()) or 'no part'}"
        )

    ax = ax or new_axes()
    totals, ends = np.zeros(len(names)), [0.0]
    for index, (label, part) in enumerate(zip(parts, checked, strict=True)):
        style: Style = {"color": colour(index), "hatch": HATCHES[index % len(HATCHES)]}
        bars = ax.bar(range(len(names)), part, 0.6, totals, edgecolor="white", label=legend_entry(label), **style)
        totals = totals + part
        ends += [totals.min(), totals.max()]
    ax.bar_label(bars, [f"{total:{number}}".replace("-", "−") for total in totals], padding=2, fontsize="small")
    ax.set_xticks(range(len(names)), [shorten(name) for name in names])
    ax.tick_params(axis="x", length=0)
    ax.axhline(0, color="0.3", linewidth=0.8)
    low, high = min(ends), max(ends)
    room = ROOM * (high - low) or 1.0
    ax.set_ylim(low - room * (low < 0), high + room)
    ax.set_ylabel(shorten(ylabel))
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    if several:
        add_legend(ax, own_figure=True)  # to the right in any case, as bars leave no room
    set_title(ax, title)
    return ax
