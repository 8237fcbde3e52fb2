"""Image classifiers on nn, as scikit-learn estimators, and CIFAR-10. Everything loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifiers import augmentation, callbacks, cifar10, features, history, metrics, plots, preprocessing
    from classifiers.cifar10 import fetch_cifar10
    from classifiers.folders import FetchError
    from classifiers.holdout import HeldOut
    from classifiers.images import load_image
    from classifiers.knn import KNeighborsClassifier
    from classifiers.linear import LinearClassifier
    from classifiers.mlp import MLPClassifier
    from classifiers.preprocessing import PCAWhitening, Standardizer
    from classifiers.rate_range import RateRange, rate_range_test
    from classifiers.regression import LinearRegressor
    from classifiers.standin import fetch_stand_in
    from classifiers.trace import Trace
    from classifiers.training import Training

__all__ = [
    "FetchError",
    "HeldOut",
    "KNeighborsClassifier",
    "LinearClassifier",
    "LinearRegressor",
    "MLPClassifier",
    "PCAWhitening",
    "RateRange",
    "Standardizer",
    "Trace",
    "Training",
    "augmentation",
    "callbacks",
    "cifar10",
    "features",
    "fetch_cifar10",
    "fetch_stand_in",
    "history",
    "load_image",
    "metrics",
    "plots",
    "preprocessing",
    "rate_range_test",
]

_HOMES = {
    "FetchError": "classifiers.folders",
    "HeldOut": "classifiers.holdout",
    "KNeighborsClassifier": "classifiers.knn",
    "LinearClassifier": "classifiers.linear",
    "LinearRegressor": "classifiers.regression",
    "MLPClassifier": "classifiers.mlp",
    "PCAWhitening": "classifiers.preprocessing",
    "RateRange": "classifiers.rate_range",
    "Standardizer": "classifiers.preprocessing",
    "Trace": "classifiers.trace",
    "Training": "classifiers.training",
    "fetch_cifar10": "classifiers.cifar10",
    "fetch_stand_in": "classifiers.standin",
    "load_image": "classifiers.images",
    "rate_range_test": "classifiers.rate_range",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: scikit-learn takes two seconds, which nobody pays who does not use it."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return import_module(f"classifiers.{name}")
    raise AttributeError(f"module 'classifiers' has no attribute {name!r}")
