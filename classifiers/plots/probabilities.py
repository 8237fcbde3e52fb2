"""Probabilities: what a classifier makes of one sample, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import RIGHT, entitle, new_axes, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 20  # bars
ROUNDING = 1e-3  # by which the sum may miss 1


@plot
def probabilities(probabilities: Any, names: Sequence[str], *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """The probabilities of the classes as bars, the likeliest on top.

    probabilities  (classes,), from 0 to 1, of one sample; they add up to 1
    names          of the classes

    Of many classes, the unlikely ones share a bar.
    """
    shares = finite(probabilities)
    fits = shares is not None and shares.shape == (len(names),) and shares.min() >= 0
    if shares is None or not fits or abs(shares.sum(dtype=float) - 1) > ROUNDING:
        raise ValueError(errors.PLOT_PROBABILITIES.format(classes=len(names), got=describe(probabilities)))
    order = np.argsort(-shares.astype(float), kind="stable")
    told = [short(names[place]) for place in order]
    lengths = shares[order].tolist()
    if len(names) > MOST:
        told[MOST - 1 :] = [f"and {len(names) - MOST + 1} more"]
        lengths[MOST - 1 :] = [sum(lengths[MOST - 1 :])]
    ax = ax or new_axes(figsize=(6, 1 + 0.3 * len(told)))
    bars = ax.barh(range(len(told)), lengths, color=[RIGHT, *["0.65"] * (len(told) - 1)])
    ax.bar_label(bars, [f"{length:.1%}" for length in lengths], padding=3, fontsize="small")
    ax.set_yticks(range(len(told)), told)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(0, 1.12), xticks=[])  # with room for the last bar's number
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    entitle(ax, title)
    return ax
