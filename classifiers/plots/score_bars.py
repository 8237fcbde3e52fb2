"""Score bars: the scores of several classifiers, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, CORRECT
from classifiers.plots.shared.text import legend_entry, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def score_bars(
    scores: Mapping[str, float],
    *,
    chance: float | None = None,
    score: str = "accuracy",
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw scores as horizontal bars, the best in colour and the others grey.

    Parameters
    ----------
    scores : mapping from str to float
        The scores, from 0 to 1, by name. The first is drawn on top.
    chance : float or None, default None
        The score of random guessing, drawn as a dashed line.
    score : str, default "accuracy"
        The name of the score, the label of the axis.
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
        If a score or `chance` is not a number from 0 to 1, or there are no scores.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.score_bars({"nearest neighbour": 0.35, "MLP": 0.52}, chance=0.1)
    >>> ax.get_xlabel()
    'accuracy'
    """
    lengths = finite_array(list(scores.values()) if isinstance(scores, Mapping) else None)
    if lengths is None or lengths.ndim != 1 or lengths.min() < 0 or lengths.max() > 1 or not _is_share(chance):
        raise ValueError(
            f"score_bars expected scores as a dict of names and numbers from 0 to 1, not empty, and chance from 0 to 1 "
            f"or None, got {describe(scores, chance)}; pass accuracies as shares, 0.4 for 40 %"
        )
    ax = ax or new_axes(figsize=(6, 0.9 + 0.45 * len(lengths)))
    colours = [CORRECT if length == lengths.max() else "0.7" for length in lengths]
    bars = ax.barh(range(len(lengths)), lengths, color=colours, height=0.65)
    ax.bar_label(bars, [f"{length:.1%}" for length in lengths], padding=3, fontsize="small")
    ax.set_yticks(range(len(lengths)), [legend_entry(name) for name in scores])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent)
    furthest = max(lengths.max(), chance or 0)
    ax.set(xlabel=score, xlim=(0, 1.2 * furthest or 1))  # room for the number at the longest bar
    if chance is not None:
        ax.axvline(chance, color=COLOURS[1], linestyle="--", linewidth=1.2)
        ax.set_ylim(len(lengths) - 0.1, -0.6)  # room for a word below the bars
        ax.text(chance, len(lengths) - 0.15, " guessing", color=COLOURS[1], fontsize="small", va="bottom")
    ax.spines[["top", "right"]].set_visible(False)
    set_title(ax, title)
    return ax


def _is_share(chance: object) -> bool:
    """Whether this is None or a number from 0 to 1."""
    return chance is None or (isinstance(chance, Real) and 0 <= float(chance) <= 1)
