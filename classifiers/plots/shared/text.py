"""Text: names and numbers in few characters, and the widths of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from textwrap import fill

MAX_NAME = 40  # characters
LEGEND_LINE = 20  # characters of a line in a legend
EXACT = 1e15  # below this, floats distinguish whole numbers from others


def shorten(name: object, most: int = MAX_NAME) -> str:
    """Shorten a name.

    Parameters
    ----------
    name : object
        The name, converted by ``str``.
    most : int, default 40
        The number of characters to keep.

    Returns
    -------
    str
        The name, which ends in "…" if it was too long.

    Examples
    --------
    >>> shorten("automobile", 5)
    'auto…'
    """
    name = str(name)
    return name if len(name) <= most else name[: most - 1] + "…"


def legend_entry(name: object) -> str:
    r"""Break a name into short lines for a legend.

    Parameters
    ----------
    name : object
        The name, converted by ``str``.

    Returns
    -------
    str
        The lines. A leading "_", which makes matplotlib omit the entry, is preceded by a space of no width.

    Examples
    --------
    >>> legend_entry("stochastic gradient descent")
    'stochastic gradient\ndescent'
    """
    text = fill(shorten(name), LEGEND_LINE)
    return f"\u200b{text}" if text.startswith("_") else text


def number(value: float, digits: int = 4) -> str:
    """Format a number in few digits.

    Parameters
    ----------
    value : float
        The number.
    digits : int, default 4
        Significant digits of a number that is not whole and below 100.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> number(371942.0), number(162.1111), number(0.0012345)
    ('371,942', '162.11', '0.001234')
    """
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    if abs(value) < EXACT and value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if 100 <= abs(value) < EXACT else f"{float(value):.{digits}g}"


def percent(share: float, _: object = None) -> str:
    """Format a share in per cent; also a formatter of matplotlib's ticks.

    Parameters
    ----------
    share : float
        The share, 1 for 100 %.
    _ : object, default None
        The position of the tick, which is ignored.

    Returns
    -------
    str
        The share, with as many digits as it has.

    Examples
    --------
    >>> percent(0.825)
    '82.5%'
    """
    return f"{round(100 * share, 6) + 0.0:g}%"


def text_width(texts: Iterable[str]) -> float:
    """Return the width of the widest line.

    Parameters
    ----------
    texts : iterable of str
        The texts, of one or more lines.

    Returns
    -------
    float
        The width in points at a font size of 1 point.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=10)
    lines = {line for text in texts for line in text.splitlines()}
    return max((text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 10


def class_name(plot: str, label: object, names: Sequence[str] | None) -> str:
    """Return the name of a class.

    Parameters
    ----------
    plot : str
        The name of the plot, for the error message.
    label : object
        The label of the class.
    names : sequence of str or None
        Class names, indexed by the label; None if labels are shown as they are.

    Returns
    -------
    str
        The name.

    Raises
    ------
    ValueError
        If the label is out of range.

    Examples
    --------
    >>> class_name("image_grid", 1, ["cat", "dog"])
    'dog'
    """
    if names is None:
        return str(label)
    if not (isinstance(label, Real) and label in range(len(names))):
        raise ValueError(
            f"{plot} expected labels that index the {len(names)} names, got label {label}; "
            f"pass a name for each of the labels 0, 1, ..., or leave names out if labels are names or other numbers"
        )
    return str(names[int(float(label))])
