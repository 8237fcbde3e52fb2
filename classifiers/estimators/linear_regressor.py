"""LinearRegressor: J(θ) of the slides by gradient descent, with the path of θ, beside the closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers import errors
from classifiers.estimators.linear_base import Affine
from nn import Module, MSELoss
from nn.training.callbacks import Callback
from nn.validation import check_flag

if TYPE_CHECKING:
    from nn.training.loop import Training


class Cost(MSELoss):
    """J(θ) = 1/(2m) Σ (h(x) − y)² over the m samples of a batch: half the mean squared error, as on the slides."""

    def forward(self, predictions: Tensor, targets: Any, sample_weight: Any = None) -> Tensor:
        return super().forward(predictions, targets, sample_weight) * 0.5


class LinearRegressor(RegressorMixin, Affine):
    """h(x) = θ₀ + θ₁x₁ + … + θₙxₙ, by gradient descent on J(θ) = 1/(2m) Σ (h(x) − y)².

    batch_size     samples in a step: None (all) is batch gradient descent, 1 stochastic, what lies between mini-batch
    learning_rate  of each step θ ← θ − rate · ∇J(θ); where None, one that descends for sure: 1 / (2𝓛), with 𝓛 between
                   the largest curvature of J (batch) and that of a single sample (stochastic), as batch_size has it
                   (affine.expected_curvature)
    schedule       of the learning rate: "constant", "cosine", "step" (a tenth after each third), "plateau",
                   "one_cycle", or a function of (optimizer, total_steps)
    optimizer      "sgd" (without momentum), "adamw", "adam", "rmsprop", or a function of (parameters, lr=)
    epochs         passes over the training set; where None, 10, or as many as it takes to make 2,000 steps
    standardize    whether to standardise each feature by mean and deviation of the training set, in which gradient
                   descent comes down a round bowl rather than a narrow valley
    keep_path      whether to keep θ after each step, in `path_`
    callbacks      what is called as the training goes, such as callbacks.EarlyStopping(watch="loss")
    random_state   seed of shuffling: the same seed gives the same θ
    verbose        show progress

    Learned by `fit`: theta_ (features + 1,), θ₀ first, for the features as the descent sees them, standardised or not;
    path_ (steps + 1, features + 1), with keep_path; coef_ (features,) and intercept_, for the features as they are;
    n_features_in_, model_, history_, loss_curve_ (J of each epoch), validation_loss_curve_, n_iter_.
    """

    def __init__(
        self,
        *,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        schedule: str | Callable = "constant",
        optimizer: str | Callable = "sgd",
        epochs: int | None = None,
        standardize: bool = True,
        keep_path: bool = False,
        callbacks: Sequence[Callback] = (),
        random_state: Any = None,
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

    def predict(self, X: Any) -> np.ndarray:
        """h(x) (n,) for each sample of X (n, features)."""
        return self._outputs(X)[:, 0]

    def cost(self, theta: Any, X: Any, y: Any) -> np.ndarray:
        """J(θ) over X (n, features) and y (n,): a number for theta (features + 1,), or (m,) for (m, features + 1)."""
        design, y = self._known(X, y)
        theta = np.asarray(theta, dtype=float)
        if theta.ndim not in (1, 2) or theta.shape[-1] != design.shape[1]:
            raise ValueError(errors.THETA.format(size=design.shape[1], got=theta.shape))
        return ((theta @ design.T - y) ** 2).mean(axis=-1) / 2

    def closed_form(self, X: Any, y: Any) -> np.ndarray:
        """The θ (features + 1,) with the least J(θ), by least squares instead of descent, in the units of theta_.

        Where many have it, as with more features than samples, the smallest of these.
        """
        return np.linalg.lstsq(*self._known(X, y), rcond=None)[0]

    def _known(self, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """The design of X, and y (n,) in float64."""
        check_is_fitted(self)
        X, y = self._validated(X, y, reset=False)
        return self._design(X), y.astype(float)

    @property
    def coef_(self) -> np.ndarray:
        """θ₁ … θₙ (features,) for the features as they are."""
        return self._folded().weight.data[0]

    @property
    def intercept_(self) -> float:
        """θ₀ for the features as they are."""
        return float(self._folded().bias.data[0])

    @property
    def theta_(self) -> np.ndarray:
        """θ (features + 1,), θ₀ first, for the features as the descent sees them."""
        check_is_fitted(self)
        return _theta(self.model_)

    def _fit(self, *samples: Any, **files: Any) -> None:
        self._path = _Path() if self.keep_path else None
        super()._fit(*samples, **files)
        self.__dict__.pop("path_", None)
        if self._path:
            self.path_ = np.array(self._path.thetas)
        self._path = None

    def _check_settings(self) -> None:
        super()._check_settings()
        check_flag(f"{self._name}: keep_path", self.keep_path)

    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        return self._known_targets(y)

    def _known_targets(self, y: np.ndarray, what: str = "y_val") -> np.ndarray:
        return y.astype(float)[:, None]

    def _build_loss(self) -> Module:
        return Cost()

    def _dtype(self, X: np.ndarray) -> Any:
        return np.float32 if X.dtype in (np.float16, np.float32) else np.float64  # as targets may be large

    def _training_options(self, epochs: int) -> dict[str, Any]:
        options = super()._training_options(epochs)
        return {**options, "callbacks": [*options["callbacks"], self._path]} if self._path else options


def _theta(model: Any) -> np.ndarray:
    linear = model[-1]
    return np.concatenate([linear.bias.data, linear.weight.data[0]])


class _Path(Callback):
    """θ before the first step and after each."""

    def on_start(self, training: Training) -> None:
        self.thetas = [_theta(training.model)]

    def on_step(self, training: Training) -> None:
        self.thetas.append(_theta(training.model))
