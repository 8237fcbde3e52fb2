"""LinearRegressor: gradient descent on the cost J(θ), with the path of θ and the closed form to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers.estimators.linear_base import LinearEstimator
from nn import Linear, Module, MSELoss, Sequential
from nn.optim import Optimizer
from nn.schedules import Schedule
from nn.training.callbacks import Callback
from nn.validation import check_flag

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike

    from nn.training import Run


class Cost(MSELoss):
    """The cost J(θ) = 1/(2m) Σ (h(x) − y)² over the m samples of a batch: half the mean squared error."""

    def forward(self, predictions: Tensor, targets: ArrayLike, sample_weight: ArrayLike | None = None) -> Tensor:
        return super().forward(predictions, targets, sample_weight) * 0.5


class LinearRegressor(RegressorMixin, LinearEstimator):
    """Linear regression h(x) = θ₀ + θ₁x₁ + … + θₙxₙ by gradient descent on J(θ) = 1/(2m) Σ (h(x) − y)².

    Parameters
    ----------
    batch_size : int or None, default None
        Samples per step: None (all) is batch gradient descent, 1 is stochastic gradient descent, and anything between
        is mini-batch gradient descent.
    learning_rate : float or None, default None
        The rate of each step θ ← θ − rate · ∇J(θ). None chooses a rate that is sure to descend (see Notes).
    schedule : {"constant", "cosine", "step", "plateau", "one_cycle"} or callable, default "constant"
        The schedule of the learning rate ("step" multiplies it by 0.1 after each third of the steps), or a function of
        (optimizer, total_steps).
    optimizer : {"sgd", "adamw", "adam", "rmsprop"} or callable, default "sgd"
        The optimiser ("sgd" without momentum), or a function of (parameters, lr=) such as a class of nn.optim.
    epochs : int or None, default None
        Passes over the training set. None means 10, or as many as make 2,000 steps.
    standardize : bool, default True
        Whether to standardise each feature by its mean and standard deviation in the training set. Gradient descent
        then descends a round bowl instead of a narrow valley.
    keep_path : bool, default False
        Whether to keep θ after each step, in `path_`.
    callbacks : sequence of Callback, default ()
        Callbacks of the training run, such as callbacks.EarlyStopping(watch="loss").
    random_state : int, RandomState or None, default None
        Seed of the shuffling. The same seed gives the same θ, with the same number of BLAS threads.
    verbose : bool, default False
        Whether to show progress.

    Attributes
    ----------
    theta_ : ndarray, shape (features + 1,)
        θ, with θ₀ first, for the features that the descent works on: standardised or not.
    path_ : ndarray, shape (steps + 1, features + 1)
        θ before the first step and after each step, with keep_path=True.
    coef_ : ndarray, shape (features,)
        θ₁ … θₙ for the original features.
    intercept_ : float
        θ₀ for the original features.
    n_features_in_ : int
        The number of features.
    model_ : Sequential
        The model, which expects the original features.
    history_ : list of Epoch
        The measures of each epoch.
    loss_curve_, validation_loss_curve_ : list of float
        J of each epoch, from `history_`. The latter is None without validation samples.
    n_iter_ : int
        The number of epochs trained.

    Notes
    -----
    The default learning rate of "sgd" is 1 / (2𝓛) with the expected smoothness 𝓛: for batch descent the largest
    curvature of J, for stochastic descent that of a single sample's J, and between the two for mini-batches. Source:
    Gower and others 2019, "SGD: general analysis and improved rates". Other optimisers use 0.01.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import LinearRegressor
    >>> X = np.array([[0.0], [1.0], [2.0]])
    >>> model = LinearRegressor(epochs=200).fit(X, [1.0, 3.0, 5.0])
    >>> print(model.coef_.round(3), round(model.intercept_, 3))
    [2.] 1.0
    """

    def __init__(
        self,
        *,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        schedule: str | Callable[[Optimizer, int], Schedule] = "constant",
        optimizer: str | Callable[..., Optimizer] = "sgd",
        epochs: int | None = None,
        standardize: bool = True,
        keep_path: bool = False,
        callbacks: Sequence[Callback] = (),
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.optimizer = optimizer
        self.epochs = epochs
        self.standardize = standardize
        self.keep_path = keep_path
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    _checks = {**LinearEstimator._checks, "keep_path": check_flag}

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the target of each sample.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.

        Returns
        -------
        ndarray, shape (n,)
            h(x) of each sample.
        """
        return self._predict_outputs(X)[:, 0]

    def cost(self, theta: ArrayLike, X: ArrayLike, y: ArrayLike) -> np.ndarray:
        """Compute the cost J(θ) of one θ or several.

        Parameters
        ----------
        theta : array-like, shape (features + 1,) or (m, features + 1)
            θ, with θ₀ first, in the units of `theta_`.
        X : array-like, shape (n, features)
            Samples.
        y : array-like, shape (n,)
            Their targets.

        Returns
        -------
        float64, or ndarray of float64 with shape (m,)
            J of each θ.

        Raises
        ------
        ValueError
            If `theta` has another shape.
        """
        design, y = self._design_and_targets(X, y)
        theta = np.asarray(theta, dtype=float)
        size = design.shape[1]
        if theta.ndim not in (1, 2) or theta.shape[-1] != size:
            raise ValueError(
                f"{self._name}.cost expected theta of shape ({size},) or (m, {size}), θ₀ first, got shape "
                f"{theta.shape}; pass {size} numbers for each θ"
            )
        return ((theta @ design.T - y) ** 2).mean(axis=-1) / 2

    def closed_form(self, X: ArrayLike, y: ArrayLike) -> np.ndarray:
        """Compute the θ with the least cost directly, by least squares.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.
        y : array-like, shape (n,)
            Their targets.

        Returns
        -------
        ndarray of float64, shape (features + 1,)
            θ, with θ₀ first, in the units of `theta_`. If several θ have the least cost, as with more features than
            samples, the one with the smallest norm.
        """
        return np.linalg.lstsq(*self._design_and_targets(X, y), rcond=None)[0]

    def _design_and_targets(self, X: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """The design matrix of X, and y (n,) in float64."""
        check_is_fitted(self)
        samples, targets = self._validate(X, y, reset=False)
        return self._design_matrix(samples), targets.astype(float)

    @property
    def coef_(self) -> np.ndarray:
        """θ₁ … θₙ (features,) for the original features."""
        return self._folded_linear().weight.data[0]

    @property
    def intercept_(self) -> float:
        """θ₀ for the original features."""
        return float(cast(Tensor, self._folded_linear().bias).data[0])

    @property
    def theta_(self) -> np.ndarray:
        """θ (features + 1,), with θ₀ first, for the features that the descent works on."""
        check_is_fitted(self)
        return _theta(self.model_)

    def _fit(self, **samples_and_files: Any) -> None:
        self._path = _PathRecorder() if self.keep_path else None
        super()._fit(**samples_and_files)
        self.__dict__.pop("path_", None)
        if self._path:
            self.path_ = np.array(self._path.thetas)
        self._path = None

    def _fit_targets(self, y: np.ndarray) -> np.ndarray:
        return self._encode_targets(y)

    def _encode_targets(self, y: np.ndarray, name: str = "y_val") -> np.ndarray:
        return y.astype(float)[:, None]

    def _build_loss(self) -> Module:
        return Cost()

    def _dtype(self, X: np.ndarray) -> DTypeLike:
        return np.float32 if X.dtype in (np.float16, np.float32) else np.float64  # targets may be large

    def _training_options(self, epochs: int) -> dict[str, Any]:
        options = super()._training_options(epochs)
        return {**options, "callbacks": [*options["callbacks"], self._path]} if self._path else options


def _theta(model: Sequential) -> np.ndarray:
    linear = cast(Linear, model[-1])
    return np.concatenate([cast(Tensor, linear.bias).data, linear.weight.data[0]])


class _PathRecorder(Callback):
    """Records θ before the first step and after each step."""

    def on_start(self, training: Run) -> None:
        self.thetas = [_theta(cast(Sequential, training.model))]

    def on_step(self, training: Run) -> None:
        self.thetas.append(_theta(cast(Sequential, training.model)))
