"""Style: the colours, markers and colour maps of all plots. Change one here, and every plot follows.

The colours of pictures of graphs are in `autograd/drawing/colours.py`.
"""

from __future__ import annotations

from typing import Any

Style = dict[str, Any]  # keyword arguments of matplotlib's artists, which have no common type

# The palette of Okabe and Ito 2008, "Color universal design", which colour-blind readers can distinguish, and two more
# colours: ten classes have ten colours.
COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"),
    *("#56b4e9", "#f0e442", "#000000", "#999999", "#882255"),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # 11 and 10 colours: the first 110 pairs all differ
CORRECT, WRONG = COLOURS[:2]  # of predictions
IMAGE_COLOURS = "gray"  # of images of one channel
SHARE_COLOURS = "Blues"  # from 0 to 1
COST_COLOURS = "Greys"  # below contours


def colour(number: int) -> str:
    """Return the colour of a class or line.

    Parameters
    ----------
    number : int
        The index of the class or line.

    Returns
    -------
    str
        The colour, as "#rrggbb".

    Examples
    --------
    >>> colour(0), colour(10)
    ('#0072b2', '#0072b2')
    """
    return COLOURS[number % len(COLOURS)]


def colour_and_marker(number: int) -> Style:
    """Return the colour and the marker of a class or line.

    Parameters
    ----------
    number : int
        The index of the class or line; the first 110 pairs all differ.

    Returns
    -------
    dict
        The keyword arguments ``color`` and ``marker``.

    Examples
    --------
    >>> colour_and_marker(10)
    {'color': '#0072b2', 'marker': 'h'}
    """
    return {"color": colour(number), "marker": MARKERS[number % len(MARKERS)]}
