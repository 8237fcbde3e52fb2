"""Texts: names and numbers in few letters, and their widths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from textwrap import fill
from typing import Any

from classifiers import errors

NAME = 40  # letters of a name, at most
LINE = 20  # letters in a line of a legend
WHOLE = 1e15  # below, floats tell whole numbers from others


def short(name: Any, most: int = NAME) -> str:
    """A name, cut off with "…" where it is longer than `most` letters."""
    name = str(name)
    return name if len(name) <= most else name[: most - 1] + "…"


def entry(name: Any) -> str:
    """A name as an entry of a legend, in short lines."""
    text = fill(short(name), LINE)
    return f"\u200b{text}" if text.startswith("_") else text  # a space of no width: matplotlib leaves out "_..."


def number(value: float, digits: int = 4) -> str:
    """A number in few digits, whole where it is whole."""
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    if abs(value) < WHOLE and value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if 100 <= abs(value) < WHOLE else f"{float(value):.{digits}g}"


def percent(share: float, _: object = None) -> str:
    """A share in per cent, as a tick of a scale: with the digits that it has."""
    return f"{round(100 * share, 6) + 0.0:g}%"


def widest(texts: Iterable[str]) -> float:
    """The width of the widest line of the texts at 1 point, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=10)
    lines = {line for text in texts for line in text.splitlines()}
    return max((text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 10


def class_name(plot: str, label: Any, names: Sequence[str] | None) -> str:
    """The name of the class that a label stands for; the label itself where there are no names."""
    if names is None:
        return str(label)
    if not (isinstance(label, Real) and label in range(len(names))):
        raise ValueError(errors.PLOT_NAME.format(plot=plot, got=label, count=len(names)))
    return str(names[int(float(label))])
