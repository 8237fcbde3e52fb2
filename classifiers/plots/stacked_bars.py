"""Stacked bars: numbers side by side, and what they are made up of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, legend, new_axes, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HATCHES = ("", "//", "..", "\\\\", "xx")  # tell the parts apart in print without colour
ROOM = 0.15  # for the numbers above and below the bars, as a share of their height


@plot
def stacked_bars(
    heights: Any,
    names: Sequence[Any],
    *,
    number: str = ".4g",
    ylabel: str = "",
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Bars with their heights written at their ends; of several parts, one on the other, that add up to the height.

    heights  (n,), finite numbers; or a dict of several such by label, the parts, of at least 0, from the bottom up
    names    n, of the bars
    number   how to write a height, a format such as ".3f"

    Raises ValueError for heights of another shape, that are not finite, or for parts below 0.
    """
    several = isinstance(heights, Mapping)
    parts = {label: finite(part) for label, part in (heights if several else {"": heights}).items()}
    checked = [part for part in parts.values() if part is not None and part.shape == (len(names),)]
    if not checked or len(checked) < len(parts) or (several and min(part.min() for part in checked) < 0):
        got = describe(*heights.values()) if several else describe(heights)
        raise ValueError(errors.STACKED_BARS.format(n=len(names), got=got or "no part"))

    ax = ax or new_axes()
    totals, ends = np.zeros(len(names)), [0.0]
    for place, (label, part) in enumerate(zip(parts, checked, strict=True)):
        look: Look = {"color": COLOURS[place % len(COLOURS)], "hatch": HATCHES[place % len(HATCHES)]}
        bars = ax.bar(range(len(names)), part, 0.6, totals, edgecolor="white", label=entry(label), **look)
        totals = totals + part
        ends += [totals.min(), totals.max()]
    ax.bar_label(bars, [f"{total:{number}}".replace("-", "−") for total in totals], padding=2, fontsize="small")
    ax.set_xticks(range(len(names)), [short(name) for name in names])
    ax.tick_params(axis="x", length=0)
    ax.axhline(0, color="0.3", linewidth=0.8)
    low, high = min(ends), max(ends)
    room = ROOM * (high - low) or 1.0
    ax.set_ylim(low - room * (low < 0), high + room)
    ax.set_ylabel(short(ylabel))
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    if several:
        legend(ax, own=True)  # beside it in any case: bars leave no room
    entitle(ax, title)
    return ax
