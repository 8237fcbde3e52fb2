"""Sweeps: how the score depends on a hyperparameter, fold by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import describe
from classifiers import errors
from classifiers.plots.axes import COLOURS, Look, entitle, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def parameter_sweep(
    values: Any,
    scores: Any,
    *,
    name: str = "",
    score: str = "accuracy",
    log: bool | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """The scores of a cross-validation over a parameter: each fold's, their mean ± standard deviation, the best mean.

    The plot of CS231n, "Image classification", for the number of neighbours k.

    values  (n,), numbers
    scores  (n, folds), or (n,) of one fold; higher is better, as scikit-learn has it
    name    of the parameter
    score   what the scores are; an accuracy is written in per cent
    log     whether the values stand on a logarithmic scale; by itself, if they span a factor of 100 or more (whole
            numbers, such as k: 1,000)

    Raises ValueError for what is not finite, and for values of 0 or below on a logarithmic scale.
    """
    try:
        values, scores = np.asarray(values, float), np.asarray(scores, float)
    except (TypeError, ValueError) as error:
        raise ValueError(errors.SWEEP.format(came=describe(values, scores))) from error
    fits = values.ndim == 1 and values.size and scores.ndim in (1, 2) and len(scores) == len(values) and scores.size
    if not fits or not np.isfinite(values).all() or not np.isfinite(scores).all():
        raise ValueError(errors.SWEEP.format(came=describe(values, scores)))
    if log is None:
        enough = 1000 if (values == np.round(values)).all() else 100
        log = bool(values.min() > 0 and values.max() >= enough * values.min())
    if log and values.min() <= 0:
        raise ValueError(errors.SWEEP_LOG.format(came=values.min()))
    order = np.argsort(values, kind="stable")
    values, scores = values[order], scores[order].reshape(len(values), -1)
    means, deviations = scores.mean(axis=1), scores.std(axis=1)
    best = int(means.argmax())

    ax = ax or new_axes()
    percent = "accuracy" in score
    text = f"best: {f'{name} = ' if name else ''}{values[best]:g}, " + f"{means[best]:{'.1%' if percent else '.4g'}}"
    if scores.shape[1] > 1:
        folds: Look = {"s": 18, "color": COLOURS[5], "edgecolors": COLOURS[0], "linewidths": 0.6, "label": "each fold"}
        ax.scatter(np.repeat(values, scores.shape[1]), scores, **folds)
        text += f" ± {deviations[best]:.1%}" if percent else f" ± {deviations[best]:.2g}"
        bars: Look = {"capsize": 3, "elinewidth": 1, "label": "mean ± standard deviation"}
        ax.errorbar(values, means, deviations, color=COLOURS[0], **bars)
    else:
        ax.plot(values, means, color=COLOURS[0], marker="o", markersize=4, label=score)
    star: Look = {"marker": "*", "markersize": 13, "color": COLOURS[1], "markeredgecolor": "white", "linestyle": "none"}
    ax.plot(values[best], means[best], **star, label=text, zorder=3)
    ax.set(xlabel=name, ylabel=score, xscale="log" if log else "linear")
    if percent:
        ax.yaxis.set_major_formatter("{x:.0%}")
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small")
    entitle(ax, title)
    return ax
