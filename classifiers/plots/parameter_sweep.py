"""Parameter sweep: how the score depends on a hyperparameter, fold by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style
from classifiers.plots.shared.text import legend_entry, percent, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABOVE = 0.35  # room for the legend above the scores, as a share of their range


@plot
def parameter_sweep(
    values: ArrayLike,
    scores: ArrayLike,
    *,
    name: str = "",
    score: str = "accuracy",
    log: bool | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the scores of a cross-validation over the values of a parameter.

    The plot shows the score of each fold, their mean ± standard deviation, and the best mean.

    Parameters
    ----------
    values : array_like, shape (n,)
        The values of the parameter, all different.
    scores : array_like, shape (n, folds) or (n,)
        The score of each fold for each value; higher is better, as in scikit-learn.
    name : str, default ""
        The name of the parameter.
    score : str, default "accuracy"
        The name of the score; an accuracy is shown in per cent.
    log : bool or None, default None
        Whether the values have a logarithmic scale; None for a logarithmic scale if they span a factor of 100 or more,
        or 1,000 if they are whole numbers, such as k.
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
        If the values or scores are not finite or do not fit together, two values are equal, or a value on a logarithmic
        scale is 0 or below.

    Notes
    -----
    If means are equal, the best is that of the value given first, as in scikit-learn's GridSearchCV. This is the figure
    of CS231n, "Image classification", for the number of neighbours k.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.parameter_sweep([1, 3, 5], [[0.2, 0.3], [0.4, 0.5], [0.3, 0.4]], name="k")
    >>> ax.get_legend().get_texts()[1].get_text()
    'best: k = 3, 45.0% ± 5.0%'
    """
    from matplotlib.ticker import MaxNLocator

    x, y = finite_array(values), finite_array(scores)
    if x is None or y is None or x.ndim != 1 or y.ndim not in (1, 2) or len(x) != len(y):
        transposed = x is not None and y is not None and x.ndim == 1 and y.ndim == 2 and y.shape[1] == len(x)
        advice = (
            "pass scores.T, as the scores have a row for each fold"
            if transposed
            else "leave out values that could not be fitted, and replace values that are not numbers by their indices"
        )
        raise ValueError(
            f"parameter_sweep expected values of shape (n,) and scores of shape (n, folds), finite numbers, n at least "
            f"1, got {describe(values, scores)}; {advice}"
        )
    values, scores = x.astype(float), y.astype(float).reshape(len(y), -1)
    if len(np.unique(values)) < len(values):
        raise ValueError(
            f"parameter_sweep expected values that all differ, got {describe(x.tolist())}; "
            f"pass the scores of one value as one row"
        )
    integers = (values == np.round(values)).all()
    if log is None:
        enough = 1000 if integers else 100
        log = bool(values.min() > 0 and values.max() >= enough * values.min())
    if log and values.min() <= 0:
        raise ValueError(
            f"parameter_sweep expected values above 0 for a logarithmic scale, got {values.min():g}; "
            f"leave it out, or pass log=False"
        )
    order = np.argsort(values)
    best = int(np.argmax(order == scores.mean(axis=1).argmax()))  # of the best means, the first given
    values, scores = values[order], scores[order]
    means, deviations = scores.mean(axis=1), scores.std(axis=1)

    ax = ax or new_axes()
    shares = "accuracy" in score
    text = f"best: {f'{shorten(name)} = ' if name else ''}{values[best]:g}, "
    text += f"{means[best]:{'.1%' if shares else '.4g'}}"
    if scores.shape[1] > 1:
        folds: Style = {"s": 18, "color": COLOURS[5], "edgecolors": COLOURS[0], "linewidths": 0.6, "label": "each fold"}
        ax.scatter(np.repeat(values, scores.shape[1]), scores, **folds)
        text += f" ± {deviations[best]:.1%}" if shares else f" ± {deviations[best]:.2g}"
        bars: Style = {"capsize": 3, "elinewidth": 1, "label": "mean ± standard deviation"}
        ax.errorbar(values, means, deviations, color=COLOURS[0], **bars)
    else:
        ax.plot(values, means, color=COLOURS[0], marker="o", markersize=4, label=legend_entry(score))
    star: Style = {
        "marker": "*",
        "markersize": 13,
        "color": COLOURS[1],
        "markeredgecolor": "white",
        "linestyle": "none",
    }
    ax.plot(values[best], means[best], **star, label=text, zorder=3)
    ax.set(xlabel=shorten(name), ylabel=shorten(score), xscale="log" if log else "linear")
    if integers and not log:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if shares:
        ax.yaxis.set_major_formatter(percent)
    ax.grid(alpha=0.3)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + ABOVE * (top - bottom))
    ax.legend(fontsize="small", loc="upper right")
    set_title(ax, title)
    return ax
