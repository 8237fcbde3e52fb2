"""Layout: figures, titles and legends, and the decorator that every plot has."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from functools import wraps
from itertools import accumulate
from textwrap import fill
from typing import TYPE_CHECKING, ParamSpec

from autograd.extend import describe
from classifiers.plots.shared.style import Style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.text import Text

TITLE_SIZE = 12.0  # points, matplotlib's default
TWO_COLUMNS = 6  # a legend within the Axes has two columns if it has more entries than this
MAX_LINES = 20  # of a legend
Arguments = ParamSpec("Arguments")


def plot(draw: Callable[Arguments, Axes]) -> Callable[Arguments, Axes]:
    """Decorate a plot: check `ax`, and show texts literally, ``$`` included.

    Parameters
    ----------
    draw : callable
        The plot, a function that accepts `ax` as a keyword and returns the Axes that it drew on.

    Returns
    -------
    callable
        The same function, which raises TypeError if `ax` is not a flat matplotlib Axes.
    """

    @wraps(draw)
    def drawn(*args: Arguments.args, **settings: Arguments.kwargs) -> Axes:
        from matplotlib.axes import Axes

        ax = settings.get("ax")
        if ax is not None and not (isinstance(ax, Axes) and ax.name == "rectilinear"):
            got = f"{ax.name} axes" if isinstance(ax, Axes) else describe(ax)
            raise TypeError(
                f"{draw.__name__} expected ax to be one matplotlib Axes without a projection, got {got}; "
                f"pass one of those that plt.subplots returns, such as axes[0], or leave ax out"
            )
        ax = draw(*args, **settings)
        for text in _texts(ax):
            text.set_parse_math(False)
        return ax

    return drawn


def _texts(ax: Axes) -> list[Text]:
    """All texts that a plot wrote, without the numbers of a logarithmic scale, which are written as mathematics."""
    from matplotlib.ticker import FixedLocator

    legend = ax.get_legend()
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts, *(legend.get_texts() if legend else ())]
    named = [axis for axis in (ax.xaxis, ax.yaxis) if isinstance(axis.get_major_locator(), FixedLocator)]
    return [*texts, *(text for axis in named for text in axis.get_ticklabels())]


def new_axes(figsize: tuple[float, float] = (6, 4)) -> Axes:
    """Create an Axes in a new figure, which needs no screen and leaves the state of pyplot unchanged.

    Parameters
    ----------
    figsize : (float, float), default (6, 4)
        The width and height of the figure, in inches.

    Returns
    -------
    matplotlib.axes.Axes
        The only Axes of the figure.
    """
    from matplotlib.figure import Figure

    # The constrained layout places the Axes at the first drawing. Until then, it fills nearly the whole figure, so that
    # the room for texts can be estimated.
    near = {"left": 0.05, "right": 0.98, "bottom": 0.05, "top": 0.95}
    return Figure(figsize=figsize, dpi=120, layout="constrained").subplots(gridspec_kw=near)


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Return the size of an Axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes.

    Returns
    -------
    width, height : float
        In points, as font sizes are.
    """
    box, dot = ax.get_window_extent(), 72 / ax.figure.dpi
    return box.width * dot, box.height * dot


def set_title(ax: Axes, title: str | None) -> None:
    """Set the title of an Axes, broken into lines that are no wider than the Axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes.
    title : str or None
        The title; None and "" mean no title.
    """
    most = max(12, int(size_in_points(ax)[0] / (0.55 * TITLE_SIZE)))
    ax.set_title(fill(str(title or ""), most))


def add_legend(ax: Axes, *, own_figure: bool, also: tuple[Artist, ...] = ()) -> Legend:
    """Add a legend, which shows how many entries it leaves out if there are too many.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The Axes, whose labelled artists are the entries.
    own_figure : bool
        True to put the legend to the right of the Axes, where it covers nothing; False to put it within the Axes, where
        it covers least, because there may be other Axes on the right.
    also : tuple of matplotlib.artist.Artist, default ()
        Further entries, which are never left out.

    Returns
    -------
    matplotlib.legend.Legend
        The legend.
    """
    from matplotlib.lines import Line2D

    handles = ax.get_legend_handles_labels()[0]
    lines = list(accumulate(1 + str(handle.get_label()).count("\n") for handle in handles))
    if lines and lines[-1] > MAX_LINES - len(also):
        kept = bisect(lines, MAX_LINES - len(also) - 1)
        handles = [*handles[:kept], Line2D([], [], linestyle="none", label=f"and {len(handles) - kept} more")]
    within: Style = {"loc": "best", "ncols": 1 + (len(handles) > TWO_COLUMNS)}
    outside: Style = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0}
    return ax.legend(handles=[*handles, *also], **(outside if own_figure else within), fontsize="small")
