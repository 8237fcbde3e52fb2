"""Splits: which samples are learned from, chosen by and measured on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, extent, new_axes, plot
from classifiers.plots.shared.texts import entry, short, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Part = tuple[str, int]
SIZE = 9.0  # points of text
HEIGHT = 0.7  # of a bar, where they are 1 apart
HATCHES = ("", "////", "..", "xx")  # beside the colours, for print in black and white


@plot
def splits(parts: Mapping[str, Sequence[Part]], *, title: str | None = "", ax: Axes | None = None) -> Axes:
    """How samples are shared out: a bar for each split, with its parts to scale, in the order in which they lie.

    parts  the splits by name, each as (role, samples) one after the other: {"CIFAR-10": [("training", 45_000),
           ("validation", 5_000), ("test", 10_000)]}, or a split for each fold of a cross-validation. Parts of one role
           have one colour
    """
    from matplotlib.patches import Patch

    rows = {name: list(split) for name, split in parts.items()} if isinstance(parts, Mapping) else {}
    if not rows or not all(map(_shared_out, rows.values())):
        raise ValueError(errors.SPLITS.format(got=describe(parts)))
    roles = list(dict.fromkeys(role for split in rows.values() for role, _ in split))
    longest = max(sum(count for _, count in split) for split in rows.values())

    ax = ax or new_axes(figsize=(7, 1.3 + 0.4 * len(rows)))
    looks: dict[str, Look] = {
        role: {"color": COLOURS[place % len(COLOURS)], "alpha": 0.4, "hatch": HATCHES[place % len(HATCHES)]}
        for place, role in enumerate(roles)
    }
    for row, split in enumerate(rows.values()):
        for (role, count), end in zip(split, accumulate(count for _, count in split), strict=True):
            if not count:
                continue
            ax.barh(row, count, HEIGHT, left=end - count, linewidth=0, **looks[role])
            ax.barh(row, count, HEIGHT, left=end - count, fill=False, edgecolor="0.3", linewidth=0.8)
            text, room = f"{count:,}", extent(ax)[0] * count / longest
            across = SIZE * widest([text]) < room
            if across or room > 1.5 * SIZE:
                box: Look = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.8}
                middle: Look = {"ha": "center", "va": "center", "rotation": 0 if across else 90}
                ax.text(end - count / 2, row, text, fontsize=SIZE, bbox=box, **middle)
    ax.set_yticks(range(len(rows)), [short(name) for name in rows])
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(-0.005 * longest, 1.005 * longest), ylim=(len(rows) - 0.5, -0.5), xticks=[])
    ax.spines[:].set_visible(False)
    handles = [Patch(label=entry(role), **look) for role, look in looks.items()]
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=min(3, len(roles)), frameon=False)
    entitle(ax, title)
    return ax


def _shared_out(split: list[Part]) -> bool:
    """Whether these are roles with their numbers of samples, one sample at least."""
    if not all(isinstance(part, Sequence) and len(part) == 2 for part in split):
        return False
    counts = [count for _, count in split]
    return all(isinstance(count, (int, np.integer)) and count >= 0 for count in counts) and sum(counts) > 0
