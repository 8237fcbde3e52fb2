"""Panels: one figure with several Axes, for plots side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def panels(
    count: int, *, columns: int | None = None, size: tuple[float, float] = (4.2, 3.6), title: str | None = None
) -> list[Axes]:
    """Create several Axes in one figure, each to be passed to a plot as `ax`.

    Parameters
    ----------
    count : int
        The number of Axes.
    columns : int or None, default None
        The number of columns of the figure; None to put all side by side.
    size : (float, float), default (4.2, 3.6)
        The width and height of each Axes, in inches.
    title : str or None, default None
        The title of the figure.

    Returns
    -------
    list of matplotlib.axes.Axes
        The Axes, row by row.

    Raises
    ------
    ValueError
        If `count` or `columns` is not a whole number of at least 1.

    Examples
    --------
    >>> left, right = panels(2)
    >>> left.figure is right.figure
    True
    """
    from matplotlib.figure import Figure

    count = check_number(int, "count", count, at_least=1)
    columns = count if columns is None else check_number(int, "columns", columns, at_least=1)
    rows = -(-count // columns)
    figure = Figure(figsize=(columns * size[0], rows * size[1]), dpi=120, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for unused in axes[count:]:
        unused.remove()
    if title:
        figure.suptitle(title, parse_math=False)
    return axes[:count]
