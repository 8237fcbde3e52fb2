"""Regression line: the predictions of a regressor over one feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import Regressor, finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 120  # of the line


@plot
def regression_line(
    regressor: Regressor, X: ArrayLike, y: ArrayLike, *, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Draw what a fitted regressor predicts over one feature, and samples.

    Parameters
    ----------
    regressor : regressor
        A fitted regressor of one feature with `predict`.
    X : array_like, shape (n, 1)
        The samples.
    y : array_like, shape (n,)
        Their true values.
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
        If X is not of shape (n, 1), y is not of shape (n,), or either is not finite.
    """
    feature, target = finite_array(X), finite_array(y)
    fits = feature is not None and target is not None and feature.ndim == 2 and feature.shape[1] == 1
    if feature is None or target is None or not fits or target.shape != (len(feature),):
        raise ValueError(
            f"regression_line expected finite numbers over one feature, X of shape (n, 1) and y of shape (n,), "
            f"n at least 1, got {describe(X, y)}; fit a regressor on one column, X[:, [0]]"
        )
    X, y = feature, target
    ax = ax or new_axes()
    across = np.linspace(X.min(), X.max(), POINTS, dtype=X.dtype if X.dtype.kind == "f" else float)[:, None]
    points: Style = {"s": max(6, min(28, 4000 / len(X))), "color": COLOURS[0], "edgecolors": "white", "linewidths": 0.5}
    ax.scatter(X[:, 0], y, **points, label="samples")
    ax.plot(across[:, 0], regressor.predict(across), color=COLOURS[1], linewidth=2, label="prediction")
    ax.set(xlabel="x", ylabel="y")
    ax.grid(alpha=0.3)
    ax.legend()
    set_title(ax, title)
    return ax
