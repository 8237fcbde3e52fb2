"""Atomic fits: a fit that fails leaves the estimator unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import TypeVar

Estimator = TypeVar("Estimator")


@contextmanager
def atomic_fit(estimator: Estimator) -> Iterator[Estimator]:
    """Yield a copy of an estimator to fit; its attributes replace the estimator's if the block succeeds.

    Parameters
    ----------
    estimator : object
        The estimator to fit.

    Yields
    ------
    object
        A shallow copy of `estimator`. The two share their attributes' values: set new values in the block, and do not
        change existing ones in place.

    Examples
    --------
    >>> class Mean:
    ...     def fit(self, x):
    ...         with atomic_fit(self) as fitted:
    ...             fitted.total_ = sum(x)
    ...             fitted.mean_ = fitted.total_ / len(x)
    >>> mean = Mean()
    >>> mean.fit([1, 2, 3])
    >>> mean.fit([])
    Traceback (most recent call last):
        ...
    ZeroDivisionError: division by zero
    >>> mean.total_
    6
    """
    fitted = copy(estimator)
    yield fitted
    estimator.__dict__.clear()  # attributes that the fit has deleted are deleted here, too
    estimator.__dict__.update(fitted.__dict__)
