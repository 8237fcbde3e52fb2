"""Image classifiers on nn, as scikit-learn estimators, and CIFAR-10. Everything loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifiers import augmentation, callbacks, cifar10, history, metrics, plots, preprocessing
    from classifiers.cifar10 import FetchError, fetch_cifar10
    from classifiers.knn import KNeighborsClassifier
    from classifiers.mlp import MLPClassifier
    from classifiers.rate_range import RateRange, rate_range_test
    from classifiers.standin import fetch_stand_in
    from classifiers.trace import Trace
    from classifiers.training import Training

__all__ = [
    "FetchError",
    "KNeighborsClassifier",
    "MLPClassifier",
    "RateRange",
    "Trace",
    "Training",
    "augmentation",
    "callbacks",
    "cifar10",
    "fetch_cifar10",
    "fetch_stand_in",
    "history",
    "metrics",
    "plots",
    "preprocessing",
    "rate_range_test",
]

_HOMES = {
    "KNeighborsClassifier": "classifiers.knn",
    "MLPClassifier": "classifiers.mlp",
    "FetchError": "classifiers.cifar10",
    "fetch_cifar10": "classifiers.cifar10",
    "fetch_stand_in": "classifiers.standin",
    "RateRange": "classifiers.rate_range",
    "Trace": "classifiers.trace",
    "Training": "classifiers.training",
    "rate_range_test": "classifiers.rate_range",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: scikit-learn takes two seconds, which nobody pays who does not use it."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return import_module(f"classifiers.{name}")
    raise AttributeError(f"module 'classifiers' has no attribute {name!r}")
