"""MLPClassifier: a multi-layer perceptron on nn, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from classifiers import errors, training
from classifiers.preprocessing import learn_standardisation
from classifiers.training import Augment
from nn import CrossEntropyLoss, Dropout, HingeLoss, Linear, Module, ReLU, Sequential, Sigmoid, Tanh
from nn.optim import SGD, AdamW, Optimizer
from nn.schedules import OneCycle

if TYPE_CHECKING:
    from typing import Self

ACTIVATIONS: dict[str, type[Module]] = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}
LOSSES: dict[str, type[Module]] = {"cross_entropy": CrossEntropyLoss, "hinge": HingeLoss}
OPTIMIZERS = ("adamw", "sgd")
STEPS = 2000  # that an optimiser needs at least to come to something; small training sets get more epochs for it


def _has_probabilities(estimator: MLPClassifier) -> bool:
    if estimator.loss != "cross_entropy":
        raise AttributeError(errors.NO_PROBABILITIES.format(loss=estimator.loss))
    return True


class MLPClassifier(ClassifierMixin, BaseEstimator):
    """A multi-layer perceptron, trained on mini-batches with a one-cycle learning rate.

    hidden_layer_sizes  neurons of each hidden layer, or a number for a single one; () for a linear classifier
    activation          "relu", "sigmoid" or "tanh", after each hidden layer
    loss                "cross_entropy" (softmax) or "hinge" (multiclass SVM, margin 1)
    dropout             the share of each hidden layer's outputs that is dropped in training
    optimizer           "adamw" or "sgd" (with momentum)
    learning_rate       the peak of the one-cycle schedule
    momentum            of SGD
    weight_decay        of the optimiser
    augment             what changes each training batch: a function of (X, rng) such as augmentation.mirror, or None
    epochs              passes over the training set; where None, 10, or as many as it takes to make 2,000 steps
    batch_size          samples in a step
    standardize         whether to standardise each feature by mean and deviation of the training set
    random_state        seed of initialisation, shuffling and dropout: the same seed gives the same weights
    verbose             show progress

    Learned by `fit`: classes_, n_features_in_, model_ (an nn.Sequential), scaler_ (the StandardScaler, or None),
    history_ (a training.Epoch for each epoch).

    X is computed in float32 where that holds its numbers exactly (uint8, int16, float32 ...), else in float64.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] | int = (512,),
        *,
        activation: str = "relu",
        loss: str = "cross_entropy",
        dropout: float = 0.0,
        optimizer: str = "adamw",
        learning_rate: float = 1.5e-3,
        momentum: float = 0.9,
        weight_decay: float = 1e-2,
        augment: Augment | None = None,
        epochs: int | None = None,
        batch_size: int = 256,
        standardize: bool = True,
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.dropout = dropout
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.augment = augment
        self.epochs = epochs
        self.batch_size = batch_size
        self.standardize = standardize
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any, *, X_val: Any = None, y_val: Any = None) -> Self:
        """Train on X (n, features) and y (n,).

        X_val, y_val  samples to measure after each epoch, for `history_`; never trained on
        """
        fitted = copy(self)  # so that a fit that fails leaves this estimator as it was
        fitted._fit(X, y, X_val, y_val)
        self.__dict__.update(fitted.__dict__)
        return self

    def _fit(self, X: Any, y: Any, X_val: Any, y_val: Any) -> None:
        self._check_settings()
        X, y = self._validated(X, y, ensure_min_samples=0)
        if not len(X):
            raise ValueError(errors.EMPTY.format(shape=X.shape))
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        validation = self._check_validation(X_val, y_val)

        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        self._dtype = np.result_type(X.dtype, np.float32)
        self.scaler_ = learn_standardisation(X, self._dtype) if self.standardize else None
        self.model_ = self._build(rng)
        optimizer = self._build_optimizer()
        batch_size = min(self.batch_size, len(X))
        steps_an_epoch = -(-len(X) // batch_size)
        epochs = self.epochs or max(10, -(-STEPS // steps_an_epoch))
        self.history_ = training.train(
            self.model_,
            LOSSES[self.loss](),
            optimizer,
            OneCycle(optimizer, total_steps=epochs * steps_an_epoch),
            (X, labels),
            prepare=self._prepare,
            augment=self.augment,
            epochs=epochs,
            batch_size=batch_size,
            rng=rng,
            validation=validation,
            verbose=self.verbose,
        )

    def decision_function(self, X: Any) -> np.ndarray:
        """The scores (n, classes) of X (n, features); for two classes their difference (n,), as scikit-learn has it."""
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> np.ndarray:
        """The class (n,) with the highest score for each sample of X (n, features)."""
        best = self._scores(X).argmax(axis=1)
        return self.classes_[best]

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> np.ndarray:
        """The probabilities (n, classes) of the classes, the softmax of the scores; with loss="cross_entropy" alone."""
        scores = self._scores(X)
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def _scores(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        X = self._validated(X, reset=False)
        return training.predict_scores(self.model_, X, self._prepare)

    def _validated(self, X: Any, *y: Any, **options: Any) -> Any:
        """scikit-learn's check of X, and of y if it is given; NaN is refused with the place where it stands."""
        data = validate_data(self, X, *y, ensure_all_finite=False, **options)
        _check_finite(data[0] if y else data)
        return data

    def _prepare(self, X: np.ndarray) -> np.ndarray:
        X = X.astype(self._dtype)
        return self.scaler_.transform(X) if self.scaler_ else X

    def _build(self, rng: np.random.Generator) -> Sequential:
        sizes = [self.n_features_in_, *_sizes(self.hidden_layer_sizes)]
        layers: list[Module] = []
        for inputs, outputs in pairwise(sizes):
            layers += [Linear(inputs, outputs, rng=rng, dtype=self._dtype), ACTIVATIONS[self.activation]()]
            if self.dropout:
                layers.append(Dropout(self.dropout, rng=rng))
        return Sequential(*layers, Linear(sizes[-1], len(self.classes_), rng=rng, dtype=self._dtype))

    def _build_optimizer(self) -> Optimizer:
        parameters = self.model_.parameters()
        if self.optimizer == "sgd":
            return SGD(parameters, lr=self.learning_rate, momentum=self.momentum, weight_decay=self.weight_decay)
        return AdamW(parameters, lr=self.learning_rate, weight_decay=self.weight_decay)

    def _check_settings(self) -> None:
        choices: tuple[tuple[str, str, Collection[str]], ...] = (
            ("activation", self.activation, ACTIVATIONS),
            ("loss", self.loss, LOSSES),
            ("optimizer", self.optimizer, OPTIMIZERS),
        )
        for what, came, known in choices:
            if came not in known:
                raise ValueError(errors.CHOICE.format(what=what, came=came, known=", ".join(known)))
        if not _all_positive(_sizes(self.hidden_layer_sizes)):
            expected = "positive whole numbers in a tuple"
            what = "hidden_layer_sizes"
            raise ValueError(errors.SETTING.format(what=what, came=self.hidden_layer_sizes, expected=expected))
        for what in ("epochs", "batch_size"):
            came = getattr(self, what)
            if not _all_positive((came,)) and not (what == "epochs" and came is None):
                raise ValueError(errors.SETTING.format(what=what, came=came, expected="a positive whole number"))

    def _check_validation(self, X_val: Any, y_val: Any) -> training.Samples | None:
        """The validation samples, their labels as indices of `classes_`."""
        if X_val is None and y_val is None:
            return None
        if X_val is None or y_val is None:
            raise ValueError(errors.VALIDATION_PAIR.format(came="y_val" if X_val is None else "X_val"))
        X, y = self._validated(X_val, y_val, reset=False)
        unseen = np.setdiff1d(y, self.classes_)
        if unseen.size:
            raise ValueError(errors.UNSEEN_LABELS.format(unseen=unseen.tolist(), known=self.classes_.tolist()))
        return X, np.searchsorted(self.classes_, y)


def _sizes(hidden_layer_sizes: Any) -> Any:
    return (hidden_layer_sizes,) if np.ndim(hidden_layer_sizes) == 0 else hidden_layer_sizes


def _all_positive(sizes: Any) -> bool:
    return (
        isinstance(sizes, Sequence)
        and not isinstance(sizes, str)
        and all(isinstance(size, (int, np.integer)) and size >= 1 for size in sizes)
    )


def _check_finite(X: np.ndarray) -> None:
    if X.dtype.kind == "f":
        wrong = ~np.isfinite(X)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise ValueError(errors.NOT_FINITE.format(row=row, column=column, count=np.count_nonzero(wrong)))
