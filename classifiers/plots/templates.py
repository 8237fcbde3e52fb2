"""Weights: what a linear classifier has learned, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers.augmentation import Shape
from classifiers.plots.shared.layout import one_for_each, plot
from classifiers.plots.shared.pixels import planes, visible
from classifiers.plots.shared.tiles import Tile, best_columns, draw_tiles, in_rows, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def templates(
    weights: Any,
    *,
    names: Sequence[str] | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The weights of a linear classifier, a picture for each class: grey where they are 0, lighter above, darker below.

    Each is scaled by its own largest |weight|, so that grey is 0 in all of them.

    weights  (classes, features), or a fitted linear classifier, whose `templates_` or else `coef_` they are
    names    of the classes; those of the classifier, or their indices, where None. Of two classes that share one row
             of weights, as scikit-learn has them, it is the second's
    shape    of an image, (1 or 3 channels, height, width); by itself that of a square

    Raises scikit-learn's NotFittedError, a ValueError, for an estimator that is not fitted.
    """
    if hasattr(weights, "fit"):
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(weights)
    learned = getattr(weights, "templates_", getattr(weights, "coef_", weights))
    rows = planes("templates", learned, shape).astype(float)
    if names is None:
        names = [str(label) for label in getattr(weights, "classes_", range(len(rows)))]
    if len(rows) == 1 and len(names) == 2:
        names = names[1:]
    one_for_each("templates", "names", (len(names),), len(rows))
    largest = abs(rows).max(axis=(1, 2, 3), keepdims=True)
    pictures = visible(0.5 + 0.5 * rows / np.where(largest == 0, 1, largest))
    tiles = [Tile(picture, wrap(str(name))) for picture, name in zip(pictures, names, strict=True)]
    return draw_tiles(tiles, in_rows(len(tiles), best_columns(len(tiles))), title, ax)
