"""Activation histograms: the outputs of each layer, which may vanish or saturate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor, no_grad
from autograd.extend import describe
from classifiers.plots.shared.layout import new_axes, plot, set_title, size_in_points
from classifiers.plots.shared.style import COLOURS, Style
from classifiers.plots.shared.text import shorten, text_width
from nn import Sequential

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Outputs: TypeAlias = Tensor | ArrayLike  # of a layer, of any shape

BINS = 40  # of each layer, over its own range
SATURATED = 0.5  # a layer is saturated if at least this share of its outputs is at a limit
LIMIT = 0.05  # an output is at a limit if it is nearer to it than this
FEW = 3  # outputs with this many distinct values or fewer are not those of a function that saturates
MAX_NAME = 24  # characters of a layer's name
MAX_WIDTH = 60.0  # inches, however many layers there are
ROUNDING = 1e-9  # outputs are constant if they differ by less, relative to the largest
MAX_BAR = 0.85  # the length of the longest bar, where the layers are 1 apart


@plot
def activation_histograms(
    model: Sequential | Mapping[str, Outputs],
    X: np.ndarray | None = None,
    *,
    title: str | None = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how the outputs of each layer are distributed over samples.

    Each layer has a histogram of the outputs that are not 0, and a bar whose length is the share of those that are
    exactly 0. The longest bars of all histograms have one length. Below each layer are the mean and the standard
    deviation of its outputs, and the share of zeros. A warning marks a layer that is dead (all outputs are 0),
    constant, or saturated (at least half of the outputs are at the limits of tanh or of the sigmoid).

    Parameters
    ----------
    model : nn.Sequential or mapping from str to array_like
        The model, which is run in evaluation mode; or the outputs of each layer by name, arrays of any shape.
    X : ndarray, shape (n, ...), or None, default None
        The samples, required for a model. Some hundreds are enough.
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
        If there are no layers, or a layer returns nothing, NaN or infinity; the message names the layer.

    Notes
    -----
    This is the figure of CS231n, "Weight initialization".

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import plots
    >>> ax = plots.activation_histograms({"ReLU": np.array([0.0, 0.0, 1.0, 2.0, 3.0])})
    >>> ax.get_xticklabels()[0].get_text().splitlines()
    ['ReLU', 'mean 1.2', 'σ 1.2', '40% zero']
    """
    outputs = _outputs(model, X)
    texts = [_summary(name, values) for name, values in outputs]
    if ax is None:
        ax = new_axes(
            figsize=(min(MAX_WIDTH, max(4.0, 1 + max(0.95, 8 * text_width(texts) / 72 + 0.1) * len(outputs))), 4.5)
        )
    for index, values in enumerate(values for _, values in outputs):
        left = index - MAX_BAR / 2
        zero = np.count_nonzero(values == 0) / len(values)
        ax.axvline(left, color="0.75", linewidth=0.6)
        if zero < 1:
            counts, edges = _histogram(values[values != 0])
            style: Style = {
                "facecolor": COLOURS[0],
                "edgecolor": COLOURS[0],
                "linewidth": 0.6,
            }  # so that thin bars are visible
            lengths = left + MAX_BAR * counts / counts.max()
            ax.stairs(lengths, edges, baseline=left, orientation="horizontal", fill=True, **style)
        if zero:
            (bar,) = ax.plot(
                [left, left + MAX_BAR * zero], [0, 0], color=COLOURS[1], linewidth=2.5, solid_capstyle="butt"
            )
            ax.legend([bar], ["exactly 0"], fontsize="small")
    size = min(8.0, 0.95 * size_in_points(ax)[0] / len(outputs) / text_width(texts))
    ax.set_xticks(range(len(outputs)), texts, fontsize=size)
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.55, len(outputs) - 0.45), ylabel="output")
    ax.grid(axis="y", alpha=0.3)
    set_title(ax, title)
    return ax


def _outputs(model: object, X: np.ndarray | None) -> list[tuple[str, np.ndarray]]:
    """The name and the flattened outputs of each layer."""
    found: dict[str, Outputs]
    if isinstance(model, Sequential) and len(model) and X is not None:
        found, x = {}, X
        with model.evaluating(), no_grad():
            for name, layer in model.layers.items():
                x = layer(x)
                found[name if name == type(layer).__name__.lower() else f"{name} {type(layer).__name__}"] = x
    elif isinstance(model, Mapping) and model:
        found = dict(model)
    else:
        raise ValueError(
            f"activation_histograms expected an nn.Sequential of at least one layer and samples X, or a mapping from "
            f"names to arrays, got {type(model).__name__}{' without X' * (X is None)}"
        )
    outputs = []
    for name, values in found.items():
        flat = np.asarray(values.data if isinstance(values, Tensor) else values, float).ravel()
        if not flat.size or not np.isfinite(flat).all():
            raise ValueError(
                f"activation_histograms expected finite numbers, at least one, from each layer, but {name!r} returned "
                f"{describe(values)}, which is empty or has NaN or infinity; autograd.detect_anomaly finds the gate "
                f"that produced NaN"
            )
        outputs.append((shorten(name, MAX_NAME), flat))
    return outputs


def _summary(name: str, values: np.ndarray) -> str:
    """The text below a layer."""
    text = f"{name}\nmean {values.mean():.2g}\nσ {values.std():.2g}"
    others = values[values != 0]
    if len(others) < len(values):
        text += f"\n{1 - len(others) / len(values):.0%} zero"
    if not len(others):
        return f"{text}\nDEAD"
    if np.ptp(values) <= ROUNDING * abs(values).max():
        return f"{text}\nCONSTANT"
    ends = _at_limits(values)
    return f"{text}\n{ends:.0%} at the limits:\nSATURATED" if ends >= SATURATED else text


def _at_limits(values: np.ndarray) -> float:
    """The share of outputs at the limits of tanh, -1 and 1, or of the sigmoid, 0 and 1; 0 for other functions."""
    low, high = values.min(), values.max()
    near = 1 - LIMIT
    if max(-low, high) > 1 or max(-low, high) < near or len(np.unique(values)) <= FEW:
        return 0.0
    if low < 0:
        return float((abs(values) > near).mean())
    # Unlike those of ReLU, the outputs of a sigmoid are never 0.
    return float(((values < LIMIT) | (values > near)).mean()) if low > 0 else 0.0


def _histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The counts and edges of the bins over the range of the values, which may be nearly constant."""
    margin = ROUNDING * abs(values).max() + 1e-300
    return np.histogram(values, BINS, (values.min() - margin, values.max() + margin))
