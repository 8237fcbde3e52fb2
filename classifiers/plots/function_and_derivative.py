"""Functions: the curve of a function of one number, and that of its derivative below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, grad
from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, legend, new_axes, plot
from classifiers.plots.shared.pixels import finite
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 401  # odd, so that 0 is one of them where the ends lie evenly about it
FLAT = 0.05  # a slope below which next to nothing of a gradient passes


@plot
def function_and_derivative(
    f: Callable[[Any], Any],
    *,
    low: float = -6.0,
    high: float = 6.0,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """A function and its derivative, which its gates have; grey where the curve is flat, |f′(x)| < 0.05, or saturated.

    f          of a Tensor, element by element, made of gates: an activation of nn, np.tanh, lambda x: x**2 ...
    low, high  between which it is drawn

    Raises ValueError for a function that does not give a finite number for each of a Tensor's.
    """
    low, high = check_number(float, "low", low), check_number(float, "high", high)
    if not low < high:
        raise ValueError(errors.FUNCTION_ENDS.format(low=low, high=high))
    x = np.linspace(low, high, POINTS)
    got = f(Tensor(x))
    values = finite(got)
    if values is None or values.shape != x.shape:
        raise ValueError(errors.FUNCTION_VALUES.format(n=POINTS, got=describe(got)))
    slopes = grad(lambda x: np.sum(f(x)))(x)

    own = ax is None
    ax = ax or new_axes()
    shade: Look = {"transform": ax.get_xaxis_transform(), "color": "0.92", "linewidth": 0}
    ax.fill_between(x, 0, 1, where=abs(slopes) < FLAT, **shade, label=f"flat: |f′(x)| < {FLAT}")
    ax.axhline(0, color="0.6", linewidth=0.8)
    ax.plot(x, values, color=COLOURS[0], linewidth=2, label="f(x)")
    ax.plot(x, slopes, color=COLOURS[1], linewidth=2, linestyle="--", label="f′(x)")
    ax.set(xlabel="x", xlim=(low, high))
    ax.grid(alpha=0.3)
    legend(ax, own=own)
    entitle(ax, title)
    return ax
