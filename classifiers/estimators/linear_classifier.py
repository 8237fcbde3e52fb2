"""LinearClassifier: f(x, W) = Wx + b by gradient descent, with hinge or softmax loss, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any, cast

import numpy as np
from sklearn.utils.validation import check_is_fitted

from autograd import Tensor
from classifiers.estimators import settings as choices
from classifiers.estimators.base import NetworkClassifier
from classifiers.estimators.linear_base import Affine
from nn import Linear, Module
from nn.training.callbacks import Callback
from nn.validation import check_choice, check_number


class LinearClassifier(NetworkClassifier, Affine):
    """A score for each class that is linear in the features, f(x, W) = Wx + b, learned by gradient descent.

    CS231n, "Linear classification"; the objective is the mean loss of the samples + alpha · R(W).

    loss           "softmax" (cross-entropy), "hinge" (multiclass SVM, margin 1), "squared_hinge", or a loss of nn
    penalty        R(W): "l2", Σ W², or "l1", Σ |W|, over the weights of the standardised features; None for none
    alpha          λ, how much the penalty counts
    batch_size     samples in a step: 1 is stochastic gradient descent, None (all samples) batch gradient descent, and
                   what lies between is mini-batch gradient descent
    optimizer      "sgd", "adamw", "adam", "rmsprop", or a function of (parameters, lr=) such as one of nn.optim
    learning_rate  of the optimiser, where the schedule has its factor 1; where None, one that suits "sgd" on such
                   features (affine.expected_curvature), or 0.01 for other optimisers
    momentum       of "sgd" and "rmsprop"
    schedule       of the learning rate: "constant", "cosine", "step" (a tenth after each third), "plateau",
                   "one_cycle", or a function of (optimizer, total_steps)
    epochs         passes over the training set; where None, 10, or as many as it takes to make 2,000 steps
    standardize    whether to standardise each feature by mean and deviation of the training set
    class_weight   a dict class -> what its samples count, "balanced" for the same for each class, or None
    callbacks      what is called as the training goes, such as callbacks.EarlyStopping()
    random_state   seed of initialisation and shuffling: the same seed gives the same weights
    verbose        show progress

    Learned by `fit`: classes_, n_features_in_, coef_ and intercept_, model_ (an nn.Sequential that takes X as it is),
    history_ (a history.Epoch for each epoch), loss_curve_, validation_loss_curve_, validation_scores_, n_iter_.
    The weights of a linear model over images are pictures: `plots.templates(classifier)`.
    """

    def __init__(
        self,
        *,
        loss: str | Module = "softmax",
        penalty: str | None = "l2",
        alpha: float = 1e-4,
        batch_size: int | None = 256,
        optimizer: str | Callable = "sgd",
        learning_rate: float | None = None,
        momentum: float = 0.9,
        schedule: str | Callable = "cosine",
        epochs: int | None = None,
        standardize: bool = True,
        class_weight: Mapping | str | None = None,
        callbacks: Sequence[Callback] = (),
        random_state: Any = None,
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

    curved = 1.0  # as softmax and the cross-entropy curve half as much as squares (Böhning 1992)

    @property
    def templates_(self) -> np.ndarray:
        """W (classes, features) as it was learned, of the standardised features: what `plots.templates` draws."""
        check_is_fitted(self)
        return cast(Linear, self.model_[-1]).weight.data

    @property
    def coef_(self) -> np.ndarray:
        """W (classes, features), of the features as they are: a row of weights, a template, for each class."""
        return self._folded().weight.data

    @property
    def intercept_(self) -> np.ndarray:
        """b (classes,)."""
        return self._folded().bias.data

    def _check_settings(self) -> None:
        super()._check_settings()
        check_number(float, f"{self._name}: alpha", self.alpha, at_least=0, below=inf)
        if self.penalty is not None:
            check_choice(f"{self._name}: penalty", self.penalty, choices.PENALTIES, other="None")
        choices.loss(self._name, self.loss)

    def _count_outputs(self) -> int:
        return len(self.classes_)

    def _build_loss(self) -> Module:
        return choices.loss(self._name, self.loss)()

    def _training_options(self, epochs: int) -> dict[str, Any]:
        penalty = partial(_times, self.alpha, choices.PENALTIES[self.penalty]) if self.penalty and self.alpha else None
        return {**super()._training_options(epochs), "penalty": penalty}


def _times(alpha: float, penalty: Callable[[Module], Tensor], model: Module) -> Tensor:
    """alpha · R(W); no lambda, so that an estimator that goes on with partial_fit can be pickled."""
    return alpha * penalty(model)
