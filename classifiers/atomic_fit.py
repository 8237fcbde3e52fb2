"""Fit an estimator atomically: a fit that fails leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import TypeVar

Fitted = TypeVar("Fitted")


@contextmanager
def atomic_fit(estimator: Fitted) -> Iterator[Fitted]:
    """Yield a copy of an estimator to fit; if nothing fails, the estimator gets the copy's attributes.

    The copy shares its attributes with the estimator, so set new ones and change none in place.
    """
    fitted = copy(estimator)
    yield fitted
    estimator.__dict__.clear()  # attributes that the fit has deleted go, too
    estimator.__dict__.update(fitted.__dict__)
