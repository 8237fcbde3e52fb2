"""The CIFAR-10 data set, defined in `classifiers.data.cifar10`."""

from classifiers.data.cifar10 import fetch_cifar10, to_bunch
from classifiers.data.folders import FetchError

__all__ = ["FetchError", "fetch_cifar10", "to_bunch"]
