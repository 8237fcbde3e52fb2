"""Probabilities: what a classifier makes of one sample, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import describe
from classifiers import errors
from classifiers.plots.axes import RIGHT, entitle, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def probabilities(probabilities: Any, names: Sequence[str], *, title: str = "", ax: Axes | None = None) -> Axes:
    """The probabilities of the classes as bars, the likeliest on top.

    probabilities  (classes,), from 0 to 1, of one sample
    names          of the classes
    """
    shares = np.asarray(probabilities)
    if shares.shape != (len(names),) or shares.dtype.kind not in "fiu" or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(errors.PLOT_PROBABILITIES.format(classes=len(names), came=describe(probabilities)))
    order = np.argsort(-shares, kind="stable")
    ax = ax or new_axes(figsize=(6, 1 + 0.3 * len(names)))
    bars = ax.barh(range(len(names)), shares[order], color=[RIGHT, *["0.65"] * (len(names) - 1)])
    ax.bar_label(bars, [f"{share:.1%}" for share in shares[order]], padding=3, fontsize="small")
    ax.set_yticks(range(len(names)), [names[place] for place in order])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(0, 1.12), xticks=[])  # with room for the last bar's number
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    entitle(ax, title)
    return ax
