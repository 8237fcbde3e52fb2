"""The public place of `classifiers.data.cifar10`."""

from classifiers.data.cifar10 import DESCRIPTION, LAYOUTS, NAME, SOURCE, SUBSETS, URL, fetch_cifar10, to_bunch

__all__ = ["DESCRIPTION", "LAYOUTS", "NAME", "SOURCE", "SUBSETS", "URL", "fetch_cifar10", "to_bunch"]
