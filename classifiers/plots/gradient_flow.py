"""Gradient flow: the size of the gradients in each layer, which may vanish or explode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograd.extend import describe
from classifiers.plots.shared.arguments import finite_array
from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title
from classifiers.plots.shared.style import Style, colour_and_marker
from classifiers.plots.shared.text import legend_entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def gradient_flow(
    gradients: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean absolute gradient of the weights of each layer, on a logarithmic scale.

    If gradients shrink or grow by the same factor in each layer, the line is straight. A layer whose gradient is 0 is
    left out of the line.

    Parameters
    ----------
    gradients : array_like, shape (layers,), or mapping from str to array_like
        The mean |gradient| of each layer, at least 0, from the layer next to the input on; or several networks by name,
        to compare them.
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
        If the gradients are not finite numbers of at least 0.

    Examples
    --------
    >>> from classifiers import plots
    >>> ax = plots.gradient_flow({"sigmoid": [1e-5, 1e-3, 0.1], "ReLU": [0.2, 0.1, 0.1]})
    >>> ax.get_yscale()
    'log'
    """
    from matplotlib.ticker import MaxNLocator

    several = isinstance(gradients, Mapping)
    networks = gradients if isinstance(gradients, Mapping) else {"": gradients}
    sizes = [_checked(sizes) for sizes in networks.values()] or [_checked(gradients)]
    own = ax is None
    ax = ax or new_axes()
    ax.set_yscale("log", nonpositive="mask")
    for number, (label, size) in enumerate(zip(networks, sizes, strict=True)):
        style: Style = {"markersize": 6, "label": legend_entry(label), **colour_and_marker(number)}
        ax.plot(range(1, len(size) + 1), size, **style)
    ax.set(xlabel="layer, from the input to the output", ylabel="mean |gradient|")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    if several:
        add_legend(ax, own_figure=own)
    set_title(ax, title)
    return ax


def _checked(got: object) -> np.ndarray:
    """The mean gradients of a network as an array."""
    sizes = finite_array(got)
    if sizes is None or sizes.ndim != 1 or sizes.min() < 0:
        raise ValueError(
            f"gradient_flow expected the mean |gradient| of each layer, finite numbers of at least 0 in shape "
            f"(layers,), or a dict of these, got {describe(got)}; pass abs(layer.weight.grad).mean() of each layer"
        )
    return sizes
