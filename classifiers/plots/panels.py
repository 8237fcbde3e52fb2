"""Panels: one figure with several Axes, for plots that are to be seen side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def panels(
    count: int, *, columns: int | None = None, size: tuple[float, float] = (4.2, 3.6), title: str | None = None
) -> list[Axes]:
    """So many Axes in one figure, row by row, each to be given to a plot as its `ax`.

    columns  of the figure; all side by side where none is given
    size     width and height of each, in inches
    title    of the whole figure

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
