"""Boundaries: which class a classifier gives to each point of a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, legend, new_axes, one_for_each, plot, style
from classifiers.plots.shared.texts import entry, short
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.08  # around the points, as a share of their extent
LIGHT = 0.28  # the share of a class's colour in its region; the rest is white


@plot
def decision_boundary(
    classifier: Any,
    X: Any,
    y: Any,
    *,
    names: Sequence[str] | None = None,
    steps: int = 200,
    feature_names: Sequence[str] | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The regions that a fitted classifier gives to its classes over two features, and samples with their true classes.

    X, y           samples (n, 2) and their labels (n,), each one of `classifier.classes_`
    names          of the classes, in the order of `classifier.classes_`
    steps          points along each axis at which the classifier is asked
    feature_names  two, for the axes

    Raises ValueError for other than two features, for labels that the classifier does not know, and for names of
    another number than there are classes.
    """
    X, y, classes = np.asarray(X), np.asarray(y), list(classifier.classes_)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(errors.TWO_FEATURES.format(got=describe(X)))
    one_for_each("decision_boundary", "y", y.shape, len(X))
    unknown = set(y.tolist()) - set(classes)
    if unknown:
        raise ValueError(errors.UNKNOWN_CLASS.format(got=sorted(map(str, unknown)), known=[str(c) for c in classes]))
    check_number(int, "steps", steps, at_least=2)
    names = [str(name) for name in (classes if names is None else names)]
    for what, got, expected in (
        ("names", names, len(classes)),
        ("feature_names", "xy" if feature_names is None else feature_names, 2),
    ):
        one_for_each("decision_boundary", what, (len(got),), expected)

    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    margin = np.where(high > low, MARGIN * (high - low), 1)
    low, high = low - margin, high + margin
    across, up = np.linspace(low, high, steps, dtype=X.dtype if X.dtype.kind == "f" else float).T
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    code = {label: place for place, label in enumerate(classes)}
    regions = np.array([code[label] for label in classifier.predict(grid).tolist()]).reshape(steps, steps)

    own = ax is None
    ax = ax or new_axes()
    colours = _light(len(classes))
    step = (high - low) / (steps - 1) / 2  # a pixel's centre is where the classifier was asked
    edges = (low[0] - step[0], high[0] + step[0], low[1] - step[1], high[1] + step[1])
    ax.imshow(colours[regions], extent=edges, origin="lower", aspect="auto", interpolation="nearest")
    for place in np.unique(regions)[1:]:
        ax.contour(across, up, regions == place, levels=[0.5], colors="0.35", linewidths=0.7)
    for place, (label, name) in enumerate(zip(classes, names, strict=True)):
        points = X[y == label]
        looks: Look = {"s": max(14, min(32, 8000 / len(X))), "edgecolors": "0.15", "linewidths": 0.4, **style(place)}
        ax.scatter(*points.T, label=entry(name), **looks)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    if feature_names is not None:
        ax.set(xlabel=short(feature_names[0]), ylabel=short(feature_names[1]))
    legend(ax, own=own)
    entitle(ax, title)
    return ax


def _light(n: int) -> np.ndarray:
    """The colours of n classes mixed with white, (n, 3)."""
    from matplotlib.colors import to_rgb

    full = np.array([to_rgb(COLOURS[place % len(COLOURS)]) for place in range(n)])
    return 1 - LIGHT * (1 - full)
