"""Preprocessing learned from the training set alone: standardisation and PCA whitening.

A transformer precedes an estimator in scikit-learn's Pipeline. Its `layer_` does the same as the first layer of a
model, and is saved with the model. Images stay uint8: learning converts only blocks of them to floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import check_array, check_random_state
from sklearn.utils.extmath import randomized_svd, svd_flip
from sklearn.utils.validation import check_is_fitted, validate_data

from autograd import Tensor, no_grad
from classifiers.atomic_fit import atomic_fit
from nn import Linear, Sequential, Standardize
from nn.training.evaluation import checked_weights
from nn.validation import check_choice, check_number

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike, DTypeLike

BLOCK = 250  # samples converted to floats at a time: larger blocks do not fit in the processor's cache
SMALLEST_SQUARES = float(np.finfo(float).tiny)  # a variance below this may have lost squares
PCA_SAMPLES = 10_000  # samples that the principal components are learned from: more hardly change them
DAMPING = 1.5  # chosen on CIFAR-10's validation images


def learn(
    X: np.ndarray,
    *,
    standardize: bool,
    whiten: int | None,
    dtype: DTypeLike,
    rng: np.random.Generator,
    weights: ArrayLike | None = None,
) -> Sequential:
    """Learn the first layers of a model, to which the others are appended.

    Parameters
    ----------
    X : ndarray, shape (n, features)
        The training samples.
    standardize : bool
        Whether to start with a Standardize layer, named "standardize".
    whiten : int or None
        The number of components of a whitening layer, named "whiten"; None for no such layer.
    dtype : dtype
        The dtype of the layers.
    rng : Generator
        Source of randomness for the whitening.
    weights : array-like, shape (n,), default None
        The samples' weights.

    Returns
    -------
    Sequential
        The layers, possibly none. They have no trainable parameters.

    Examples
    --------
    >>> X = np.array([[0.0, 10.0], [2.0, 30.0]])
    >>> model = learn(X, standardize=True, whiten=None, dtype=float, rng=np.random.default_rng(0))
    >>> model.append(Linear(2, 1, dtype=float))(X).shape
    (2, 1)
    """
    layers = Sequential()
    if standardize:
        layers.append(learn_standardisation(X, dtype, weights), name="standardize")
    if whiten is not None:
        layers.append(learn_whitening(X, whiten, before=layers, dtype=dtype, rng=rng, weights=weights), name="whiten")
    return layers


def learn_standardisation(
    X: np.ndarray, dtype: DTypeLike = np.float32, weights: ArrayLike | None = None
) -> Standardize:
    """Learn a layer that does the same as `Standardizer`.

    Parameters
    ----------
    X : ndarray, shape (n, features)
        The training samples.
    dtype : dtype, default float32
        The dtype of the layer.
    weights : array-like, shape (n,), default None
        The samples' weights.

    Returns
    -------
    Standardize
        The layer.

    Examples
    --------
    >>> layer = learn_standardisation(np.array([[0.0, 10.0], [2.0, 30.0]]))
    >>> print(layer.mean.data, layer.scale.data)
    [ 1. 20.] [ 1. 10.]
    """
    learned = Standardizer().fit(X, sample_weight=weights)
    return Standardize.of(learned.mean_, learned.scale_, dtype=dtype)


def learn_whitening(
    X: np.ndarray,
    components: int,
    *,
    before: Sequential | None = None,
    dtype: DTypeLike = np.float32,
    rng: np.random.Generator | int | None = None,
    weights: ArrayLike | None = None,
) -> Linear:
    """Learn a frozen Linear layer that does the same as `PCAWhitening`.

    Parameters
    ----------
    X : ndarray, shape (n, features)
        The training samples.
    components : int
        The number of components to keep, at most n − 1 and features.
    before : Sequential, default None
        The preprocessing that precedes this layer, such as a Standardize layer.
    dtype : dtype, default float32
        The dtype of the layer.
    rng : Generator, int or None, default None
        Source of randomness, or its seed.
    weights : array-like, shape (n,), default None
        The samples' weights.

    Returns
    -------
    Linear
        The layer, without trainable parameters.

    Raises
    ------
    ValueError
        If there are fewer components than asked for.

    Notes
    -----
    The layer costs nothing at prediction time: `nn.fold` merges it with the Linear layer that follows.
    """
    rng = np.random.default_rng(rng)
    sample_weight = checked_weights(weights, len(X))
    rows = _sample_indices(sample_weight, rng)
    with no_grad():
        samples = (before or Sequential())(X[rows]).data
    whitening = PCAWhitening(components, random_state=int(rng.integers(2**31)))
    return whitening.fit(samples, sample_weight=sample_weight[rows]).layer_.astype(dtype)


class Standardizer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Standardise features: subtract the mean and divide by the standard deviation.

    Parameters
    ----------
    per : {"pixel", "channel"}, default "pixel"
        Whether each feature, or each channel of an image, has a mean and a deviation of its own.
    channels : int, default 3
        The channels of an image, stored one after the other as in CIFAR-10; used with per="channel" only.
    with_std : bool, default True
        Whether to divide by the deviation. With False and per="pixel", the mean image is subtracted.

    Attributes
    ----------
    mean_ : ndarray of float64, shape (n_features,) or (channels,)
        The means.
    var_ : ndarray of float64, shape (n_features,) or (channels,)
        The variances about the mean of all samples.
    scale_ : ndarray of float64, shape (n_features,) or (channels,)
        The divisors: the standard deviations, or 1 for features that do not vary, and with with_std=False.
    layer_ : Standardize
        A layer of nn that does the same, in float32 if it represents the samples' dtype exactly, else in float64.
    dtype_ : dtype
        The dtype of `layer_`.
    n_features_in_ : int
        The number of features.

    Notes
    -----
    The slides write it as ``X -= X.mean(axis=0); X /= X.std(axis=0)``. The mean and the variance are updated block by
    block: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance".

    Outputs are float32 if it represents the dtype of X exactly (uint8, int16, float32 …), else float64.

    Examples
    --------
    >>> from classifiers import Standardizer
    >>> print(Standardizer().fit_transform([[0.0, 10.0], [2.0, 30.0]]))
    [[-1. -1.]
     [ 1.  1.]]
    """

    def __init__(self, *, per: str = "pixel", channels: int = 3, with_std: bool = True) -> None:
        self.per = per
        self.channels = channels
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn the means and deviations.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            The training samples.
        y : object, default None
            Ignored.
        sample_weight : array-like, shape (n,), default None
            The samples' weights, at least 0. A sample of weight w counts as w samples.

        Returns
        -------
        self
            The fitted transformer.

        Raises
        ------
        ValueError
            If settings, samples or weights are wrong. The transformer then stays unchanged.
        """
        with atomic_fit(self) as fitted:
            fitted._update(X, sample_weight, first=True)
        return self

    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from more samples, as if all had been passed to `fit` together.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            More training samples.
        y : object, default None
            Ignored.
        sample_weight : array-like, shape (n,), default None
            Their weights, at least 0.

        Returns
        -------
        self
            The fitted transformer.

        Raises
        ------
        ValueError
            If settings, samples or weights are wrong. The transformer then stays unchanged.
        """
        with atomic_fit(self) as fitted:
            fitted._update(X, sample_weight, first=not hasattr(self, "dtype_"))
        return self

    def _update(self, X: ArrayLike, sample_weight: ArrayLike | None, *, first: bool) -> None:
        samples = validate_data(self, X, reset=first)
        weights = checked_weights(sample_weight, len(samples))
        if first:
            self._shift = self._by_group(samples[weights.argmax()])[:, 0].astype(float)  # any values near the means
            self._offset, self._squares = np.zeros((2, len(self._shift)))  # the means minus _shift; Σ(x − mean)²
            self._total_weight = 0.0
            self.dtype_ = np.dtype(np.float32)
        self.dtype_ = np.result_type(self.dtype_, samples.dtype)
        groups = len(self._by_group(samples[0]))
        if len(self._shift) != groups:
            raise ValueError(
                f"Standardizer.partial_fit expected settings for {len(self._shift)} means, as it has learned, got per="
                f"{self.per!r} and channels={self.channels!r} for {groups}; restore per and channels, or call fit"
            )
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(samples), BLOCK):
                self._update_block(samples[start : start + BLOCK], weights[start : start + BLOCK])
        if not (np.isfinite(self._squares).all() and np.isfinite(self._total_weight)):
            raise ValueError(
                "Standardizer expected features and weights whose squares and sums are finite, got sums that overflow; "
                "scale them down"
            )
        vanished = self._squares < SMALLEST_SQUARES * self._total_weight
        seen = samples[weights > 0] if vanished.any() else samples[:0]
        if len(seen) and (vanished & self._by_group(seen.max(axis=0) != seen.min(axis=0)).any(axis=1)).any():
            raise ValueError(
                "Standardizer expected features that are constant or whose squares do not vanish, got a feature with a "
                "variance below the smallest float64; scale it up"
            )

    def _update_block(self, X: np.ndarray, weights: np.ndarray) -> None:
        """Update means and variances by one block, computed relative to values near the means.

        So features far from 0 lose no digits, and features that do not vary have a variance of exactly 0.
        """
        total = weights.sum()
        if not total:
            return
        deviations = X - self._per_feature(self._shift)
        deviations -= self._per_feature(self._offset)
        change = self._by_group(weights @ deviations).mean(axis=1) / total
        deviations -= self._per_feature(change)
        np.square(deviations, out=deviations)
        share = total / (self._total_weight + total)
        within = self._by_group(weights @ deviations).mean(axis=1)
        self._squares = self._squares + within + change**2 * self._total_weight * share
        self._total_weight += total
        self._offset = self._offset + change * share

    @property
    def mean_(self) -> np.ndarray:
        """The means, (n_features,) or (channels,)."""
        check_is_fitted(self)
        return self._shift + self._offset

    @property
    def var_(self) -> np.ndarray:
        """The variances about the mean of all samples, (n_features,) or (channels,)."""
        check_is_fitted(self)
        return self._squares / self._total_weight

    @property
    def scale_(self) -> np.ndarray:
        """The divisors, (n_features,) or (channels,): the standard deviations, or 1."""
        deviation = np.sqrt(self.var_)
        return np.where(deviation, deviation, 1.0) if self.with_std else np.ones_like(deviation)

    @property
    def layer_(self) -> Standardize:
        """A layer of nn that does the same."""
        return Standardize.of(self._per_feature(self.mean_), self._per_feature(self.scale_), dtype=self.dtype_)

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Standardise samples.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            Samples.

        Returns
        -------
        ndarray of float32 or float64, shape (n, n_features)
            The standardised samples.
        """
        check_is_fitted(self)
        samples = validate_data(self, X, reset=False)
        mean, scale = self._per_feature(self.mean_), self._per_feature(self.scale_)
        return _in_blocks(lambda rows: (rows - mean) / scale, samples, self.n_features_in_)

    def inverse_transform(self, X: ArrayLike) -> np.ndarray:
        """Undo the standardisation.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            Standardised samples.

        Returns
        -------
        ndarray of float32 or float64, shape (n, n_features)
            The original samples.
        """
        check_is_fitted(self)
        samples = validate_data(self, X, reset=False)
        mean, scale = self._per_feature(self.mean_), self._per_feature(self.scale_)
        return _in_blocks(lambda rows: rows * scale + mean, samples, self.n_features_in_)

    def _by_group(self, features: np.ndarray) -> np.ndarray:
        """A number per feature (n_features,), with those that share a mean in one row: (n_features or channels, -1)."""
        check_choice("Standardizer: per", self.per, ("pixel", "channel"))
        groups = len(features) if self.per == "pixel" else check_number(int, "channels", self.channels, at_least=1)
        if len(features) % groups:
            raise ValueError(
                f"Standardizer(per='channel') expected images of {groups} channels of equal size, got {len(features)} "
                f"features, which {groups} does not divide; set channels= to the number of channels"
            )
        return features.reshape(groups, -1)

    def _per_feature(self, numbers: np.ndarray) -> np.ndarray:
        """A number per mean, repeated for each feature: (n_features,)."""
        return np.repeat(numbers, self.n_features_in_ // len(numbers))

    def __sklearn_tags__(self) -> Any:
        return _preserve_floats(super().__sklearn_tags__())


class PCAWhitening(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """PCA whitening: project on the first principal components, and scale them to similar variances.

    Parameters
    ----------
    n_components : int or None, default None
        The number of components to keep, at most n − 1 and n_features. None keeps all along which the samples vary.
    damping : float, default 1.5
        The amount added to each component's variance before dividing by its root, in units of the mean variance of the
        features. It keeps components small that are mostly noise. 0 scales all to the same variance.
    random_state : int, RandomState or None, default None
        Seed of the search for the components, and of the choice of samples if there are more than 10,000, which are
        enough to learn from.

    Attributes
    ----------
    components_ : ndarray, shape (n_components, n_features)
        The principal components, each of length 1.
    explained_variance_ : ndarray, shape (n_components,)
        The variance of the samples along each component.
    mean_ : ndarray of float64, shape (n_features,)
        The means of the features.
    scale_ : ndarray, shape (n_components,)
        The divisors of the projections. They are scaled so that the mean square of the training set's outputs is 1.
    layer_ : Linear
        A frozen layer of nn that does the same.
    n_features_in_ : int
        The number of features.

    Notes
    -----
    The output is ``(X − mean_) @ components_.T / scale_``. Source: CS231n, "Data preprocessing".

    Features should have one unit, as pixels do; otherwise, put a Standardizer first. Outputs are float32 if it
    represents the dtype of X exactly (uint8, int16, float32 …), else float64.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import PCAWhitening
    >>> X = np.random.default_rng(0).normal(size=(100, 2)) @ [[3.0, 3.0], [0.1, -0.1]]
    >>> white = PCAWhitening(damping=0, random_state=0).fit_transform(X)
    >>> print(np.round(white.T @ white / len(white), 6).tolist())
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(
        self,
        n_components: int | None = None,
        *,
        damping: float = DAMPING,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_components = n_components
        self.damping = damping
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn the components.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            The training samples.
        y : object, default None
            Ignored.
        sample_weight : array-like, shape (n,), default None
            The samples' weights, at least 0. A sample of weight w counts as w samples.

        Returns
        -------
        self
            The fitted transformer.

        Raises
        ------
        ValueError
            If settings, samples or weights are wrong. The transformer then stays unchanged.
        """
        with atomic_fit(self) as fitted:
            fitted._fit(X, sample_weight)
        return self

    def _fit(self, X: ArrayLike, sample_weight: ArrayLike | None) -> None:
        damping = check_number(float, "damping", self.damping, at_least=0, below=np.inf)
        samples = validate_data(self, X)
        weights = checked_weights(sample_weight, len(samples))
        random = check_random_state(self.random_state)
        rows = _sample_indices(weights, random)
        components = self._component_count(len(rows))
        samples, weights = samples[rows], weights[rows]

        moments = Standardizer().fit(samples, sample_weight=weights)
        centred = _in_blocks(lambda block: block - moments.mean_, samples, self.n_features_in_)
        centred *= np.sqrt(weights / weights.sum())[:, None]  # so that centred.T @ centred is the covariance
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
        """A frozen Linear layer that does the same.

        It does not subtract the mean first, so it is less accurate for features far from 0.
        """
        check_is_fitted(self)
        weight = self.components_ / self.scale_[:, None]
        layer = Linear(self.n_features_in_, len(weight), init="zeros", dtype=weight.dtype)
        layer.weight = Tensor(weight, label="whitening")
        layer.bias = Tensor(-weight @ self.mean_, dtype=weight.dtype)
        return layer

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Whiten samples.

        Parameters
        ----------
        X : array-like, shape (n, n_features)
            Samples.

        Returns
        -------
        ndarray of float32 or float64, shape (n, n_components)
            The whitened components.
        """
        check_is_fitted(self)
        samples = validate_data(self, X, reset=False)
        weight, dtype = (self.components_ / self.scale_[:, None]).T, float_dtype(samples)
        return _in_blocks(lambda rows: (rows - self.mean_).astype(dtype) @ weight, samples, self._n_features_out)

    def inverse_transform(self, X: ArrayLike) -> np.ndarray:
        """Map whitened components back to the original features.

        Parameters
        ----------
        X : array-like, shape (n, n_components)
            Whitened components.

        Returns
        -------
        ndarray of float32 or float64, shape (n, n_features)
            The features.

        Raises
        ------
        ValueError
            If X has another number of components.
        """
        check_is_fitted(self)
        white = check_array(X)
        if white.shape[1] != self._n_features_out:
            raise ValueError(
                f"PCAWhitening.inverse_transform expected whitened components of shape (n, {self._n_features_out}), "
                f"got shape {white.shape}; pass what transform returns"
            )
        out = (white * self.scale_).astype(float_dtype(white)) @ self.components_
        out += self.mean_
        return out

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def _component_count(self, n: int) -> int:
        """The number of components to compute from n samples."""
        most = min(n - 1, self.n_features_in_)  # n points span at most n − 1 dimensions
        asked = 1 if self.n_components is None else check_number(int, "n_components", self.n_components, at_least=1)
        if asked > most:
            raise ValueError(
                f"PCAWhitening expected at most {most} principal components, as there are {n} samples of "
                f"{self.n_features_in_} features, got {asked}; ask for fewer, or pass more samples"
            )
        return most if self.n_components is None else asked

    def __sklearn_tags__(self) -> Any:
        return _preserve_floats(super().__sklearn_tags__())


def float_dtype(X: np.ndarray) -> np.dtype:
    """Return the dtype to compute samples in.

    Parameters
    ----------
    X : ndarray
        Samples.

    Returns
    -------
    dtype
        float32 if it represents all numbers of X's dtype exactly, else float64.

    Examples
    --------
    >>> float_dtype(np.zeros(3, np.uint8))
    dtype('float32')
    """
    return np.result_type(X.dtype, np.float32)


def _in_blocks(function: Callable[[np.ndarray], np.ndarray], X: np.ndarray, features: int) -> np.ndarray:
    """Apply a function to the samples X, block by block so that float64 fits in the cache; returns (n, features)."""
    out = np.empty((len(X), features), float_dtype(X))
    for start in range(0, len(X), BLOCK):
        out[start : start + BLOCK] = function(X[start : start + BLOCK])
    return out


def _sample_indices(weights: np.ndarray, rng: np.random.Generator | np.random.RandomState) -> np.ndarray:
    """The indices of up to PCA_SAMPLES random samples whose weights are not 0."""
    return rng.permutation(np.flatnonzero(weights))[:PCA_SAMPLES]


def _preserve_floats(tags: Any) -> Any:
    """scikit-learn's tags of a transformer that returns float32 for float32."""
    tags.transformer_tags.preserves_dtype = ["float64", "float32"]
    return tags
