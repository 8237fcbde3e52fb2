"""Hinge terms: how the scores of samples add up to their hinge loss."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import check_one_for_each, finite_array
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import Style, colour_and_marker
from classifiers.plots.shared.text import legend_entry, number, shorten
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

USED = 0.8  # the share of a sample's row that its classes occupy; the rest separates samples


@plot
def hinge_terms(
    scores: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    margin: float = 1.0,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the hinge loss of each sample, term by term.

    A class other than the correct one adds a term to the loss if its score is above s_y − margin (shaded), where s_y is
    the score of the correct class. Each term is a bar as long as the term. The large marker is the score of the correct
    class.

    Parameters
    ----------
    scores : array_like, shape (n, classes)
        The scores of the samples, each a row of the plot.
    labels : array_like of int, shape (n,)
        The correct classes, from 0 to classes − 1.
    names : sequence of str or None, default None
        The names of the classes; None to show their indices.
    margin : float, default 1
        The margin of the loss, above 0.
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
        If the scores, labels, names or margin are not as described.

    Notes
    -----
    The loss of a sample is Σ max(0, s_j − s_y + margin) over the classes j ≠ y. This is the figure of CS231n, "Linear
    classification".

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.hinge_terms([[3.2, 5.1, -1.7]], [0], names=["cat", "car", "frog"])
    >>> ax.get_yticklabels()[0].get_text()
    'cat\nloss 2.9'
    """
    s, y = finite_array(scores), finite_array(labels)
    fits = s is not None and y is not None and s.ndim == 2 and y.shape == (len(s),) and y.dtype.kind in "iu"
    if s is None or y is None or not fits or not ((y >= 0) & (y < s.shape[1])).all():
        raise ValueError(
            f"hinge_terms expected finite scores of shape (n, classes) and labels of shape (n,), whole numbers from 0 "
            f"to classes - 1, got {describe(scores, labels)}; pass one sample as scores[None]"
        )
    check_number(float, "margin", margin, above=0, below=inf)
    (n, classes), s = s.shape, s.astype(float)
    names = [str(name) for name in (range(classes) if names is None else names)]
    check_one_for_each("hinge_terms", "names", (len(names),), classes)
    free = s[np.arange(n), y] - margin  # scores of other classes up to this cost nothing
    terms = np.maximum(s - free[:, None], 0)
    terms[np.arange(n), y] = 0

    own = ax is None
    ax = ax or new_axes(figsize=(7.5, 1.2 + 0.28 * n * classes))
    low, high = min(s.min(), free.min()), s.max()
    low, high = low - 0.06 * (high - low), high + 0.14 * (high - low)  # room for the last number
    for row, start in enumerate(free):
        label = f"above s_y − {margin:g}" if row == 0 else None
        ax.fill_between([start, high], row - 0.46, row + 0.46, color="0.92", linewidth=0, zorder=0, label=label)
        ax.plot([start, start], [row - 0.46, row + 0.46], color="0.4", linestyle="--", linewidth=1)
    heights = np.arange(n)[:, None] + USED * ((np.arange(classes) + 0.5) / classes - 0.5)
    for index, name in enumerate(names):
        style: Style = {**colour_and_marker(index), "linestyle": "none", "markeredgecolor": "0.15", "zorder": 3}
        correct = y == index
        ax.plot(s[~correct, index], heights[~correct, index], markersize=7, label=legend_entry(name), **style)
        ax.plot(s[correct, index], heights[correct, index], markersize=12, markeredgewidth=1.8, **style)
        for sample in np.flatnonzero(terms[:, index] > 0):
            end, at = s[sample, index], heights[sample, index]
            ax.plot([free[sample], end], [at, at], color=style["color"], linewidth=5, solid_capstyle="butt")
            offset: Style = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "fontsize": "small"}
            ax.annotate(number(round(terms[sample, index], 10)), (end, at), **offset)
    large: Style = {"marker": "o", "markersize": 9, "markeredgewidth": 1.8, "markeredgecolor": "0.15"}
    ax.plot([], [], linestyle="none", markerfacecolor="white", label="large: the correct class", **large)
    losses = [number(round(loss, 10)) for loss in terms.sum(axis=1)]
    rows = [f"{shorten(names[label])}\nloss {loss}" for label, loss in zip(y, losses, strict=True)]
    ax.set_yticks(range(n), rows)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="score", xlim=(low, high), ylim=(n - 0.5, -0.5))
    ax.spines[["top", "right", "left"]].set_visible(False)
    add_legend(ax, own_figure=own)
    set_title(ax, title)
    return ax
