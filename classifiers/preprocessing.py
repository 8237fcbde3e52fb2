"""Preprocessing: layers that standardise and whiten, learned from the training set alone, for the front of a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, no_grad
from classifiers import errors
from nn import Linear, Sequential, Standardize

BLOCK = 5000  # samples converted to floats at a time: images stay uint8 in memory
SEEN = 10_000  # samples that the principal components are learned from: they hardly change with more
DAMPING = 1.5  # added to each component's variance, where a feature's is 1: keeps those that are mostly noise small


def learn(X: np.ndarray, *, standardize: bool, whiten: int | None, dtype: Any, rng: np.random.Generator) -> Sequential:
    """The layers that prepare X (n, features) as asked for; a model is built by appending to them."""
    layers = Sequential()
    if standardize:
        layers.append(learn_standardisation(X, dtype), name="standardize")
    if whiten is not None:
        layers.append(learn_whitening(X, whiten, before=layers, dtype=dtype, rng=rng), name="whiten")
    return layers


def learn_standardisation(X: np.ndarray, dtype: Any = np.float32) -> Standardize:
    """x ← (x − mean) / std for each feature of X (n, features); a feature that never varies is only centred."""
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    for start in range(0, len(X), BLOCK):
        scaler.partial_fit(X[start : start + BLOCK].astype(dtype))
    return Standardize.of(scaler.mean_, scaler.scale_, dtype=dtype)


def learn_whitening(
    X: np.ndarray,
    components: int,
    *,
    before: Sequential | None = None,
    dtype: Any = np.float32,
    rng: np.random.Generator | int | None = None,
) -> Linear:
    """PCA whitening as a Linear layer that stays as it is: the first principal components, brought to one scale.

    CS231n, "Data preprocessing". Component i is divided by √(variance_i + DAMPING), so that what has little variance
    is not blown up; all are then scaled so that their mean square is 1. As a linear map it adds no layer to a network:
    together with the Linear that follows it is one matrix.

    X           (n, features), of which up to 10,000 samples, chosen by rng, are looked at
    components  how many to keep, at most n − 1 and features
    before      the preprocessing that comes first, such as Standardize
    """
    from sklearn.decomposition import PCA

    rng = np.random.default_rng(rng)
    most = min(len(X) - 1, X.shape[1])  # as n points lie in a space of n − 1 dimensions
    if components > most:
        raise ValueError(errors.WHITENING.format(components=components, n=len(X), features=X.shape[1], most=most))
    chosen = X[rng.permutation(len(X))[:SEEN]]
    with no_grad():
        seen = (before or Sequential())(Tensor(chosen, dtype=dtype)).data
    with np.errstate(invalid="ignore"):  # where nothing varies, PCA divides 0 by 0 for a share that is not wanted
        pca = PCA(components, svd_solver="randomized", random_state=int(rng.integers(2**31))).fit(seen)
    variance = pca.explained_variance_
    shrunk = 1 / np.sqrt(variance + DAMPING)
    shrunk /= np.sqrt(np.mean(variance * shrunk**2)) or 1.0
    weight = pca.components_ * shrunk[:, None]
    layer = Linear(X.shape[1], components, init="zeros", dtype=dtype)
    layer.weight = Tensor(weight, dtype=dtype, label="whitening")
    layer.bias = Tensor(-weight @ pca.mean_, dtype=dtype)
    return layer
