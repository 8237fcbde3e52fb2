"""The base class of the linear estimators: one Linear layer, initialised to 0, and its default learning rate."""

from __future__ import annotations

from typing import cast

import numpy as np
from scipy.sparse.linalg import svds
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers import preprocessing
from classifiers.estimators.base import NNEstimator
from nn import Linear, Sequential, fold
from nn.validation import check_flag

MAX_SAMPLES = 2000  # samples that the smoothness is measured on
DENSE_SVD_SIZE = 100  # up to this many rows or columns, computing all singular values is faster
ADAPTIVE_RATE = 0.01  # learning rate of optimisers that scale their steps themselves


class LinearEstimator(NNEstimator):
    """Base class of the linear estimators: outputs Wx + b, on standardised features if `standardize` is True.

    With learning_rate=None, "sgd" descends at the rate 1 / (smoothness_factor · 𝓛), where 𝓛 is the expected smoothness
    of half the squared error, measured on up to 2,000 samples, and smoothness_factor is twice the curvature of the loss
    relative to that of half the squared error.
    """

    standardize: bool
    smoothness_factor = 2.0

    _checks = {**NNEstimator._checks, "standardize": check_flag}

    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        dtype = self._dtype(X)
        model = preprocessing.learn(X, standardize=self.standardize, whiten=None, dtype=dtype, rng=rng, weights=weights)
        return model.append(Linear(X.shape[1], self._n_outputs(), init="zeros", dtype=dtype))

    def _base_rate(self, X: np.ndarray, weights: np.ndarray | None) -> float:
        if self.learning_rate is not None:
            return self.learning_rate
        if self.optimizer != "sgd":
            return ADAPTIVE_RATE
        some = slice(None, None, -(-len(X) // MAX_SAMPLES))
        design, batch_size = self._design_matrix(X[some]), self._batch_size(X)
        smoothness = expected_smoothness(design, batch_size, None if weights is None else weights[some])
        return 1 / (self.smoothness_factor * smoothness)

    def _design_matrix(self, X: np.ndarray) -> np.ndarray:
        """(n, features + 1) in float64: a column of ones, then the features after preprocessing."""
        prepared = self.model_[:-1](Tensor(X)).data
        return np.column_stack([np.ones(len(prepared)), prepared.astype(float)])

    def _n_outputs(self) -> int:
        """The outputs of the Linear layer."""
        return 1

    def _folded_linear(self) -> Linear:
        """A Linear layer that includes the standardisation: W and b for the original features."""
        check_is_fitted(self)
        return cast(Linear, fold(self.model_)[0])


def expected_smoothness(design: np.ndarray, batch_size: int, weights: np.ndarray | None = None) -> float:
    """Return the expected smoothness 𝓛 of ½(xθ − y)² for random batches of samples x.

    Parameters
    ----------
    design : ndarray of float64, shape (n, features + 1)
        The design matrix: a row x for each sample.
    batch_size : int
        Samples per batch; values above n mean n.
    weights : ndarray of float64, shape (n,), default None
        The samples' weights.

    Returns
    -------
    float
        𝓛: the largest eigenvalue of the mean Hessian if batch_size is n, the largest ‖x‖² if it is 1, and between the
        two otherwise.

    Notes
    -----
    With λ the largest eigenvalue of the mean Hessian and b the batch size::

        𝓛 = n (b − 1) / (b (n − 1)) · λ + (n − b) / (b (n − 1)) · max ‖x‖²

    Source: Gower and others 2019, "SGD: general analysis and improved rates", section 3.3.

    Examples
    --------
    >>> expected_smoothness(np.array([[3.0, 0.0], [0.0, 1.0]]), batch_size=1)
    9.0
    """
    n, batch_size = len(design), min(batch_size, len(design))
    if weights is not None:
        design = design * np.sqrt(weights / weights.mean())[:, None]
    single = float(np.square(design).sum(axis=1).max())
    if min(design.shape) <= DENSE_SVD_SIZE:
        largest = np.linalg.norm(design, 2)
    else:
        largest = svds(design, k=1, v0=np.ones(min(design.shape)), return_singular_vectors=False)[0]
    full = float(largest) ** 2 / n
    if n == 1:
        return full
    return n * (batch_size - 1) / (batch_size * (n - 1)) * full + (n - batch_size) / (batch_size * (n - 1)) * single
