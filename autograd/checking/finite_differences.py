"""Finite differences: the numerical derivative beside which an analytic one is held.

The five-point central difference has an error that falls with the fourth power of the step. One-sided differences tell
a kink, where the slopes to the left and to the right are not the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

SHRINK = (16.0, 2.0**9, 2.0**14, 2.0**20)  # of the step: a shorter one may stay on this side of a kink or a pole
STEP = 3e-4  # near the fifth root of float64's precision: where a five-point difference is most exact
ROUNDING_SHARE = 1e7  # gradients below this multiple of the rounding error may differ by more than 1e-7 from it alone
TINY, EPSILON = float(np.finfo(float).tiny), float(np.finfo(float).eps)

Array = Any  # a number or an array of them: everything below is elementwise


class Difference(NamedTuple):
    """A numerical derivative, the rounding error that it may have, and whether the function changed at all."""

    slope: Array
    rounding: Array
    moved: Array


def steps(point: Array) -> Array:
    """The step at each point: near 0 short enough for the domains of functions there, far out still short."""
    size: Any = np.abs(point)
    return STEP * np.where(size < 1, np.maximum(size, 0.01), np.sqrt(size))


def central(f: Callable[[Array], Array], point: Array, shrink: float = 1.0) -> Difference:
    """The five-point difference of f at a point, or at many points at once, each by itself."""
    step = steps(point) / shrink
    values = [np.asarray(f(point + offset * step)) for offset in (-2, -1, 1, 2)]
    slope = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * step)
    moved = np.max(values, axis=0) != np.min(values, axis=0)
    return Difference(slope, 16 * EPSILON * np.max(np.abs(values), axis=0) / step, moved)


def one_sided(f: Callable[[Array], Array], point: Array, shrink: float = 64.0) -> tuple[Array, Array, Array]:
    """The slopes to the left and to the right, by three points each, and the rounding error of both."""
    step = steps(point) / shrink
    values = [np.asarray(f(point + offset * step)) for offset in (-2, -1, 0, 1, 2)]
    left = (4 * (values[2] - values[1]) - (values[2] - values[0])) / (2 * step)
    right = (4 * (values[3] - values[2]) - (values[4] - values[2])) / (2 * step)
    return left, right, 16 * EPSILON * np.max(np.abs(values), axis=0) / step


def has_kink(left: Array, right: Array, rounding: Array) -> Array:
    """Whether the slopes on both sides differ by more than a smooth function's would over so short a step."""
    return np.abs(left - right) > 10 * rounding + 1e-3 * np.maximum(np.abs(left), np.abs(right))


def jumps(f: Callable[[Array], Array], point: Array) -> Array:
    """Whether f jumps at the point: at a kink the slopes differ by the same at any step, at a jump by more and more."""
    far, near = (np.abs(np.subtract(*one_sided(f, point, shrink)[:2])) for shrink in (16.0, 64.0))
    return near > 2 * far


def error_nearby(analytic: Array, shorter: Difference) -> Array:
    """The relative error with a shorter step, which counts only where its rounding is small; else it is infinite."""
    scale = np.maximum(np.abs(analytic), np.abs(shorter.slope))
    error = relative_error(analytic, shorter._replace(rounding=np.zeros_like(shorter.rounding)))
    return np.where(shorter.rounding <= 1e-3 * scale, error, np.inf)


def relative_error(analytic: Array, numeric: Difference) -> Array:
    """|a − n| / max(|a|, |n|), where NaN counts as infinite.

    A difference that rounding explains is measured against the size at which it would not matter.
    """
    difference = np.abs(analytic - numeric.slope)
    floor = np.where(difference <= numeric.rounding, ROUNDING_SHARE * numeric.rounding, 0.0)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric.slope)), np.maximum(floor, TINY))
    relative = difference / scale
    return np.where(np.isnan(relative), np.inf, relative)
