"""Arguments: checks that several plots share, and what the plots expect of classifiers, regressors and traces.

The plots name what they need of an estimator instead of importing one: any object that has it can be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from nn.training import Epoch


class Regressor(Protocol):
    """A fitted regressor, as scikit-learn defines it."""

    def predict(self, X: np.ndarray, /) -> np.ndarray:
        """Predict values.

        Parameters
        ----------
        X : ndarray, shape (n, features)
            The samples.

        Returns
        -------
        ndarray, shape (n,)
            The values.
        """


class Classifier(Protocol):
    """A fitted classifier, as scikit-learn defines it."""

    @property
    def classes_(self) -> np.ndarray:
        """The classes, of shape (classes,)."""

    def predict(self, X: np.ndarray, /) -> np.ndarray:
        """Predict labels.

        Parameters
        ----------
        X : ndarray, shape (n, features)
            The samples.

        Returns
        -------
        ndarray, shape (n,)
            The labels.
        """


class LinearModel(Protocol):
    """A fitted linear classifier, as scikit-learn defines it; it may have `templates_` and `classes_`, too."""

    @property
    def coef_(self) -> np.ndarray:
        """The weights, of shape (classes, features)."""


class TrainedModel(Protocol):
    """An object that keeps the epochs of a run in `history`, such as a Training."""

    @property
    def history(self) -> Sequence[Epoch]:
        """The epochs of the run."""


class FittedEstimator(Protocol):
    """A fitted estimator that keeps the epochs of its run in `history_`."""

    @property
    def history_(self) -> Sequence[Epoch]:
        """The epochs of the run."""


class Trace(Protocol):
    """What the plots need of a `classifiers.Trace`, the steps of one prediction by the k nearest neighbours."""

    @property
    def sample(self) -> np.ndarray:
        """The sample that was classified, of shape (features,)."""

    @property
    def distances(self) -> np.ndarray:
        """Its distances to all training samples, of shape (n,)."""

    @property
    def order(self) -> np.ndarray:
        """The indices of the training samples, the nearest first, of shape (n,)."""

    @property
    def neighbours(self) -> np.ndarray:
        """The first k of these indices."""

    @property
    def neighbour_distances(self) -> np.ndarray:
        """The distances of the neighbours, of shape (k,)."""

    @property
    def neighbour_labels(self) -> np.ndarray:
        """The labels of the neighbours, of shape (k,)."""

    @property
    def neighbour_samples(self) -> np.ndarray:
        """The neighbours, of shape (k, features)."""

    @property
    def votes(self) -> Mapping[object, float]:
        """The number or total weight of the neighbours by label."""

    @property
    def answer(self) -> object:
        """The predicted label."""

    @property
    def metric(self) -> str:
        """The distance, "l1" or "l2"."""


def check_one_for_each(plot: str, what: str, shape: tuple[int, ...], n: int) -> None:
    """Check that an argument has one entry for each of n things.

    Parameters
    ----------
    plot : str
        The name of the plot, for the error message.
    what : str
        The name of the argument, for the error message.
    shape : tuple of int
        The shape of the argument.
    n : int
        The number of things.

    Raises
    ------
    ValueError
        If the shape is not (n,).

    Examples
    --------
    >>> check_one_for_each("image_grid", "labels", (3,), 4)
    Traceback (most recent call last):
        ...
    ValueError: image_grid expected labels of shape (4,), got shape (3,); pass one for each
    """
    if shape != (n,):
        raise ValueError(f"{plot} expected {what} of shape ({n},), got shape {shape}; pass one for each")


def finite_array(values: object) -> np.ndarray | None:
    """Convert an argument to an array of numbers.

    Parameters
    ----------
    values : object
        The argument.

    Returns
    -------
    ndarray or None
        The array, or None if it is empty, contains NaN, infinity or anything but real numbers, or has rows of unequal
        length.

    Examples
    --------
    >>> finite_array([1, 2])
    array([1, 2])
    >>> finite_array([1, float("nan")]) is None
    True
    """
    try:
        array = np.asarray(values)
        array = np.asarray(array.tolist()) if array.dtype == object else array
    except ValueError:  # rows of unequal length
        return None
    return array if array.size and array.dtype.kind in "uif" and np.isfinite(array).all() else None
