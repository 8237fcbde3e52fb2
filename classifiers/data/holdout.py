"""HeldOut: a test set that evaluates the chosen estimator once, and cannot be used to choose one."""

from __future__ import annotations

from typing import NoReturn, Protocol

import numpy as np
from numpy.typing import ArrayLike

from nn.training.evaluation import checked_samples


class Scored(Protocol):
    """A fitted estimator with a score, as scikit-learn defines it."""

    def score(self, X: np.ndarray, y: np.ndarray, /) -> float:
        """Evaluate the estimator.

        Parameters
        ----------
        X : ndarray, shape (n, features)
            The samples.
        y : ndarray, shape (n,)
            Their true labels or values.

        Returns
        -------
        float
            The score: the accuracy of a classifier, R² of a regressor.
        """


class HeldOut:
    """A test set that is sealed: `score` evaluates one fitted estimator on it, once.

    Reading it raises PermissionError, and so does a search that is given it as X or y, or a second call of `score`: to
    keep the better of two estimators is to choose on the test set.

    Parameters
    ----------
    X : array_like, shape (n, features)
        The samples.
    y : array_like, shape (n,)
        Their true labels or values.

    Raises
    ------
    ValueError
        If X and y are empty or do not fit together.

    Notes
    -----
    CS231n, "Validation sets for hyperparameter tuning": evaluate on the test set only a single time, at the very end.

    Examples
    --------
    >>> from classifiers import KNeighborsClassifier
    >>> test = HeldOut([[0.1], [1.1], [2.1], [3.1]], ["low", "low", "high", "high"])
    >>> test.score(KNeighborsClassifier(1).fit([[0], [1], [2], [3]], ["low", "low", "high", "high"]))
    1.0
    """

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        X, y = checked_samples("the test set", (X, y))
        self._samples = X.copy(), y.copy()
        self._measured: str | None = None

    def score(self, estimator: Scored) -> float:
        """Evaluate a fitted estimator on the test set; only the first call is allowed.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator with `score`.

        Returns
        -------
        float
            Its score: the accuracy of a classifier, R² of a regressor.

        Raises
        ------
        PermissionError
            If the test set has been used before.
        """
        if self._measured is not None:
            raise PermissionError(
                f"expected to evaluate one estimator on this test set, which was already used ({self._measured}); to "
                f"keep the best of several is to choose on the test set: choose by cross-validation instead"
            )
        score = float(estimator.score(*self._samples))
        self._measured = f"{type(estimator).__name__}: {score:.4f}"
        return score

    def __len__(self) -> int:
        return len(self._samples[0])

    def __repr__(self) -> str:
        return f"HeldOut({len(self)} samples, {self._measured or 'sealed'})"

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        """Refuse to give access to the samples."""
        raise PermissionError(
            "the test set is held out for the final evaluation, and cannot be read; choose by validation or "
            "cross-validation on the training set, then call score(estimator) once"
        )

    __array__ = __getitem__ = __iter__ = _refuse
