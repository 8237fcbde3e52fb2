"""Function and derivative: the curves of a function of one number and of its derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from autograd import Tensor, grad
from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import COLOURS, Style
from nn.validation import check_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 401  # odd, so that 0 is one of them if the ends are symmetric
FLAT = 0.05  # with a derivative below this, gradients vanish


@plot
def function_and_derivative(
    f: Callable[[Tensor], Tensor],
    *,
    low: float = -6.0,
    high: float = 6.0,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a function and its derivative, which `autograd.grad` computes.

    The background is grey where the function is flat, |f′(x)| < 0.05.

    Parameters
    ----------
    f : callable
        A function of a Tensor, elementwise and built from gates: an activation of nn, ``np.tanh``, ``lambda x: x**2``
        ...
    low, high : float, default -6 and 6
        The interval on which it is drawn.
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
        If `low` is not below `high`, or the function does not return a finite number for each element.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> ax = plots.function_and_derivative(np.tanh, low=-3, high=3)
    >>> [line.get_label() for line in ax.lines][1:]
    ['f(x)', 'f′(x)']
    """
    low, high = check_number(float, "low", low), check_number(float, "high", high)
    if not low < high:
        raise ValueError(f"function_and_derivative expected low below high, got low={low:g} and high={high:g}")
    x = np.linspace(low, high, POINTS)
    got = f(Tensor(x))
    values = finite_array(got)
    if values is None or values.shape != x.shape:
        raise ValueError(
            f"function_and_derivative expected f to return a finite number for each element of a Tensor of shape "
            f"({POINTS},), got {describe(got)}; pass a function built from elementwise gates, such as nn.Tanh() or "
            f"np.exp, and low and high between which it is finite"
        )
    derivatives = grad(lambda x: np.sum(f(x)))(x)

    own = ax is None
    ax = ax or new_axes()
    shade: Style = {"transform": ax.get_xaxis_transform(), "color": "0.92", "linewidth": 0}
    ax.fill_between(x, 0, 1, where=abs(derivatives) < FLAT, **shade, label=f"flat: |f′(x)| < {FLAT}")
    ax.axhline(0, color="0.6", linewidth=0.8)
    ax.plot(x, values, color=COLOURS[0], linewidth=2, label="f(x)")
    ax.plot(x, derivatives, color=COLOURS[1], linewidth=2, linestyle="--", label="f′(x)")
    ax.set(xlabel="x", xlim=(low, high))
    ax.grid(alpha=0.3)
    add_legend(ax, own_figure=own)
    set_title(ax, title)
    return ax
