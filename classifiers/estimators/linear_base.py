"""Affine: what the linear estimators have in common: one Linear layer, which starts at 0, and a rate that suits it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse.linalg import svds
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers import preprocessing
from classifiers.estimators.base import Network
from nn import Linear, Sequential, fold
from nn.validation import check_flag

SHOWN = 2000  # samples that the curvature is measured on
SMALL = 100  # rows or columns, up to which all singular values are found at once
ADAPTIVE = 0.01  # the rate of optimisers that scale their steps by themselves


class Affine(Network):
    """A Network of outputs Wx + b; it also has the setting standardize.

    Where its learning_rate is None, it takes one that descends for sure, 1 / (curved · 𝓛): 𝓛 is how much half the
    squared error curves in a step, measured on up to 2,000 samples, `curved` twice what the loss curves beside that.
    """

    curved = 2.0

    def _check_settings(self) -> None:
        super()._check_settings()
        check_flag(f"{self._name}: standardize", self.standardize)

    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        dtype = self._dtype(X)
        model = preprocessing.learn(X, standardize=self.standardize, whiten=None, dtype=dtype, rng=rng, weights=weights)
        return model.append(Linear(X.shape[1], self._count_outputs(), init="zeros", dtype=dtype))

    def _rate(self, X: np.ndarray, weights: np.ndarray | None) -> float:
        if self.learning_rate is not None:
            return self.learning_rate
        if self.optimizer != "sgd":
            return ADAPTIVE
        shown = slice(None, None, -(-len(X) // SHOWN))
        design, batch_size = self._design(X[shown]), self._size(X)
        return 1 / (self.curved * expected_curvature(design, batch_size, None if weights is None else weights[shown]))

    def _design(self, X: np.ndarray) -> np.ndarray:
        """(n, features + 1) in float64: a column of ones, and the features as the descent sees them."""
        prepared = self.model_[:-1](Tensor(X)).data
        return np.column_stack([np.ones(len(prepared)), prepared.astype(float)])

    def _count_outputs(self) -> int:
        """How many outputs the Linear layer has."""
        return 1

    def _folded(self) -> Any:
        """The Linear layer that does the standardisation too: W and b for the features as they are."""
        check_is_fitted(self)
        return fold(self.model_)[0]


def expected_curvature(design: np.ndarray, batch_size: int, weights: np.ndarray | None = None) -> float:
    """𝓛: how much ½(xθ − y)² curves for a random batch of the rows x of a design (n, features + 1).

    Gower and others 2019, "SGD: general analysis and improved rates", 3.3: between the largest eigenvalue of the mean
    Hessian, for batches of all n, and the largest ‖x‖², for batches of one.
    """
    n, batch_size = len(design), min(batch_size, len(design))
    if weights is not None:
        design = design * np.sqrt(weights / weights.mean())[:, None]
    alone = float(np.square(design).sum(axis=1).max())
    if min(design.shape) <= SMALL:
        largest = np.linalg.norm(design, 2)
    else:
        largest = svds(design, k=1, v0=np.ones(min(design.shape)), return_singular_vectors=False)[0]
    together = float(largest) ** 2 / n
    if n == 1:
        return together
    return n * (batch_size - 1) / (batch_size * (n - 1)) * together + (n - batch_size) / (batch_size * (n - 1)) * alone
