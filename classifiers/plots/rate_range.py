"""Rate range: the loss over the learning rates of a range test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style
from nn.training.rate_range import RateRange

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def rate_range(result: RateRange, *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """Draw the result of a learning rate range test: the loss over the learning rate, and the suggested rate.

    Parameters
    ----------
    result : RateRange
        The result of `rate_range_test`.
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
    """
    ax = ax or new_axes()
    several = len(result.rates) > 1
    style: Style = {"color": COLOURS[0], "marker": "" if several else "o"}  # a line of one point is invisible
    ax.plot(result.rates, result.losses, alpha=0.3, label="loss of each batch", **style)
    ax.plot(result.rates, result.smoothed, label="smoothed", **style)
    if several and result.suggested is not None:
        label = f"suggested: {result.suggested:.1e}"
        ax.axvline(result.suggested, color=COLOURS[1], linestyle="--", label=label)
    low, high = result.losses.min(), result.smoothed[0]
    margin = 0.3 * (high - low) or 1.0  # the losses after divergence would hide all others
    ax.set(xlabel="learning rate", ylabel="loss", xscale="log", ylim=(low - margin, high + 2 * margin))
    ax.grid(alpha=0.3)
    ax.legend()
    set_title(ax, title)
    return ax
