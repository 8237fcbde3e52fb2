"""Bars: the scores of several classifiers, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, RIGHT, entitle, new_axes, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, percent

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
    """Scores as bars, in the order in which they come, the first on top; the best in colour, the others grey.

    scores  what has the score -> the score, from 0 to 1
    chance  what guessing scores, a dashed line
    score   what the scores are
    """
    lengths = finite(list(scores.values()) if isinstance(scores, Mapping) else None)
    if lengths is None or lengths.ndim != 1 or lengths.min() < 0 or lengths.max() > 1 or not _is_share(chance):
        raise ValueError(errors.SCORE_BARS.format(got=describe(scores, chance)))
    ax = ax or new_axes(figsize=(6, 0.9 + 0.45 * len(lengths)))
    colours = [RIGHT if length == lengths.max() else "0.7" for length in lengths]
    bars = ax.barh(range(len(lengths)), lengths, color=colours, height=0.65)
    ax.bar_label(bars, [f"{length:.1%}" for length in lengths], padding=3, fontsize="small")
    ax.set_yticks(range(len(lengths)), [entry(name) for name in scores])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(percent)
    furthest = max(lengths.max(), chance or 0)
    ax.set(xlabel=score, xlim=(0, 1.2 * furthest or 1))  # with room for the longest bar's number
    if chance is not None:
        ax.axvline(chance, color=COLOURS[1], linestyle="--", linewidth=1.2)
        ax.set_ylim(len(lengths) - 0.1, -0.6)  # with room for a word below the bars
        ax.text(chance, len(lengths) - 0.15, " guessing", color=COLOURS[1], fontsize="small", va="bottom")
    ax.spines[["top", "right"]].set_visible(False)
    entitle(ax, title)
    return ax


def _is_share(chance: Any) -> bool:
    return chance is None or (isinstance(chance, Real) and 0 <= float(chance) <= 1)
