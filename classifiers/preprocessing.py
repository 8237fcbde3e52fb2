"""Preprocessing: per-pixel standardisation, learned from the training set alone."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import StandardScaler

BLOCK = 5000  # samples converted to floats at a time: images stay uint8 in memory


def learn_standardisation(X: np.ndarray, dtype: np.dtype) -> StandardScaler:
    """A scikit-learn StandardScaler fitted to X (n, features) block by block: X −= mean; X /= std, per feature."""
    scaler = StandardScaler(copy=False)
    for start in range(0, len(X), BLOCK):
        scaler.partial_fit(X[start : start + BLOCK].astype(dtype))
    return scaler
