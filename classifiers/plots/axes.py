"""What all plots share: a figure of their own, colours and markers, a title and text that fit, names of classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

from classifiers import errors

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

# Okabe and Ito 2008, "Color universal design", which the colour-blind tell apart, and two more, for ten classes.
COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"),
    *("#56b4e9", "#f0e442", "#000000", "#999999", "#882255"),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # one more than colours: no pair comes twice soon
MANY = 6  # entries in a legend, from which on they stand in two columns where there is little room
RIGHT, WRONG = COLOURS[:2]
Look = dict[str, Any]  # what matplotlib takes as keywords
TITLE = 12.0  # points, as matplotlib has it


def new_axes(figsize: tuple[float, float] = (6, 4)) -> Axes:
    """A figure of its own that needs no screen and leaves pyplot's state alone."""
    from matplotlib.figure import Figure

    # Where the Axes lies until the layout is made, at the first drawing: nearly everywhere, so that texts fit already.
    near = {"left": 0.05, "right": 0.98, "bottom": 0.05, "top": 0.95}
    return Figure(figsize=figsize, dpi=120, layout="constrained").subplots(gridspec_kw=near)


def extent(ax: Axes) -> tuple[float, float]:
    """The width and height of an Axes, in points."""
    box, dot = ax.get_window_extent(), 72 / ax.figure.dpi
    return box.width * dot, box.height * dot


def style(number: int) -> Look:
    """The colour and marker of class (or line) `number`; the first 110 all differ."""
    return {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)]}


def entitle(ax: Axes, title: str) -> None:
    """Set a title, broken into lines no wider than the Axes."""
    most = max(12, int(extent(ax)[0] / (0.55 * TITLE)))
    ax.set_title(fill(title, most))


def widest(texts: Iterable[str]) -> float:
    """The width of the widest line of the texts at 1 point, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=10)
    lines = {line for text in texts for line in text.splitlines()}
    return max((text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 10


def legend(ax: Axes, *, own: bool, **options: Any) -> Legend:
    """A legend beside an Axes in its own figure, where it hides nothing; in another's, within, where it hides least."""
    many = len(ax.get_legend_handles_labels()[0]) > MANY
    within: Look = {"loc": "best", "ncols": 1 + many}
    beside: Look = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0}
    return ax.legend(**(beside if own else within), fontsize="small", **options)


def class_name(plot: str, label: Any, names: Sequence[str] | None) -> str:
    """The name of the class that a label stands for; the label itself where there are no names."""
    if names is None:
        return str(label)
    try:
        place = int(label)
    except (TypeError, ValueError):
        place = -1
    if not 0 <= place < len(names):
        raise ValueError(errors.PLOT_NAME.format(plot=plot, came=label, count=len(names)))
    return str(names[place])
