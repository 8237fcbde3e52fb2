"""Splits: which samples are used for training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from autograd.extend import describe
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.style import Style, colour
from classifiers.plots.shared.text import legend_entry, shorten, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Part = tuple[str, int]

EXAMPLE = "{'fold 1': [('validation', 10), ('training', 40)]}"
FONT = 9.0  # points
HEIGHT = 0.7  # of a bar; bars are 1 apart
HATCHES = ("", "////", "..", "xx")  # in addition to the colours, for print in black and white


@plot
def splits(parts: Mapping[str, Sequence[Part]], *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """Draw how samples are divided: a bar for each split, with its parts to scale.

    Parameters
    ----------
    parts : mapping from str to sequence of (str, int)
        The splits by name. Each is a sequence of (role, number of samples) in the order of the samples, such as
        ``[("training", 45_000), ("validation", 5_000), ("test", 10_000)]``; a cross-validation has a split for each
        fold. Parts of one role have one colour.
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
        If these are not splits with at least one sample each.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.splits({"CIFAR-10": [("training", 45_000), ("validation", 5_000), ("test", 10_000)]})
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['training', 'validation', 'test']
    """
    from matplotlib.patches import Patch

    rows = {name: list(split) for name, split in parts.items()} if isinstance(parts, Mapping) else {}
    if not rows or not all(map(_is_split, rows.values())):
        raise ValueError(
            f"splits expected a dict of splits by name, each a sequence of (role, samples) with at least one sample, "
            f"got {describe(parts)}; pass, for example, {EXAMPLE}"
        )
    roles = list(dict.fromkeys(role for split in rows.values() for role, _ in split))
    longest = max(sum(count for _, count in split) for split in rows.values())

    ax = ax or new_axes(figsize=(7, 1.3 + 0.4 * len(rows)))
    styles: dict[str, Style] = {
        role: {"color": colour(index), "alpha": 0.4, "hatch": HATCHES[index % len(HATCHES)]}
        for index, role in enumerate(roles)
    }
    for row, split in enumerate(rows.values()):
        for (role, count), end in zip(split, accumulate(count for _, count in split), strict=True):
            if not count:
                continue
            ax.barh(row, count, HEIGHT, left=end - count, linewidth=0, **styles[role])
            ax.barh(row, count, HEIGHT, left=end - count, fill=False, edgecolor="0.3", linewidth=0.8)
            text, room = f"{count:,}", size_in_points(ax)[0] * count / longest
            fits = FONT * text_width([text]) < room
            if fits or room > 1.5 * FONT:
                box: Style = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.8}
                middle: Style = {"ha": "center", "va": "center", "rotation": 0 if fits else 90}
                ax.text(end - count / 2, row, text, fontsize=FONT, bbox=box, **middle)
    ax.set_yticks(range(len(rows)), [shorten(name) for name in rows])
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(-0.005 * longest, 1.005 * longest), ylim=(len(rows) - 0.5, -0.5), xticks=[])
    ax.spines[:].set_visible(False)
    handles = [Patch(label=legend_entry(role), **style) for role, style in styles.items()]
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=min(3, len(roles)), frameon=False)
    set_title(ax, title)
    return ax


def _is_split(split: list[Part]) -> bool:
    """Whether these are roles with their numbers of samples, with at least one sample."""
    if not all(isinstance(part, Sequence) and len(part) == 2 for part in split):
        return False
    counts = [count for _, count in split]
    return all(isinstance(count, (int, np.integer)) and count >= 0 for count in counts) and sum(counts) > 0
