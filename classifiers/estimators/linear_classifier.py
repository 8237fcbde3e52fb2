"""LinearClassifier: scores f(x, W) = Wx + b, learned by gradient descent on the softmax or the hinge loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any, cast

import numpy as np
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers.estimators import settings
from classifiers.estimators.base import NNClassifier
from classifiers.estimators.linear_base import LinearEstimator
from nn import Linear, Module
from nn.optim import Optimizer
from nn.optim.base import SETTINGS
from nn.schedules import Schedule
from nn.training.callbacks import Callback
from nn.validation import check_number


class LinearClassifier(NNClassifier, LinearEstimator):
    """Linear classifier: a score for each class, f(x, W) = Wx + b, learned by gradient descent.

    Parameters
    ----------
    loss : {"softmax", "cross_entropy", "hinge", "squared_hinge"} or Module, default "softmax"
        The loss: softmax cross-entropy (under either name), the multiclass SVM's hinge loss with margin 1 or its
        square, or a loss of nn.
    penalty : {"l2", "l1"} or None, default "l2"
        The penalty R(W) over the weights of the standardised features: "l2" is Σ W², "l1" is Σ |W|.
    alpha : float, default 1e-4
        The factor λ of the penalty, at least 0.
    batch_size : int or None, default 256
        Samples per step: 1 is stochastic gradient descent, None (all) is batch gradient descent, and anything between
        is mini-batch gradient descent.
    optimizer : {"sgd", "adamw", "adam", "rmsprop"} or callable, default "sgd"
        The optimiser, or a function of (parameters, lr=) such as a class of nn.optim.
    learning_rate : float or None, default None
        The learning rate, which the schedule multiplies by its factor. None chooses a rate that suits "sgd" on these
        features (see Notes), and 0.01 for other optimisers.
    momentum : float, default 0.9
        The momentum of "sgd" and "rmsprop".
    schedule : {"cosine", "constant", "step", "plateau", "one_cycle"} or callable, default "cosine"
        The schedule of the learning rate ("step" multiplies it by 0.1 after each third of the steps), or a function of
        (optimizer, total_steps).
    epochs : int or None, default None
        Passes over the training set. None means 10, or as many as make 2,000 steps.
    standardize : bool, default True
        Whether to standardise each feature by its mean and standard deviation in the training set.
    class_weight : dict, "balanced" or None, default None
        The weight of each class's samples; "balanced" gives all classes the same total weight.
    callbacks : sequence of Callback, default ()
        Callbacks of the training run, such as callbacks.EarlyStopping().
    random_state : int, RandomState or None, default None
        Seed of the initialisation and the shuffling. The same seed gives the same weights on one machine,
        bit for bit if BLAS uses the same number of threads.
    verbose : bool, default False
        Whether to show progress.

    Attributes
    ----------
    classes_ : ndarray, shape (classes,)
        The classes, sorted.
    n_features_in_ : int
        The number of features.
    coef_ : ndarray, shape (classes, features)
        W for the original features: a row of weights, a template, for each class.
    intercept_ : ndarray, shape (classes,)
        b for the original features.
    templates_ : ndarray, shape (classes, features)
        W for the standardised features, as `plots.templates` draws it.
    model_ : Sequential
        The model, which expects the original features.
    history_ : list of Epoch
        The measures of each epoch.
    loss_curve_, validation_loss_curve_, validation_scores_ : list of float
        Measures from `history_`, one for each epoch. Those of the validation samples are None without any.
    n_iter_ : int
        The number of epochs trained.

    Notes
    -----
    The objective is the mean loss of the samples + alpha · R(W) (CS231n, "Linear classification").

    The default learning rate of "sgd" is 1 / 𝓛 with the expected smoothness 𝓛 of half the squared error (Gower and
    others 2019, "SGD: general analysis and improved rates"); the cross-entropy of the softmax curves at most half as
    much (Böhning 1992, "Multinomial logistic regression algorithm").

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import LinearClassifier
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])
    >>> model = LinearClassifier(epochs=50, random_state=0).fit(X, ["left", "left", "right", "right"])
    >>> print(model.predict([[1.0, 0.5], [3.0, 0.5]]))
    ['left' 'right']
    """

    def __init__(
        self,
        *,
        loss: str | Module = "softmax",
        penalty: str | None = "l2",
        alpha: float = 1e-4,
        batch_size: int | None = 256,
        optimizer: str | Callable[..., Optimizer] = "sgd",
        learning_rate: float | None = None,
        momentum: float = 0.9,
        schedule: str | Callable[[Optimizer, int], Schedule] = "cosine",
        epochs: int | None = None,
        standardize: bool = True,
        class_weight: Mapping[Any, float] | str | None = None,
        callbacks: Sequence[Callback] = (),
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.loss = loss
        self.penalty = penalty
        self.alpha = alpha
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.schedule = schedule
        self.epochs = epochs
        self.standardize = standardize
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    _checks = {
        **NNClassifier._checks,
        **LinearEstimator._checks,
        "penalty": settings.penalty_function,
        "alpha": partial(check_number, float, at_least=0, below=inf),
        "momentum": SETTINGS["momentum"],
    }
    smoothness_factor = 1.0  # the cross-entropy of the softmax curves at most half as much as squares (Böhning 1992)

    @property
    def templates_(self) -> np.ndarray:
        """W (classes, features) for the standardised features, as `plots.templates` draws it."""
        check_is_fitted(self)
        return cast(Linear, self.model_[-1]).weight.data

    @property
    def coef_(self) -> np.ndarray:
        """W (classes, features) for the original features: a row of weights, a template, for each class."""
        return self._folded_linear().weight.data

    @property
    def intercept_(self) -> np.ndarray:
        """The biases b (classes,) for the original features."""
        return cast(Tensor, self._folded_linear().bias).data

    def _n_outputs(self) -> int:
        return len(self.classes_)

    def _build_loss(self) -> Module:
        return settings.loss_factory(f"{self._name}: loss", self.loss)()

    def _training_options(self, epochs: int) -> dict[str, Any]:
        options = super()._training_options(epochs)
        if self.penalty and self.alpha:
            options["penalty"] = partial(_scaled_penalty, self.alpha, settings.PENALTIES[self.penalty])
        return options


def _scaled_penalty(alpha: float, penalty: Callable[[Module], Tensor], model: Module) -> Tensor:
    """alpha · R(W); not a lambda, so that an estimator after partial_fit can be pickled."""
    return alpha * penalty(model)
