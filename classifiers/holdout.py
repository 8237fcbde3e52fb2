"""HeldOut: a test set that measures what was chosen, once, and gives itself to nothing that chooses."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from classifiers import errors
from classifiers.evaluation import checked_samples


class HeldOut:
    """The samples of the test set, sealed until the end: `score` measures one fitted estimator with them.

    CS231n, "Validation sets for hyperparameter tuning": evaluate on the test set only a single time, at the very end.
    A tuner that is given this, in the place of X or of y, is refused, and so is a second estimator: to pick the better
    of two by the test set is to choose on it.

    >>> from classifiers import KNeighborsClassifier
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> test = HeldOut(X + 0.1, ["low", "low", "high", "high"])
    >>> test.score(KNeighborsClassifier(1).fit(X, ["low", "low", "high", "high"]))
    1.0
    """

    def __init__(self, X: Any, y: Any) -> None:
        self._samples = checked_samples("the test set", (X, y))
        self._measured: Any = None
        self._score = np.nan

    def score(self, estimator: Any) -> float:
        """What a fitted estimator scores on the test set, accuracy for a classifier; it is measured once."""
        if self._measured is None:
            self._score = float(estimator.score(*self._samples))
            self._measured = estimator
        elif self._measured is not estimator:
            text = errors.HELD_OUT_TWICE.format(before=self._measured, score=self._score, came=estimator)
            raise PermissionError(text)
        return self._score

    def __len__(self) -> int:
        return len(self._samples[0])

    def __repr__(self) -> str:
        seal = "sealed" if self._measured is None else f"measured: {self._score:.4f}"
        return f"HeldOut({len(self)} samples, {seal})"

    def _refused(self, *asked: Any, **how: Any) -> NoReturn:
        raise PermissionError(errors.HELD_OUT_SEALED)

    __array__ = __getitem__ = __iter__ = _refused
