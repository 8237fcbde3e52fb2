"""Clouds: samples of two features, where their mean lies and how far they spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, new_axes, plot
from classifiers.plots.shared.pixels import finite

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.08  # around the points, as a share of their extent


@plot
def point_cloud(
    X: Any, *, limits: tuple[float, float] | None = None, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """Samples of two features around the origin, their mean, and one standard deviation along each feature.

    The picture of CS231n, "Data preprocessing": of the data as they come, zero-centred, normalised.

    X       (n, 2)
    limits  (low, high) of both axes, so that several clouds stand on the same ones; by themselves those of the points
            and the origin
    """
    points = finite(X)
    if points is None or points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(errors.CLOUD_POINTS.format(got=describe(X)))
    points = points.astype(float)
    if limits is None:
        low, high = min(points.min(), 0.0), max(points.max(), 0.0)
        margin = MARGIN * (high - low) or 1.0
        limits = low - margin, high + margin
    ends = finite(limits)
    if ends is None or ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(errors.CLOUD_LIMITS.format(got=limits))

    ax = ax or new_axes(figsize=(4.5, 4.5))
    axis: Look = {"color": "0.4", "linewidth": 0.8, "zorder": 1}
    ax.axhline(0, **axis)
    ax.axvline(0, **axis)
    dots: Look = {"s": max(6, min(28, 4000 / len(points))), "color": COLOURS[0], "alpha": 0.5, "linewidths": 0}
    ax.scatter(*points.T, **dots, zorder=2)
    mean, deviation = points.mean(axis=0), points.std(axis=0)
    cross: Look = {"color": COLOURS[1], "marker": "o", "markersize": 5, "elinewidth": 2, "capsize": 4, "zorder": 3}
    ax.errorbar(mean[0], mean[1], xerr=deviation[0], yerr=deviation[1], **cross, label="mean ± standard deviation")
    ax.set(xlim=ends, ylim=ends, xlabel="x₁", ylabel="x₂", aspect="equal")
    ax.locator_params(nbins=5)  # the same numbers along both
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small", loc="lower left")
    entitle(ax, title)
    return ax
