"""Decision boundary: the regions of the classes in a plane of two features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd.extend import describe
from classifiers.plots.shared.arguments import Classifier, check_one_for_each
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import Style, colour, colour_and_marker
from classifiers.plots.shared.text import legend_entry, shorten
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.08  # around the samples, as a share of their range
LIGHT = 0.28  # the share of a class's colour in its region; the rest is white


@plot
def decision_boundary(
    classifier: Classifier,
    X: ArrayLike,
    y: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    steps: int = 200,
    feature_names: Sequence[str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the regions that a fitted classifier assigns to its classes in a plane of two features, and samples.

    Parameters
    ----------
    classifier : classifier
        A fitted classifier of two features with `predict` and `classes_`.
    X : array_like, shape (n, 2)
        The samples.
    y : array_like, shape (n,)
        Their true labels, each one of ``classifier.classes_``.
    names : sequence of str or None, default None
        The names of the classes, in the order of ``classifier.classes_``; None to show the labels.
    steps : int, default 200
        The number of points along each axis at which the classifier predicts.
    feature_names : (str, str) or None, default None
        The labels of the axes.
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
        If X does not have two features, y contains labels that the classifier does not know, or the number of names
        differs from that of the classes.
    """
    X, y, classes = np.asarray(X), np.asarray(y), list(classifier.classes_)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(
            f"decision_boundary expected samples X of two features, of shape (n, 2), n at least 1, got {describe(X)}; "
            f"fit a classifier on two columns, X[:, [0, 1]], or on two principal components, and pass these"
        )
    check_one_for_each("decision_boundary", "y", y.shape, len(X))
    unknown = set(y.tolist()) - set(classes)
    if unknown:
        known = [str(label) for label in classes]
        raise ValueError(
            f"decision_boundary expected labels y among the classes of the classifier, {known}, "
            f"got {sorted(map(str, unknown))}; pass the labels of X"
        )
    check_number(int, "steps", steps, at_least=2)
    names = [str(name) for name in (classes if names is None else names)]
    for what, got, expected in (
        ("names", names, len(classes)),
        ("feature_names", "xy" if feature_names is None else feature_names, 2),
    ):
        check_one_for_each("decision_boundary", what, (len(got),), expected)

    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    margin = np.where(high > low, MARGIN * (high - low), 1)
    low, high = low - margin, high + margin
    across, up = np.linspace(low, high, steps, dtype=X.dtype if X.dtype.kind == "f" else float).T
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    class_index = {label: index for index, label in enumerate(classes)}
    regions = np.array([class_index[label] for label in classifier.predict(grid).tolist()]).reshape(steps, steps)

    own = ax is None
    ax = ax or new_axes()
    colours = _light(len(classes))
    step = (high - low) / (steps - 1) / 2  # pixels are centred on the points of the grid
    edges = (low[0] - step[0], high[0] + step[0], low[1] - step[1], high[1] + step[1])
    ax.imshow(colours[regions], extent=edges, origin="lower", aspect="auto", interpolation="nearest")
    for index in np.unique(regions)[1:]:
        ax.contour(across, up, regions == index, levels=[0.5], colors="0.35", linewidths=0.7)
    for index, (label, name) in enumerate(zip(classes, names, strict=True)):
        points = X[y == label]
        style: Style = {
            "s": max(14, min(32, 8000 / len(X))),
            "edgecolors": "0.15",
            "linewidths": 0.4,
            **colour_and_marker(index),
        }
        ax.scatter(*points.T, label=legend_entry(name), **style)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    if feature_names is not None:
        ax.set(xlabel=shorten(feature_names[0]), ylabel=shorten(feature_names[1]))
    add_legend(ax, own_figure=own)
    set_title(ax, title)
    return ax


def _light(n: int) -> np.ndarray:
    """The colours of n classes mixed with white, of shape (n, 3)."""
    from matplotlib.colors import to_rgb

    full = np.array([to_rgb(colour(index)) for index in range(n)])
    return 1 - LIGHT * (1 - full)
