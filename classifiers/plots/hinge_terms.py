"""Margins: what the scores of a sample cost by the hinge loss."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import Look, entitle, legend, new_axes, one_for_each, plot, style
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, number, short
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

USED = 0.8  # of a sample's row, by its classes; the rest tells it from the next


@plot
def hinge_terms(
    scores: Any,
    labels: Any,
    *,
    names: Sequence[str] | None = None,
    margin: float = 1.0,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The hinge loss of each sample term by term: how far the other classes reach into the margin, and beyond it.

    The picture of CS231n, "Linear classification": what another class scores above s_y − margin (shaded) is a term of
    the loss, here a bar as long as the term; below, it costs nothing. The score of the right class is the large marker.

    scores  (n, classes), a row of the picture for each sample
    labels  (n,), the right classes, from 0 to classes − 1
    names   of the classes; their indices where None
    margin  above 0
    """
    s, y = finite(scores), finite(labels)
    fits = s is not None and y is not None and s.ndim == 2 and y.shape == (len(s),) and y.dtype.kind in "iu"
    if s is None or y is None or not fits or not ((y >= 0) & (y < s.shape[1])).all():
        raise ValueError(errors.HINGE_TERMS.format(got=describe(scores, labels)))
    check_number(float, "margin", margin, above=0, below=inf)
    (n, classes), s = s.shape, s.astype(float)
    names = [str(name) for name in (range(classes) if names is None else names)]
    one_for_each("hinge_terms", "names", (len(names),), classes)
    free = s[np.arange(n), y] - margin  # up to here the others cost nothing
    terms = np.maximum(s - free[:, None], 0)
    terms[np.arange(n), y] = 0

    own = ax is None
    ax = ax or new_axes(figsize=(7.5, 1.2 + 0.28 * n * classes))
    low, high = min(s.min(), free.min()), s.max()
    low, high = low - 0.06 * (high - low), high + 0.14 * (high - low)  # with room for the last number
    for row, start in enumerate(free):
        label = f"above s_y − {margin:g}" if row == 0 else None
        ax.fill_between([start, high], row - 0.46, row + 0.46, color="0.92", linewidth=0, zorder=0, label=label)
        ax.plot([start, start], [row - 0.46, row + 0.46], color="0.4", linestyle="--", linewidth=1)
    heights = np.arange(n)[:, None] + USED * ((np.arange(classes) + 0.5) / classes - 0.5)
    for place, name in enumerate(names):
        look: Look = {**style(place), "linestyle": "none", "markeredgecolor": "0.15", "zorder": 3}
        right = y == place
        ax.plot(s[~right, place], heights[~right, place], markersize=7, label=entry(name), **look)
        ax.plot(s[right, place], heights[right, place], markersize=12, markeredgewidth=1.8, **look)
        for sample in np.flatnonzero(terms[:, place] > 0):
            end, at = s[sample, place], heights[sample, place]
            ax.plot([free[sample], end], [at, at], color=look["color"], linewidth=5, solid_capstyle="butt")
            told: Look = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": "small"}
            ax.annotate(number(round(terms[sample, place], 10)), (end, at), **told)
    large: Look = {"marker": "o", "markersize": 9, "markeredgewidth": 1.8, "markeredgecolor": "0.15"}
    ax.plot([], [], linestyle="none", markerfacecolor="white", label="large: the right class", **large)
    losses = [number(round(loss, 10)) for loss in terms.sum(axis=1)]
    rows = [f"{short(names[label])}\nloss {loss}" for label, loss in zip(y, losses, strict=True)]
    ax.set_yticks(range(n), rows)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="score", xlim=(low, high), ylim=(n - 0.5, -0.5))
    ax.spines[["top", "right", "left"]].set_visible(False)
    legend(ax, own=own)
    entitle(ax, title)
    return ax
