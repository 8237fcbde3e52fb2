"""Descents: linear regression and the way of its parameters down the cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, new_axes, one_for_each, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.15  # around the paths, as a share of their extent
POINTS = 120  # along each axis, at which the cost is computed
LEVELS = 14
MARKED = 60  # steps of a path up to which each is marked
ENDS: dict[str, Look] = {
    "start": {"marker": "o", "markersize": 8, "markerfacecolor": "white", "linestyle": "none"},
    "end": {"marker": "s", "markersize": 6, "markeredgecolor": "white", "linestyle": "none"},
}
LINES = ("-", "--", "-.", ":")


@plot
def descent_path(
    path: Any,
    cost: Callable[[np.ndarray], np.ndarray],
    *,
    best: Any = None,
    names: tuple[str, str] = ("θ₀", "θ₁"),
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The way of two parameters over the contours of the cost, from where it starts to where it ends.

    path   (steps + 1, 2), the parameters before the first step and after each; or a dict of several by label, such as
           batch, stochastic and mini-batch gradient descent
    cost   gives (m,), the cost at each of m points (m, 2)
    best   (2,), where the cost is least, if it is known
    names  of the two parameters

    The contours lie closer to each other near the bottom: they are evenly spaced in the root of what is above it.
    Raises ValueError for a path that is not finite, and for a cost of another shape.
    """
    paths = {label: _checked(one) for label, one in (path if isinstance(path, Mapping) else {"": path}).items()}
    if not paths:
        raise ValueError(errors.DESCENT_PATH.format(got="no path"))
    one_for_each("descent_path", "names", (len(names),), 2)
    lowest = np.empty((0, 2)) if best is None else finite(best)
    if lowest is None or lowest.size not in (0, 2):
        raise ValueError(errors.DESCENT_BEST.format(got=describe(best)))
    places = np.concatenate([*paths.values(), lowest.reshape(-1, 2)])
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1)
    across, up = np.linspace(low - margin, high + margin, POINTS).T
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    got = cost(grid)
    heights = finite(got)
    if heights is None or heights.shape != (len(grid),):
        raise ValueError(errors.DESCENT_COST.format(n=len(grid), got=describe(got)))
    heights = heights.astype(float).reshape(POINTS, POINTS)

    ax = ax or new_axes()
    bottom, top = heights.min(), heights.max()
    if top > bottom:
        levels = bottom + (top - bottom) * np.linspace(0, 1, LEVELS + 1) ** 2
        ax.contourf(across, up, heights, levels=levels, cmap="Greys", alpha=0.35)
        lines = ax.contour(across, up, heights, levels=levels[1:-1], colors="0.55", linewidths=0.6)
        told = {f"{level:.3g}": level for level in levels[2:-1:3]}  # each number once
        ax.clabel(lines, list(told.values()), fontsize=7, fmt={level: text for text, level in told.items()})
    for number, (label, one) in enumerate(paths.items()):
        look: Look = {"color": COLOURS[number % len(COLOURS)], "linestyle": LINES[number % len(LINES)]}
        if len(one) <= MARKED:
            look |= {"marker": ".", "markersize": 5}
        above = 2 + 1 / len(one)  # a short path hides little of a long one
        ax.plot(
            *one.T,
            linewidth=max(0.4, min(1.2, 3 * MARKED / len(one))),
            label=entry(label) or "path",
            zorder=above,
            **look,
        )
        for at, end in zip((one[0], one[-1]), ENDS.values(), strict=True):
            ax.plot(*at, color=look["color"], zorder=3, **end)
    for name, end in ENDS.items():
        ax.plot([], [], color="0.3", label=name, **end)
    if best is not None:
        star: Look = {"marker": "*", "markersize": 18, "markerfacecolor": "none", "linestyle": "none"}
        ax.plot(*lowest.ravel(), **star, color="black", zorder=2.9, label="best")  # hollow: the ends lie within
    ax.set(xlabel=short(names[0]), ylabel=short(names[1]), xlim=across[[0, -1]], ylim=up[[0, -1]])
    ax.legend(fontsize="small")
    entitle(ax, title)
    return ax


@plot
def regression_line(regressor: Any, X: Any, y: Any, *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """What a fitted regressor predicts over one feature, and the samples X (n, 1), y (n,) that it is to predict."""
    feature, target = finite(X), finite(y)
    fits = feature is not None and target is not None and feature.ndim == 2 and feature.shape[1] == 1
    if feature is None or target is None or not fits or target.shape != (len(feature),):
        raise ValueError(errors.ONE_FEATURE.format(got=describe(X, y)))
    X, y = feature, target
    ax = ax or new_axes()
    across = np.linspace(X.min(), X.max(), POINTS, dtype=X.dtype if X.dtype.kind == "f" else float)[:, None]
    points: Look = {"s": max(6, min(28, 4000 / len(X))), "color": COLOURS[0], "edgecolors": "white", "linewidths": 0.5}
    ax.scatter(X[:, 0], y, **points, label="samples")
    ax.plot(across[:, 0], regressor.predict(across), color=COLOURS[1], linewidth=2, label="prediction")
    ax.set(xlabel="x", ylabel="y")
    ax.grid(alpha=0.3)
    ax.legend()
    entitle(ax, title)
    return ax


def _checked(path: Any) -> np.ndarray:
    checked = finite(path)
    if checked is None or checked.ndim != 2 or checked.shape[1] != 2:
        raise ValueError(errors.DESCENT_PATH.format(got=describe(path)))
    return checked.astype(float)
