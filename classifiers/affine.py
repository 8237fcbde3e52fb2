"""Affine: what the linear estimators have in common: after the standardisation one Linear layer, which starts at 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from classifiers import choices, preprocessing
from classifiers.network import Network
from nn import Linear, Sequential, fold


class Affine(Network):
    """A Network of outputs Wx + b; it also has the setting standardize."""

    def _check_settings(self) -> None:
        super()._check_settings()
        choices.flag(self._name, "standardize", self.standardize)

    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        dtype = np.result_type(X.dtype, np.float32)
        model = preprocessing.learn(X, standardize=self.standardize, whiten=None, dtype=dtype, rng=rng, weights=weights)
        return model.append(Linear(X.shape[1], self._count_outputs(), init="zeros", dtype=dtype))

    def _count_outputs(self) -> int:
        """How many outputs the Linear layer has."""
        return 1

    def _folded(self) -> Any:
        """The Linear layer that does the standardisation too: W and b for the features as they are."""
        check_is_fitted(self)
        return fold(self.model_)[0]
