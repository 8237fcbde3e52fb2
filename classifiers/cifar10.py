"""The CIFAR-10 data set, defined in `classifiers.data.cifar10`."""

from classifiers.data.cifar10 import fetch_cifar10, to_bunch

__all__ = ["fetch_cifar10", "to_bunch"]
