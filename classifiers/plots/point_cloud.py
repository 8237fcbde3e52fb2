"""Point cloud: samples of two features, their mean and their standard deviation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.08  # around the points, as a share of their range


@plot
def point_cloud(
    X: ArrayLike, *, limits: tuple[float, float] | None = None, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Draw samples of two features, their mean, and one standard deviation along each feature.

    Parameters
    ----------
    X : array_like, shape (n, 2)
        The samples, finite numbers.
    limits : (float, float) or None, default None
        The limits (low, high) of both axes, so that several plots have the same axes; None for limits that include the
        samples and the origin.
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
        If X is not of shape (n, 2) or not finite, or the limits are not two increasing numbers.

    Notes
    -----
    This is the figure of CS231n, "Data preprocessing", which compares original, zero-centred and normalised data.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.point_cloud([[0.0, 1.0], [2.0, 3.0]], limits=(-5, 5))
    >>> ax.get_xlim() == ax.get_ylim()
    True
    """
    points = finite_array(X)
    if points is None or points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"point_cloud expected samples X of two features, finite numbers of shape (n, 2), got {describe(X)}; "
            f"pass two columns, X[:, [0, 1]]"
        )
    points = points.astype(float)
    if limits is None:
        low, high = min(points.min(), 0.0), max(points.max(), 0.0)
        margin = MARGIN * (high - low) or 1.0
        limits = low - margin, high + margin
    ends = finite_array(limits)
    if ends is None or ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(f"point_cloud expected limits as two numbers (low, high), low below high, got {limits}")

    ax = ax or new_axes(figsize=(4.5, 4.5))
    axis: Style = {"color": "0.4", "linewidth": 0.8, "zorder": 1}
    ax.axhline(0, **axis)
    ax.axvline(0, **axis)
    dots: Style = {"s": max(6, min(28, 4000 / len(points))), "color": COLOURS[0], "alpha": 0.5, "linewidths": 0}
    ax.scatter(*points.T, **dots, zorder=2)
    mean, deviation = points.mean(axis=0), points.std(axis=0)
    cross: Style = {"color": COLOURS[1], "marker": "o", "markersize": 5, "elinewidth": 2, "capsize": 4, "zorder": 3}
    ax.errorbar(mean[0], mean[1], xerr=deviation[0], yerr=deviation[1], **cross, label="mean ± standard deviation")
    ax.set(xlim=ends, ylim=ends, xlabel="x₁", ylabel="x₂", aspect="equal")
    ax.locator_params(nbins=5)  # the same ticks on both axes
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small", loc="lower left")
    set_title(ax, title)
    return ax
