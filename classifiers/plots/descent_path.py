"""Descent path: the steps of gradient descent on two parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import check_one_for_each, finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COST_COLOURS, Style, colour
from classifiers.plots.shared.text import legend_entry, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.15  # around the paths, as a share of their range
POINTS = 120  # along each axis, at which the cost is computed
LEVELS = 14  # of the contours
MAX_MARKED = 60  # each step of a path is marked if it has no more steps than this
ENDS: dict[str, Style] = {
    "start": {"marker": "o", "markersize": 8, "markerfacecolor": "white", "linestyle": "none"},
    "end": {"marker": "s", "markersize": 6, "markeredgecolor": "white", "linestyle": "none"},
}
LINES = ("-", "--", "-.", ":")

EXPECTED = (
    "descent_path expected a path of finite numbers of shape (steps + 1, 2), or a dict of such paths, got {got}; "
    "if a path diverged, pass its first steps"
)


@plot
def descent_path(
    path: ArrayLike | Mapping[str, ArrayLike],
    cost: Callable[[np.ndarray], np.ndarray],
    *,
    best: ArrayLike | None = None,
    names: tuple[str, str] = ("θ₀", "θ₁"),
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the path of two parameters over the contours of the cost, from its start to its end.

    Parameters
    ----------
    path : array_like, shape (steps + 1, 2), or mapping from str to array_like
        The parameters before the first step and after each step; or several paths by name, such as those of batch,
        stochastic and mini-batch gradient descent.
    cost : callable
        A function that returns the cost, of shape (m,), at points of shape (m, 2).
    best : array_like, shape (2,), or None, default None
        The parameters of the least cost, if they are known.
    names : (str, str), default ("θ₀", "θ₁")
        The names of the parameters.
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
        If a path or the cost is not finite or has another shape.

    Notes
    -----
    The contours are evenly spaced in the root of the cost above its minimum, and thus closer to each other near it.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> path = np.array([[4.0, -2.0], [2.0, -1.0], [1.0, 0.5]])
    >>> ax = plots.descent_path(path, lambda points: (points**2).sum(axis=1), best=(0, 0))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['path', 'start', 'end', 'best']
    """
    paths = {label: _checked(points) for label, points in (path if isinstance(path, Mapping) else {"": path}).items()}
    if not paths:
        raise ValueError(EXPECTED.format(got="no path"))
    check_one_for_each("descent_path", "names", (len(names),), 2)
    lowest = np.empty((0, 2)) if best is None else finite_array(best)
    if lowest is None or lowest.size not in (0, 2):
        raise ValueError(f"descent_path expected best as a point of two finite numbers, got {describe(best)}")
    places = np.concatenate([*paths.values(), lowest.reshape(-1, 2)])
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1)
    across, up = np.linspace(low - margin, high + margin, POINTS).T
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    got = cost(grid)
    heights = finite_array(got)
    if heights is None or heights.shape != (len(grid),):
        raise ValueError(
            f"descent_path expected cost to return finite numbers of shape ({len(grid)},) for points of shape "
            f"({len(grid)}, 2), got {describe(got)}"
        )
    heights = heights.astype(float).reshape(POINTS, POINTS)

    ax = ax or new_axes()
    bottom, top = heights.min(), heights.max()
    if top > bottom:
        levels = bottom + (top - bottom) * np.linspace(0, 1, LEVELS + 1) ** 2
        ax.contourf(across, up, heights, levels=levels, cmap=COST_COLOURS, alpha=0.35)
        lines = ax.contour(across, up, heights, levels=levels[1:-1], colors="0.55", linewidths=0.6)
        marked = {f"{level:.3g}": level for level in levels[2:-1:3]}  # no two of the same text
        ax.clabel(lines, list(marked.values()), fontsize=7, fmt={level: text for text, level in marked.items()})
    for number, (label, points) in enumerate(paths.items()):
        style: Style = {"color": colour(number), "linestyle": LINES[number % len(LINES)]}
        if len(points) <= MAX_MARKED:
            style |= {"marker": ".", "markersize": 5}
        above = 2 + 1 / len(points)  # short paths are drawn over long ones
        ax.plot(
            *points.T,
            linewidth=max(0.4, min(1.2, 3 * MAX_MARKED / len(points))),
            label=legend_entry(label) or "path",
            zorder=above,
            **style,
        )
        for point, end_style in zip((points[0], points[-1]), ENDS.values(), strict=True):
            ax.plot(*point, color=style["color"], zorder=3, **end_style)
    for name, end in ENDS.items():
        ax.plot([], [], color="0.3", label=name, **end)
    if best is not None:
        star: Style = {"marker": "*", "markersize": 18, "markerfacecolor": "none", "linestyle": "none"}
        ax.plot(
            *lowest.ravel(), **star, color="black", zorder=2.9, label="best"
        )  # unfilled, so that an end point inside it stays visible
    ax.set(xlabel=shorten(names[0]), ylabel=shorten(names[1]), xlim=across[[0, -1]], ylim=up[[0, -1]])
    ax.legend(fontsize="small")
    set_title(ax, title)
    return ax


def _checked(path: ArrayLike) -> np.ndarray:
    """A path as an array."""
    checked = finite_array(path)
    if checked is None or checked.ndim != 2 or checked.shape[1] != 2:
        raise ValueError(EXPECTED.format(got=describe(path)))
    return checked.astype(float)
