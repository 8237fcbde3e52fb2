"""Wholly or not at all: how an estimator is fitted, so that a fit that fails leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any


@contextmanager
def wholly(estimator: Any) -> Iterator[Any]:
    """A copy of an estimator to fit, whose attributes become the estimator's, if nothing fails until the end.

    The copy shares what the attributes are: who fits it sets new ones and changes none in place.
    """
    fitted = copy(estimator)
    yield fitted
    estimator.__dict__.clear()  # what a fit has deleted stays so
    estimator.__dict__.update(fitted.__dict__)
