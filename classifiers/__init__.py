"""Image classifiers built on nn, with scikit-learn's estimator interface, and CIFAR-10.

Every name loads on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers import augmentation, features, plots, preprocessing
    from classifiers.data import cifar10
    from classifiers.data.cifar10 import fetch_cifar10
    from classifiers.data.folders import FetchError
    from classifiers.data.holdout import HeldOut
    from classifiers.data.photos import load_image
    from classifiers.data.stand_in import fetch_stand_in
    from classifiers.estimators.knn import KNeighborsClassifier
    from classifiers.estimators.knn_trace import Trace
    from classifiers.estimators.linear_classifier import LinearClassifier
    from classifiers.estimators.linear_regressor import LinearRegressor
    from classifiers.estimators.mlp import MLPClassifier
    from classifiers.preprocessing import PCAWhitening, Standardizer
    from nn.training import callbacks, history, metrics
    from nn.training.loop import Training
    from nn.training.rate_range import RateRange, rate_range_test

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

_MODULES = {
    "FetchError": "classifiers.data.folders",
    "HeldOut": "classifiers.data.holdout",
    "KNeighborsClassifier": "classifiers.estimators.knn",
    "LinearClassifier": "classifiers.estimators.linear_classifier",
    "LinearRegressor": "classifiers.estimators.linear_regressor",
    "MLPClassifier": "classifiers.estimators.mlp",
    "PCAWhitening": "classifiers.preprocessing",
    "RateRange": "nn.training.rate_range",
    "Standardizer": "classifiers.preprocessing",
    "Trace": "classifiers.estimators.knn_trace",
    "Training": "nn.training.loop",
    "fetch_cifar10": "classifiers.data.cifar10",
    "fetch_stand_in": "classifiers.data.stand_in",
    "load_image": "classifiers.data.photos",
    "rate_range_test": "nn.training.rate_range",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use: importing scikit-learn takes two seconds."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    if name in __all__:
        return import_module(f"classifiers.{name}")
    raise AttributeError(f"module 'classifiers' has no attribute {name!r}")
