"""Gradients: how large they are in each layer of a net, whether they vanish or explode on their way down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import Look, entitle, legend, new_axes, plot, style
from classifiers.plots.shared.pixels import finite
from classifiers.plots.shared.texts import entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@plot
def gradient_flow(
    gradients: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """The mean |gradient| of each layer's weights, on a logarithmic scale: a straight way down is a factor per layer.

    gradients  (layers,), of at least 0, that of the first layer, next to the input, first; or a dict of several by
               label, such as their activations, to compare nets

    A layer whose gradient is 0 is left out of the line. Raises ValueError for what is no such numbers.
    """
    from matplotlib.ticker import MaxNLocator

    several = isinstance(gradients, Mapping)
    nets = gradients if isinstance(gradients, Mapping) else {"": gradients}
    sizes = [_checked(got) for got in nets.values()] or [_checked(gradients)]
    own = ax is None
    ax = ax or new_axes()
    ax.set_yscale("log", nonpositive="mask")
    for number, (label, size) in enumerate(zip(nets, sizes, strict=True)):
        look: Look = {"markersize": 6, "label": entry(label), **style(number)}
        ax.plot(range(1, len(size) + 1), size, **look)
    ax.set(xlabel="layer, from the input to the output", ylabel="mean |gradient|")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.grid(alpha=0.3)
    if several:
        legend(ax, own=own)
    entitle(ax, title)
    return ax


def _checked(got: Any) -> np.ndarray:
    sizes = finite(got)
    if sizes is None or sizes.ndim != 1 or sizes.min() < 0:
        raise ValueError(errors.GRADIENT_FLOW.format(got=describe(got)))
    return sizes
