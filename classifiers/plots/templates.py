"""Templates: the weights of a linear classifier as images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.arguments import LinearModel, check_one_for_each
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, planes
from classifiers.plots.shared.tiles import Tile, best_columns, draw_tiles, grid_places, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def templates(
    weights: ArrayLike | LinearModel,
    *,
    names: Sequence[str] | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the weights of a linear classifier as images, one for each class.

    Grey is a weight of 0, lighter pixels are positive and darker ones negative. Each image is scaled by its largest
    |weight|, so that grey is 0 in all of them.

    Parameters
    ----------
    weights : array_like, shape (classes, features), or estimator
        The weights, or a fitted linear classifier, whose `templates_`, or else `coef_`, are drawn.
    names : sequence of str or None, default None
        The names of the classes; None for the classes of the estimator, or the indices. If there is one row of weights
        for two classes, as in scikit-learn, it has the name of the second.
    shape : (int, int, int) or None, default None
        Channels (1 or 3), height and width of an image; None for a square image.
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
        If the weights are not images, or there is not one name for each; scikit-learn's NotFittedError, a ValueError,
        if the estimator is not fitted.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> ax = plots.templates(np.eye(2, 16), names=["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['cat', 'dog']
    """
    if hasattr(weights, "fit"):
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(weights)
    learned = cast("ArrayLike", getattr(weights, "templates_", getattr(weights, "coef_", weights)))
    rows = planes("templates", learned, shape).astype(float)
    if names is None:
        names = [str(label) for label in getattr(weights, "classes_", range(len(rows)))]
    if len(rows) == 1 and len(names) == 2:
        names = names[1:]
    check_one_for_each("templates", "names", (len(names),), len(rows))
    largest = abs(rows).max(axis=(1, 2, 3), keepdims=True)
    pictures = displayable(0.5 + 0.5 * rows / np.where(largest == 0, 1, largest))
    tiles = [Tile(picture, wrap(str(name))) for picture, name in zip(pictures, names, strict=True)]
    return draw_tiles(tiles, grid_places(len(tiles), best_columns(len(tiles))), title, ax)
