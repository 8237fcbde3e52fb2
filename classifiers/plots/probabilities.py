"""Probabilities: what a classifier predicts for one sample, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import CORRECT
from classifiers.plots.shared.text import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_BARS = 20
ROUNDING = 1e-3  # the sum may differ from 1 by this


@plot
def probabilities(
    probabilities: ArrayLike, names: Sequence[str], *, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Draw the predicted probabilities of the classes for one sample as bars, the largest on top.

    Parameters
    ----------
    probabilities : array_like, shape (classes,)
        The probabilities, from 0 to 1, which add up to 1: a row of `predict_proba`.
    names : sequence of str
        The names of the classes.
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
        If the probabilities are not as described, or there is not one name for each.

    Notes
    -----
    If there are more than 20 classes, the least probable ones share a bar.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.probabilities([0.2, 0.7, 0.1], ["cat", "dog", "frog"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['dog', 'cat', 'frog']
    """
    shares = finite_array(probabilities)
    fits = shares is not None and shares.shape == (len(names),) and shares.min() >= 0
    if shares is None or not fits or abs(shares.sum(dtype=float) - 1) > ROUNDING:
        raise ValueError(
            f"probabilities expected numbers from 0 to 1 that add up to 1, one for each of {len(names)} classes, "
            f"got {describe(probabilities)}; pass a row of predict_proba, and the name of each class"
        )
    order = np.argsort(-shares.astype(float), kind="stable")
    labels = [shorten(names[index]) for index in order]
    lengths = shares[order].tolist()
    if len(names) > MAX_BARS:
        labels[MAX_BARS - 1 :] = [f"and {len(names) - MAX_BARS + 1} more"]
        lengths[MAX_BARS - 1 :] = [sum(lengths[MAX_BARS - 1 :])]
    ax = ax or new_axes(figsize=(6, 1 + 0.3 * len(labels)))
    bars = ax.barh(range(len(labels)), lengths, color=[CORRECT, *["0.65"] * (len(labels) - 1)])
    ax.bar_label(bars, [f"{length:.1%}" for length in lengths], padding=3, fontsize="small")
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(0, 1.12), xticks=[])  # room for the number at a bar of length 1
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    set_title(ax, title)
    return ax
