"""Preprocessing: standardisation and PCA whitening, learned from the training set alone, as transformers and layers.

A transformer stands before an estimator, in scikit-learn's Pipeline; its `layer_` does the same at the front of a
model, where it is saved with it. Images stay uint8: only blocks of them are converted to floats while learning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import check_array, check_random_state
from sklearn.utils.extmath import randomized_svd, svd_flip
from sklearn.utils.validation import check_is_fitted, validate_data

from autograd import Tensor, no_grad
from classifiers import errors
from classifiers.atomic_fit import atomic_fit
from nn import Linear, Sequential, Standardize
from nn.training.evaluation import checked_weights
from nn.validation import check_choice, check_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

BLOCK = 250  # samples converted to floats at a time: larger ones leave the processor's cache
SEEN = 10_000  # samples that the principal components are learned from: they hardly change with more
DAMPING = 1.5  # chosen on CIFAR-10's validation images


def learn(
    X: np.ndarray, *, standardize: bool, whiten: int | None, dtype: Any, rng: np.random.Generator, weights: Any = None
) -> Sequential:
    """The layers that prepare X (n, features) as asked for; a model is built by appending to them."""
    layers = Sequential()
    if standardize:
        layers.append(learn_standardisation(X, dtype, weights), name="standardize")
    if whiten is not None:
        layers.append(learn_whitening(X, whiten, before=layers, dtype=dtype, rng=rng, weights=weights), name="whiten")
    return layers


def learn_standardisation(X: np.ndarray, dtype: Any = np.float32, weights: Any = None) -> Standardize:
    """What `Standardizer` learns from X (n, features), and the weights (n,) of its samples, as a layer of `dtype`."""
    learned = Standardizer().fit(X, sample_weight=weights)
    return Standardize.of(learned.mean_, learned.scale_, dtype=dtype)


def learn_whitening(
    X: np.ndarray,
    components: int,
    *,
    before: Sequential | None = None,
    dtype: Any = np.float32,
    rng: np.random.Generator | int | None = None,
    weights: Any = None,
) -> Linear:
    """What `PCAWhitening` learns from X (n, features) as a Linear layer of `dtype` that stays as it is.

    As a linear map it adds no layer to a network: `nn.fold` makes one of it and the Linear that follows.

    components  how many to keep, at most n − 1 and features
    before      the preprocessing that comes first, such as Standardize
    weights     (n,) of the samples
    """
    rng = np.random.default_rng(rng)
    weights = checked_weights(weights, len(X))
    chosen = _chosen(weights, rng)
    with no_grad():
        seen = (before or Sequential())(X[chosen]).data
    whitening = PCAWhitening(components, random_state=int(rng.integers(2**31)))
    return whitening.fit(seen, sample_weight=weights[chosen]).layer_.astype(dtype)


class Standardizer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """X − mean, divided by the standard deviation: `X -= X.mean(axis=0); X /= X.std(axis=0)` of the slides.

    per       "pixel" for a mean and a deviation of each feature, "channel" for those of each plane of an image
    channels  planes of an image, one after the other as in CIFAR-10; with per="channel" alone
    with_std  False to subtract the mean alone: with per="pixel" that is the mean image

    Learned by `fit`, and bettered by `partial_fit` from more samples: mean_, var_ and scale_, each of shape
    (n_features,) or (channels,), in float64; scale_ is the deviation, or 1 where a feature never varies or with
    with_std=False. A sample of weight w counts as w samples; a weight of 0 leaves it out.

    X is (n, n_features); what comes out is of float32 where that holds X's numbers exactly (uint8, int16, float32 ...),
    else of float64. Raises ValueError for settings and weights that make no sense.
    """

    def __init__(self, *, per: str = "pixel", channels: int = 3, with_std: bool = True) -> None:
        self.per = per
        self.channels = channels
        self.with_std = with_std

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Learn from X (n, n_features) and the weights (n,) of its samples; y is ignored."""
        with atomic_fit(self) as fitted:
            fitted._learn_more(X, sample_weight, first=True)
        return self

    def partial_fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Learn from more samples, as if they had come together with those before."""
        with atomic_fit(self) as fitted:
            fitted._learn_more(X, sample_weight, first=not hasattr(self, "dtype_"))
        return self

    def _learn_more(self, X: Any, sample_weight: Any, *, first: bool) -> None:
        X = validate_data(self, X, reset=first)
        weights = checked_weights(sample_weight, len(X))
        if first:
            self._near = self._grouped(X[weights.argmax()])[:, 0].astype(float)  # some number near the mean
            self._off, self._squares = np.zeros((2, len(self._near)))
            self._weight = 0.0
            self.dtype_ = np.dtype(np.float32)
        self.dtype_ = np.result_type(self.dtype_, X.dtype)
        if len(self._near) != len(self._grouped(X[0])):
            raise ValueError(errors.OTHER_GROUPS.format(got=len(self._grouped(X[0])), expected=len(self._near)))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(X), BLOCK):
                self._learn(X[start : start + BLOCK], weights[start : start + BLOCK])
        if not (np.isfinite(self._squares).all() and np.isfinite(self._weight)):
            raise ValueError(errors.TOO_LARGE)

    def _learn(self, X: np.ndarray, weights: np.ndarray) -> None:
        """Take a block in: Chan, Golub and LeVeque 1983, on what is left when a number near the mean is subtracted.

        So numbers that lie far from 0 are as exact as others, and what never varies has a variance of 0.
        """
        total = weights.sum()
        if not total:
            return
        away = X - self._spread(self._near)
        away -= self._spread(self._off)
        moved = self._grouped(weights @ away).mean(axis=1) / total
        away -= self._spread(moved)
        np.square(away, out=away)
        share = total / (self._weight + total)
        self._squares = self._squares + self._grouped(weights @ away).mean(axis=1) + moved**2 * self._weight * share
        self._weight += total
        self._off = self._off + moved * share

    @property
    def mean_(self) -> np.ndarray:
        """The means."""
        check_is_fitted(self)
        return self._near + self._off

    @property
    def var_(self) -> np.ndarray:
        """The variances, about the mean of all samples."""
        check_is_fitted(self)
        return self._squares / self._weight

    @property
    def scale_(self) -> np.ndarray:
        """What is divided by."""
        deviation = np.sqrt(self.var_)
        return np.where(deviation, deviation, 1.0) if self.with_std else np.ones_like(deviation)

    @property
    def layer_(self) -> Standardize:
        """The layer that does the same, of float32 where that holds the numbers exactly that were learned from."""
        return Standardize.of(self._spread(self.mean_), self._spread(self.scale_), dtype=self.dtype_)

    def transform(self, X: Any) -> np.ndarray:
        """X standardised, (n, n_features)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        mean, scale = self._spread(self.mean_), self._spread(self.scale_)
        return _in_blocks(lambda rows: (rows - mean) / scale, X, self.n_features_in_)

    def inverse_transform(self, X: Any) -> np.ndarray:
        """What `transform` made X (n, n_features) of, in floats."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        mean, scale = self._spread(self.mean_), self._spread(self.scale_)
        return _in_blocks(lambda rows: rows * scale + mean, X, self.n_features_in_)

    def _grouped(self, features: np.ndarray) -> np.ndarray:
        """Numbers of the features (n_features,), those that share a mean in one row: (n_features or channels, ...)."""
        check_choice("Standardizer: per", self.per, ("pixel", "channel"))
        groups = len(features) if self.per == "pixel" else check_number(int, "channels", self.channels, at_least=1)
        if len(features) % groups:
            raise ValueError(errors.CHANNELS.format(channels=groups, features=len(features)))
        return features.reshape(groups, -1)

    def _spread(self, numbers: np.ndarray) -> np.ndarray:
        """Such numbers for each feature: (n_features,)."""
        return np.repeat(numbers, self.n_features_in_ // len(numbers))

    def __sklearn_tags__(self) -> Any:
        return _keeping_floats(super().__sklearn_tags__())


class PCAWhitening(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """PCA whitening (CS231n, "Data preprocessing"): the first principal components, brought to one scale.

    n_components  how many to keep, at most n − 1 and n_features; None for all along which the samples vary
    damping       what is added to the variance of each component before dividing by its root, in units of the mean
                  variance of the features: it keeps those small that are mostly noise. 0 gives each variance 1
    random_state  of the search for the components, and of the choice of samples where there are more than 10,000,
                  which are enough

    Learned by `fit`: components_ (n_components, n_features), of length 1 each, explained_variance_ (n_components,), the
    variances along them, mean_ (n_features,), scale_ (n_components,). transform gives
    (X − mean_) @ components_.T / scale_, scaled so that the mean square of all is 1 in training.

    A sample of weight w counts as w samples; a weight of 0 leaves it out. Give features of one unit, such as pixels, or
    put a Standardizer first. X is (n, n_features); what comes out is of float32 where that holds X's numbers exactly
    (uint8, int16, float32 ...), else of float64. Raises ValueError for settings and weights that make no sense.
    """

    def __init__(self, n_components: int | None = None, *, damping: float = DAMPING, random_state: Any = None) -> None:
        self.n_components = n_components
        self.damping = damping
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Learn from X (n, n_features) and the weights (n,) of its samples; y is ignored."""
        with atomic_fit(self) as fitted:
            fitted._learn(X, sample_weight)
        return self

    def _learn(self, X: Any, sample_weight: Any) -> None:
        damping = check_number(float, "damping", self.damping, at_least=0, below=np.inf)
        X = validate_data(self, X)
        weights = checked_weights(sample_weight, len(X))
        random = check_random_state(self.random_state)
        chosen = _chosen(weights, random)
        components = self._components(len(chosen))
        X, weights = X[chosen], weights[chosen]

        moments = Standardizer().fit(X, sample_weight=weights)
        centred = _in_blocks(lambda rows: rows - moments.mean_, X, self.n_features_in_)
        centred *= np.sqrt(weights / weights.sum())[:, None]  # so that its squares add up to the covariance
        left, singular, right = randomized_svd(centred, components, flip_sign=False, random_state=random)
        rounding = np.finfo(singular.dtype).eps * max(centred.shape) * singular[0]
        if self.n_components is None:
            components = max(1, int(np.count_nonzero(singular > rounding)))
        self.mean_ = moments.mean_
        self.components_ = svd_flip(left, right, u_based_decision=False)[1][:components]
        self.explained_variance_ = variance = singular[:components] ** 2
        noise = max(damping * moments.var_.mean(), rounding**2)
        self.scale_ = np.sqrt(variance + variance.dtype.type(noise))
        self.scale_[self.scale_ == 0] = 1
        self.scale_ *= np.sqrt(np.mean(variance / self.scale_**2)) or 1

    @property
    def layer_(self) -> Linear:
        """A Linear layer that stays as it is and does the same; the further from 0 the features lie, the less exactly,
        as it does not subtract the mean first.
        """
        check_is_fitted(self)
        weight = self.components_ / self.scale_[:, None]
        layer = Linear(self.n_features_in_, len(weight), init="zeros", dtype=weight.dtype)
        layer.weight = Tensor(weight, label="whitening")
        layer.bias = Tensor(-weight @ self.mean_, dtype=weight.dtype)
        return layer

    def transform(self, X: Any) -> np.ndarray:
        """The whitened components of X, (n, n_components)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        weight, dtype = (self.components_ / self.scale_[:, None]).T, floats_of(X)
        return _in_blocks(lambda rows: (rows - self.mean_).astype(dtype) @ weight, X, self._n_features_out)

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The features (n, n_features) that have the whitened components X (n, n_components), in floats."""
        check_is_fitted(self)
        X = check_array(X)
        if X.shape[1] != self._n_features_out:
            raise ValueError(errors.COMPONENTS.format(got=X.shape, expected=self._n_features_out))
        out = (X * self.scale_).astype(floats_of(X)) @ self.components_
        out += self.mean_
        return out

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def _components(self, n: int) -> int:
        """How many components to look for in n samples."""
        most = min(n - 1, self.n_features_in_)  # as n points lie in a space of n − 1 dimensions
        asked = 1 if self.n_components is None else check_number(int, "n_components", self.n_components, at_least=1)
        if asked > most:
            text = errors.WHITENING.format(components=asked, n=n, features=self.n_features_in_, most=most)
            raise ValueError(text)
        return most if self.n_components is None else asked

    def __sklearn_tags__(self) -> Any:
        return _keeping_floats(super().__sklearn_tags__())


def floats_of(X: np.ndarray) -> Any:
    """The dtype to compute X in: float32 where that holds its numbers exactly."""
    return np.result_type(X.dtype, np.float32)


def _in_blocks(made: Callable[[np.ndarray], np.ndarray], X: np.ndarray, features: int) -> np.ndarray:
    """What is made of the samples X, (n, features), in floats. Some at a time: in float64, they stay in the cache."""
    out = np.empty((len(X), features), floats_of(X))
    for start in range(0, len(X), BLOCK):
        out[start : start + BLOCK] = made(X[start : start + BLOCK])
    return out


def _chosen(weights: np.ndarray, random: Any) -> np.ndarray:
    """The places of up to SEEN samples that count, at random."""
    return random.permutation(np.flatnonzero(weights))[:SEEN]


def _keeping_floats(tags: Any) -> Any:
    tags.transformer_tags.preserves_dtype = ["float64", "float32"]
    return tags
