"""HeldOut: a test set that measures what was chosen, once, and gives itself to nothing that chooses."""

from __future__ import annotations

from typing import Any, NoReturn

from classifiers import errors
from nn.training.evaluation import checked_samples


class HeldOut:
    """The samples of the test set, sealed until the end: `score` measures one fitted estimator with them.

    CS231n, "Validation sets for hyperparameter tuning": evaluate on the test set only a single time, at the very end.
    A tuner that is given this, in the place of X or of y, is refused, and so is a second measurement: to pick the
    better of two by the test set is to choose on it.

    >>> from classifiers import KNeighborsClassifier
    >>> test = HeldOut([[0.1], [1.1], [2.1], [3.1]], ["low", "low", "high", "high"])
    >>> test.score(KNeighborsClassifier(1).fit([[0], [1], [2], [3]], ["low", "low", "high", "high"]))
    1.0
    """

    def __init__(self, X: Any, y: Any) -> None:
        X, y = checked_samples("the test set", (X, y))
        self._samples = X.copy(), y.copy()
        self._measured: str | None = None

    def score(self, estimator: Any) -> float:
        """What a fitted estimator scores on the test set, the accuracy of a classifier; a second time it is refused."""
        if self._measured is not None:
            raise PermissionError(errors.HELD_OUT_TWICE.format(measured=self._measured))
        score = float(estimator.score(*self._samples))
        self._measured = f"{type(estimator).__name__}: {score:.4f}"
        return score

    def __len__(self) -> int:
        return len(self._samples[0])

    def __repr__(self) -> str:
        return f"HeldOut({len(self)} samples, {self._measured or 'sealed'})"

    def _refused(self, *asked: Any, **how: Any) -> NoReturn:
        raise PermissionError(errors.HELD_OUT_SEALED)

    __array__ = __getitem__ = __iter__ = _refused
