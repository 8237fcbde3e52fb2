"""Distributions: what the outputs of each layer look like, whether they die out or saturate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, no_grad
from autograd.extend import describe
from classifiers import errors
from classifiers.plots.shared.layout import COLOURS, Look, entitle, extent, new_axes, plot
from classifiers.plots.shared.texts import short, widest
from nn import Sequential

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 40  # of each layer, over its own range
SATURATED = 0.5  # the share of outputs at their limits from which on a layer is said to be saturated
LIMIT = 0.05  # what is nearer to a limit is said to be at it
FEW = 3  # distinct values, or fewer, are those of a choice, not of a function that saturates
LONGEST = 24  # letters of a layer's name
WIDEST = 60.0  # inches of a figure, however many layers there are
ROUNDING = 1e-9  # what outputs may differ by, relative to the largest, and count as the same
LONG = 0.85  # the longest bar, where the layers are 1 apart


@plot
def activation_histograms(
    model: Sequential | Mapping[str, Any], X: Any = None, *, title: str | None = "", ax: Axes | None = None
) -> Axes:
    """How the outputs of each layer are distributed over samples X, in evaluation mode: the picture of CS231n, "Weight
    initialization".

    model  an nn.Sequential; or a mapping from names to the outputs, arrays of any shape
    X      (n, ...), samples; some hundreds are enough

    Each layer has a histogram of its own, the longest bar as long as the others' longest; a bar for what is exactly 0
    beside it is as long as its share. Below stand the mean and the standard deviation, the share of zeros, and whether
    the layer is dead (nothing but 0), constant, or saturated: half of it lies at the limits of tanh or of the sigmoid.
    Raises ValueError where a layer puts out nothing, NaN or infinity, and names it.
    """
    outputs = _outputs(model, X)
    texts = [_tell(name, values) for name, values in outputs]
    if ax is None:
        ax = new_axes(figsize=(min(WIDEST, max(4.0, 1 + max(0.95, 8 * widest(texts) / 72 + 0.1) * len(outputs))), 4.5))
    for place, values in enumerate(values for _, values in outputs):
        left = place - LONG / 2
        zero = np.count_nonzero(values == 0) / len(values)
        ax.axvline(left, color="0.75", linewidth=0.6)
        if zero < 1:
            counts, edges = _histogram(values[values != 0])
            looks: Look = {"facecolor": COLOURS[0], "edgecolor": COLOURS[0], "linewidth": 0.6}  # so that thin ones show
            lengths = left + LONG * counts / counts.max()
            ax.stairs(lengths, edges, baseline=left, orientation="horizontal", fill=True, **looks)
        if zero:
            (bar,) = ax.plot([left, left + LONG * zero], [0, 0], color=COLOURS[1], linewidth=2.5, solid_capstyle="butt")
            ax.legend([bar], ["exactly 0"], fontsize="small")
    size = min(8.0, 0.95 * extent(ax)[0] / len(outputs) / widest(texts))
    ax.set_xticks(range(len(outputs)), texts, fontsize=size)
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.55, len(outputs) - 0.45), ylabel="output")
    ax.grid(axis="y", alpha=0.3)
    entitle(ax, title)
    return ax


def _outputs(model: Any, X: Any) -> list[tuple[str, np.ndarray]]:
    """The name of each layer and what it puts out, flat."""
    if isinstance(model, Sequential) and len(model) and X is not None:
        found, x = {}, X
        with model.evaluating(), no_grad():
            for name, layer in model.layers.items():
                x = layer(x)
                found[name if name == type(layer).__name__.lower() else f"{name} {type(layer).__name__}"] = x
    elif isinstance(model, Mapping) and model:
        found = dict(model)
    else:
        raise ValueError(errors.HISTOGRAM_LAYERS.format(got=type(model).__name__ + " without X" * (X is None)))
    outputs = []
    for name, values in found.items():
        flat = np.asarray(values.data if isinstance(values, Tensor) else values, float).ravel()
        if not flat.size or not np.isfinite(flat).all():
            raise ValueError(errors.HISTOGRAM_OUTPUT.format(name=name, got=describe(values)))
        outputs.append((short(name, LONGEST), flat))
    return outputs


def _tell(name: str, values: np.ndarray) -> str:
    """What stands below a layer."""
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
    """The share of outputs at the limits of tanh, -1 and 1, or of the sigmoid, 0 and 1; 0 of what is neither's."""
    low, high = values.min(), values.max()
    near = 1 - LIMIT
    if max(-low, high) > 1 or max(-low, high) < near or len(np.unique(values)) <= FEW:
        return 0.0
    if low < 0:
        return float((abs(values) > near).mean())
    # A sigmoid is never quite 0, as ReLU is.
    return float(((values < LIMIT) | (values > near)).mean()) if low > 0 else 0.0


def _histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The counts and the edges of the bins over the range of the values, which may be all but the same."""
    margin = ROUNDING * abs(values).max() + 1e-300
    return np.histogram(values, BINS, (values.min() - margin, values.max() + margin))
