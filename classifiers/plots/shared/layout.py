"""What all plots share: an Axes that is checked, or a figure of their own; colours, markers, a legend and a title."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from functools import wraps
from itertools import accumulate
from textwrap import fill
from typing import TYPE_CHECKING, Any, ParamSpec

from autograd.extend import describe
from classifiers import errors

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.text import Text

# Okabe and Ito 2008, "Color universal design", which the colour-blind tell apart, and two more, for ten classes.
COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"),
    *("#56b4e9", "#f0e442", "#000000", "#999999", "#882255"),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # one more than colours: no pair comes twice soon
MANY = 6  # entries in a legend, from which on they stand in two columns where there is little room
LINES = 20  # of a legend, at most
RIGHT, WRONG = COLOURS[:2]
Look = dict[str, Any]  # what matplotlib takes as keywords
TITLE = 12.0  # points, as matplotlib has it
Arguments = ParamSpec("Arguments")


def plot(draw: Callable[Arguments, Axes]) -> Callable[Arguments, Axes]:
    """Make a plot of what draws: it refuses an `ax` that is no flat Axes, and writes texts as they are, `$` too."""

    @wraps(draw)
    def drawn(*args: Arguments.args, **settings: Arguments.kwargs) -> Axes:
        from matplotlib.axes import Axes

        ax = settings.get("ax")
        if ax is not None and not (isinstance(ax, Axes) and ax.name == "rectilinear"):
            got = f"{ax.name} axes" if isinstance(ax, Axes) else describe(ax)
            raise TypeError(errors.PLOT_AXES.format(plot=draw.__name__, got=got))
        ax = draw(*args, **settings)
        for text in _texts(ax):
            text.set_parse_math(False)
        return ax

    return drawn


def _texts(ax: Axes) -> list[Text]:
    """All texts that a plot wrote; not the numbers of a scale, which are mathematics where it is logarithmic."""
    from matplotlib.ticker import FixedLocator

    legend = ax.get_legend()
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts, *(legend.get_texts() if legend else ())]
    named = [axis for axis in (ax.xaxis, ax.yaxis) if isinstance(axis.get_major_locator(), FixedLocator)]
    return [*texts, *(text for axis in named for text in axis.get_ticklabels())]


def new_axes(figsize: tuple[float, float] = (6, 4)) -> Axes:
    """A figure of its own that needs no screen and leaves pyplot's state alone."""
    from matplotlib.figure import Figure

    # Where the Axes lies until the layout is made, at the first drawing: nearly everywhere, so that texts fit already.
    near = {"left": 0.05, "right": 0.98, "bottom": 0.05, "top": 0.95}
    return Figure(figsize=figsize, dpi=120, layout="constrained").subplots(gridspec_kw=near)


def one_for_each(plot: str, what: str, shape: tuple[int, ...], n: int) -> None:
    """Refuse what is not of shape (n,), where a plot takes one for each of n."""
    if shape != (n,):
        raise ValueError(errors.PLOT_LENGTH.format(plot=plot, what=what, n=n, got=shape))


def extent(ax: Axes) -> tuple[float, float]:
    """The width and height of an Axes, in points."""
    box, dot = ax.get_window_extent(), 72 / ax.figure.dpi
    return box.width * dot, box.height * dot


def style(number: int) -> Look:
    """The colour and marker of class (or line) `number`; the first 110 all differ."""
    return {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)]}


def entitle(ax: Axes, title: str | None) -> None:
    """Set a title, if there is one, broken into lines no wider than the Axes."""
    most = max(12, int(extent(ax)[0] / (0.55 * TITLE)))
    ax.set_title(fill(str(title or ""), most))


def legend(ax: Axes, *, own: bool, also: tuple[Artist, ...] = ()) -> Legend:
    """A legend beside an Axes in its own figure, where it hides nothing; in another's, within, where it hides least.

    Of more entries than fit it tells the first, and how many there are besides; `also` stand below in any case.
    """
    from matplotlib.lines import Line2D

    handles = ax.get_legend_handles_labels()[0]
    lines = list(accumulate(1 + str(handle.get_label()).count("\n") for handle in handles))
    if lines and lines[-1] > LINES - len(also):
        kept = bisect(lines, LINES - len(also) - 1)
        handles = [*handles[:kept], Line2D([], [], linestyle="none", label=f"and {len(handles) - kept} more")]
    within: Look = {"loc": "best", "ncols": 1 + (len(handles) > MANY)}
    beside: Look = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0}
    return ax.legend(handles=[*handles, *also], **(beside if own else within), fontsize="small")
