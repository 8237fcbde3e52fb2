"""Classes: labels of any kind as indices into the classes that were learned from them."""

from __future__ import annotations

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

from classifiers import errors


def learn_classes(estimator: str, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The classes in their order, at least two, and the index (n,) of each label of y (n,) among them."""
    check_classification_targets(y)
    classes, indices = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(errors.ONE_CLASS.format(estimator=estimator, got=classes.tolist()))
    return classes, indices


def find_classes(what: str, y: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The index (n,) of each label of y (n,), which is called `what`, among classes learned before."""
    unseen = np.setdiff1d(y, classes)
    if unseen.size:
        raise ValueError(errors.UNSEEN_LABELS.format(what=what, unseen=unseen.tolist(), known=classes.tolist()))
    return np.searchsorted(classes, y)
