"""Finite differences: numerical derivatives to compare with analytic ones.

The error of the five-point central difference falls with the fourth power of the step. One-sided differences detect
kinks, where the derivative from the left differs from the derivative from the right.

Everything here works elementwise: on one number, or on an array of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

STEP = 3e-4  # near the fifth root of float64's precision, where a five-point difference is most accurate
SHRINK_FACTORS = (16.0, 2.0**9, 2.0**14, 2.0**20)  # a shorter step may stay on one side of a nearby kink or pole
ROUNDING_SHARE = 1e7  # rounding alone can put a gradient below this multiple of its size off by more than 1e-7
TINY, EPSILON = float(np.finfo(float).tiny), float(np.finfo(float).eps)

Array = float | np.ndarray
Function = Callable[[np.ndarray], float | np.ndarray]


class Difference(NamedTuple):
    """A numerical derivative.

    Attributes
    ----------
    derivative : float or ndarray
        The quotient of the difference and the step.
    rounding : float or ndarray
        A bound on the rounding error of `derivative`.
    changed : bool or ndarray of bool
        Whether the function changed at all over the step.
    """

    derivative: Array
    rounding: Array
    changed: bool | np.ndarray


def step_sizes(point: Array) -> np.ndarray:
    """Return the step of the difference at each point.

    Near 0 it is short enough for functions whose domain ends there; at large points it grows with the square root.

    Parameters
    ----------
    point : float or ndarray
        Where to differentiate.

    Returns
    -------
    ndarray, shape of `point`
        The steps.
    """
    size = np.abs(point)
    return STEP * np.where(size < 1, np.maximum(size, 0.01), np.sqrt(size))


def central(f: Function, point: Array, shrink: float = 1.0) -> Difference:
    """Return the five-point central difference of a function, at one point or at many.

    Parameters
    ----------
    f : callable
        The function, elementwise.
    point : float or ndarray
        Where to differentiate.
    shrink : float, default 1.0
        What to divide the usual step by.

    Returns
    -------
    Difference
        The derivatives, in the shape of `f(point)`.

    Notes
    -----
    (8 (f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h; Abramowitz and Stegun, table 25.2.
    """
    step = step_sizes(point) / shrink
    values = [np.asarray(f(point + offset * step)) for offset in (-2, -1, 1, 2)]
    derivative = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * step)
    changed = np.max(values, axis=0) != np.min(values, axis=0)
    return Difference(derivative, 16 * EPSILON * np.max(np.abs(values), axis=0) / step, changed)


def one_sided(f: Function, point: Array, shrink: float = 64.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the derivatives from the left and from the right, by three points each.

    Parameters
    ----------
    f : callable
        The function, elementwise.
    point : float or ndarray
        Where to differentiate.
    shrink : float, default 64.0
        What to divide the usual step by.

    Returns
    -------
    left, right, rounding : ndarray
        Both derivatives, and a bound on the rounding error of each.
    """
    step = step_sizes(point) / shrink
    values = [np.asarray(f(point + offset * step)) for offset in (-2, -1, 0, 1, 2)]
    left = (4 * (values[2] - values[1]) - (values[2] - values[0])) / (2 * step)
    right = (4 * (values[3] - values[2]) - (values[4] - values[2])) / (2 * step)
    return left, right, 16 * EPSILON * np.max(np.abs(values), axis=0) / step


def has_kink(left: Array, right: Array, rounding: Array) -> np.ndarray:
    """Whether one-sided derivatives differ by more than those of a smooth function would over so short a step.

    Parameters
    ----------
    left, right, rounding : float or ndarray
        As returned by `one_sided`.

    Returns
    -------
    ndarray of bool
        True at kinks.
    """
    return np.abs(left - right) > 10 * rounding + 1e-3 * np.maximum(np.abs(left), np.abs(right))


def has_jump(f: Function, point: Array) -> np.ndarray:
    """Whether a function that seems to have a kink at a point is discontinuous there.

    At a kink the one-sided derivatives differ by the same amount for every step; at a jump, by more for shorter steps.

    Parameters
    ----------
    f : callable
        The function, elementwise.
    point : float or ndarray
        A point at which `has_kink` is true.

    Returns
    -------
    ndarray of bool
        True at jumps, False at kinks.
    """
    far, near = (np.abs(np.subtract(*one_sided(f, point, shrink)[:2])) for shrink in (16.0, 64.0))
    return near > 2 * far


def relative_error(analytic: Array, numeric: Difference) -> np.ndarray:
    """Return the relative errors |a − n| / max(|a|, |n|) of analytic derivatives.

    A difference that rounding explains is divided by the size at which it would not matter. NaN counts as infinite.

    Parameters
    ----------
    analytic : float or ndarray
        The derivatives to check.
    numeric : Difference
        What to compare them with.

    Returns
    -------
    ndarray
        The errors, from 0 to infinity.
    """
    difference = np.abs(analytic - numeric.derivative)
    floor = np.where(difference <= numeric.rounding, ROUNDING_SHARE * numeric.rounding, 0.0)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric.derivative)), np.maximum(floor, TINY))
    relative = difference / scale
    return np.where(np.isnan(relative), np.inf, relative)


def shorter_step_error(analytic: Array, shorter: Difference) -> np.ndarray:
    """Return the relative errors for a shorter step, infinite where its rounding error is too large to judge.

    Parameters
    ----------
    analytic : float or ndarray
        The derivatives to check.
    shorter : Difference
        The numerical derivatives, by a shorter step.

    Returns
    -------
    ndarray
        The errors, from 0 to infinity.
    """
    scale = np.maximum(np.abs(analytic), np.abs(shorter.derivative))
    error = relative_error(analytic, shorter._replace(rounding=np.zeros_like(shorter.rounding)))
    return np.where(shorter.rounding <= 1e-3 * scale, error, np.inf)
