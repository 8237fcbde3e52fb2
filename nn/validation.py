"""Hyper-parameters: the one check of a number that a user sets."""

from __future__ import annotations

from math import inf
from numbers import Integral, Real
from operator import ge, gt, le, lt
from typing import Any, TypeVar

from nn import errors

Number = TypeVar("Number", int, float)

KINDS = {float: Real, int: Integral}
BOUNDS = {"above": gt, "at_least": ge, "below": lt, "at_most": le}


def checked(kind: type[Number], what: str, got: Any, **bounds: float) -> Number:
    """The number as an int or a float where it keeps within its bounds, else a ValueError that says what came.

    bounds  any of above, at_least, below and at_most; `below=inf` keeps infinity out. NaN keeps within none

    >>> checked(float, "momentum", 0.9, at_least=0, below=1)
    0.9
    """
    number = isinstance(got, KINDS[kind]) and not isinstance(got, bool)
    if not number or not all(BOUNDS[name](got, bound) for name, bound in bounds.items()):
        limits = ("finite" if bound == inf else f"{name.replace('_', ' ')} {bound}" for name, bound in bounds.items())
        expected = ("a whole number, " if kind is int else "") + " and ".join(limits)
        raise ValueError(errors.HYPERPARAMETER.format(what=what, expected=expected, got=got))
    return kind(got)
