"""Image grid: images with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from classifiers.augmentation import Shape
from classifiers.plots.shared.arguments import check_one_for_each
from classifiers.plots.shared.layout import plot
from classifiers.plots.shared.pixels import displayable, planes
from classifiers.plots.shared.style import WRONG
from classifiers.plots.shared.text import class_name
from classifiers.plots.shared.tiles import Tile, best_columns, draw_tiles, grid_places, wrap
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def image_grid(
    images: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    predicted: ArrayLike | None = None,
    columns: int | None = None,
    shape: Shape | None = None,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw images in a grid with their labels; wrong predictions are framed and marked with a ×.

    Parameters
    ----------
    images : array_like, shape (n, features)
        The images, each in planes as in CIFAR-10: uint8, or floats from 0 to 1. Other numbers are mapped linearly to
        this range.
    labels : array_like, shape (n,), or None, default None
        The true classes, written below the images.
    names : sequence of str or None, default None
        The names of the classes, which the labels index; None to show the labels themselves.
    predicted : array_like, shape (n,), or None, default None
        The predicted classes, written below the images; if they are wrong, the true classes are, too.
    columns : int or None, default None
        The number of columns; None for a nearly square grid.
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
        If the images, labels, predictions or names do not fit together, or `predicted` is given without `labels`.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> images = np.zeros((2, 16), np.uint8)
    >>> ax = plots.image_grid(images, [0, 1], names=["cat", "dog"], predicted=[0, 0])
    >>> [text.get_text() for text in ax.texts]
    ['cat', '× cat\nis dog']
    """
    pictures = displayable(planes("image_grid", images, shape))
    if predicted is not None and labels is None:
        raise ValueError("image_grid expected labels with predicted, to mark where they differ, got none; pass labels")
    if columns is not None:
        check_number(int, "columns", columns, at_least=1)
    classes = [
        [""] * len(pictures) if got is None else _labels(what, got, len(pictures))
        for what, got in (("labels", labels), ("predicted", labels if predicted is None else predicted))
    ]
    tiles = []
    for picture, *pair in zip(pictures, *classes, strict=True):
        true, guess = ("" if labels is None else class_name("image_grid", label, names) for label in pair)
        if pair[0] == pair[1]:  # compared as values: 1 == 1.0, and two classes may have one name
            tiles.append(Tile(picture, wrap(true)))
        else:
            text = wrap(f"× {guess}") + "\n" + wrap(f"is {true}")
            tiles.append(Tile(picture, text, WRONG, {"edgecolor": WRONG}))
    places = grid_places(len(tiles), min(columns or best_columns(len(tiles)), len(tiles)))
    return draw_tiles(tiles, places, title, ax)


def _labels(what: str, labels: ArrayLike, n: int) -> np.ndarray:
    """Labels as an array, one for each image."""
    check_one_for_each("image_grid", what, np.shape(labels), n)
    return np.asarray(labels)
