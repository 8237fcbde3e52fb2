"""Class labels of any kind, encoded as indices into the sorted classes."""

from __future__ import annotations

import numpy as np
from sklearn.utils.multiclass import check_classification_targets


def check_one_label_each(estimator: str, y: object) -> None:
    """Raise a ValueError if y has several columns, such as one-hot labels.

    Parameters
    ----------
    estimator : str
        The name of the estimator, for the error message.
    y : array-like
        The labels.

    Raises
    ------
    ValueError
        If y has several columns.
    """
    shape = getattr(y, "shape", None) or np.shape(np.array(y, dtype=object))
    if len(shape) == 2 and shape[1] > 1:
        dense = "y.toarray()" if hasattr(y, "toarray") else "y"
        raise ValueError(
            f"{estimator} expected y of shape (n,), one class for each sample, got {type(y).__name__} of shape "
            f"{shape}; convert one-hot labels with np.argmax({dense}, axis=1)"
        )


def learn_classes(estimator: str, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the classes in labels, and encode the labels.

    Parameters
    ----------
    estimator : str
        The estimator's name, for error messages.
    y : ndarray, shape (n,)
        Labels: strings, integers or booleans.

    Returns
    -------
    classes : ndarray, shape (classes,)
        The classes, sorted.
    indices : ndarray of int, shape (n,)
        The index of each label in `classes`.

    Raises
    ------
    ValueError
        If the labels are not classes, or are all the same.

    Examples
    --------
    >>> learn_classes("Estimator", np.array([7, 3, 7]))
    (array([3, 7]), array([1, 0, 1]))
    """
    check_classification_targets(y)
    classes, indices = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"{estimator} expected labels of at least two classes, got one class only, {classes.tolist()}; "
            "add samples of another class"
        )
    return classes, indices


def class_indices(name: str, y: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Encode labels as indices of classes that were learned before.

    Parameters
    ----------
    name : str
        What the error message calls the labels, such as "y_val".
    y : ndarray, shape (n,)
        Labels.
    classes : ndarray, shape (classes,)
        The known classes, sorted.

    Returns
    -------
    ndarray of int, shape (n,)
        The index of each label in `classes`.

    Raises
    ------
    ValueError
        If a label is not one of the classes.

    Examples
    --------
    >>> class_indices("y_val", np.array([7, 3, 7]), np.array([3, 7]))
    array([1, 0, 1])
    """
    unseen = np.setdiff1d(y, classes)
    if unseen.size:
        raise ValueError(
            f"{name} expected labels among the learned classes {classes.tolist()}, got {unseen.tolist()}; include each "
            "class in the training set (train_test_split with stratify=y), or in the classes= of partial_fit"
        )
    return np.searchsorted(classes, y)
