"""Sweeps: how the score depends on a hyperparameter, fold by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, new_axes, plot
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry, percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABOVE = 0.35  # room for the legend above the scores, as a share of their extent: it hides none of them


@plot
def parameter_sweep(
    values: Any,
    scores: Any,
    *,
    name: str = "",
    score: str = "accuracy",
    log: bool | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The scores of a cross-validation over a parameter: each fold's, their mean ± standard deviation, the best mean.

    The plot of CS231n, "Image classification", for the number of neighbours k.

    values  (n,), numbers that all differ
    scores  (n, folds), or (n,) of one fold; higher is better, as scikit-learn has it
    name    of the parameter
    score   what the scores are; an accuracy is written in per cent
    log     whether the values stand on a logarithmic scale; by itself, if they span a factor of 100 or more (whole
            numbers, such as k: 1,000)

    Of equal means the value that came first is the best, as in scikit-learn's GridSearchCV. Raises ValueError for what
    is not finite, for a value that comes twice, and for values of 0 or below on a logarithmic scale.
    """
    from matplotlib.ticker import MaxNLocator

    x, y = finite(values), finite(scores)
    if x is None or y is None or x.ndim != 1 or y.ndim not in (1, 2) or len(x) != len(y):
        turned = x is not None and y is not None and x.ndim == 1 and y.ndim == 2 and y.shape[1] == len(x)
        text = errors.SWEEP_TURNED if turned else errors.SWEEP
        raise ValueError(text.format(got=describe(values, scores)))
    values, scores = x.astype(float), y.astype(float).reshape(len(y), -1)
    if len(np.unique(values)) < len(values):
        raise ValueError(errors.SWEEP_REPEATED.format(got=describe(x.tolist())))
    whole = (values == np.round(values)).all()
    if log is None:
        enough = 1000 if whole else 100
        log = bool(values.min() > 0 and values.max() >= enough * values.min())
    if log and values.min() <= 0:
        raise ValueError(errors.SWEEP_LOG.format(got=values.min()))
    order = np.argsort(values)
    best = int(np.argmax(order == scores.mean(axis=1).argmax()))  # the place, in order, of the first of the best
    values, scores = values[order], scores[order]
    means, deviations = scores.mean(axis=1), scores.std(axis=1)

    ax = ax or new_axes()
    shares = "accuracy" in score
    text = f"best: {f'{short(name)} = ' if name else ''}{values[best]:g}, "
    text += f"{means[best]:{'.1%' if shares else '.4g'}}"
    if scores.shape[1] > 1:
        folds: Look = {"s": 18, "color": COLOURS[5], "edgecolors": COLOURS[0], "linewidths": 0.6, "label": "each fold"}
        ax.scatter(np.repeat(values, scores.shape[1]), scores, **folds)
        text += f" ± {deviations[best]:.1%}" if shares else f" ± {deviations[best]:.2g}"
        bars: Look = {"capsize": 3, "elinewidth": 1, "label": "mean ± standard deviation"}
        ax.errorbar(values, means, deviations, color=COLOURS[0], **bars)
    else:
        ax.plot(values, means, color=COLOURS[0], marker="o", markersize=4, label=entry(score))
    star: Look = {"marker": "*", "markersize": 13, "color": COLOURS[1], "markeredgecolor": "white", "linestyle": "none"}
    ax.plot(values[best], means[best], **star, label=text, zorder=3)
    ax.set(xlabel=short(name), ylabel=short(score), xscale="log" if log else "linear")
    if whole and not log:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if shares:
        ax.yaxis.set_major_formatter(percent)
    ax.grid(alpha=0.3)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + ABOVE * (top - bottom))
    ax.legend(fontsize="small", loc="upper right")
    entitle(ax, title)
    return ax
