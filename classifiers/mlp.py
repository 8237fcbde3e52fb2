"""MLPClassifier: a multi-layer perceptron on nn, as a scikit-learn estimator."""

from __future__ import annotations

import os
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

from classifiers import errors, preprocessing
from classifiers.augmentation import Augment
from classifiers.callbacks import Callback
from classifiers.evaluation import Samples, predict_scores
from classifiers.training import Training, batches
from nn import BatchNorm1d, CrossEntropyLoss, Dropout, HingeLoss, Linear, Module, ReLU, Sequential, Sigmoid, Tanh
from nn.optim import SGD, AdamW, Optimizer
from nn.schedules import OneCycle

if TYPE_CHECKING:
    from typing import Self

ACTIVATIONS: dict[str, type[Module]] = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}
LOSSES = ("cross_entropy", "hinge")
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
    batch_norm          whether to normalise each hidden layer's sums over the batch, before the activation
    label_smoothing     the share of each label that is spread over all classes; with loss="cross_entropy" alone
    whiten              how many principal components of the standardised features to take as the input, scaled alike
                        (preprocessing.learn_whitening), or None to take the features themselves
    augment             what changes each training batch: a function of (X, rng) such as augmentation.mirror, or None
    epochs              passes over the training set; where None, 10, or as many as it takes to make 2,000 steps
    batch_size          samples in a step
    standardize         whether to standardise each feature by mean and deviation of the training set
    callbacks           what is called as the training goes, such as callbacks.EarlyStopping()
    random_state        seed of initialisation, shuffling and dropout: the same seed gives the same weights
    verbose             show progress

    Learned by `fit`: classes_, n_features_in_, model_ (an nn.Sequential that takes X as it is: preprocessing is its
    first layer, so that `nn.save` saves it too), history_ (a history.Epoch for each epoch).

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
        batch_norm: bool = False,
        label_smoothing: float = 0.0,
        whiten: int | None = None,
        augment: Augment | None = None,
        epochs: int | None = None,
        batch_size: int = 256,
        standardize: bool = True,
        callbacks: Sequence[Callback] = (),
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
        self.batch_norm = batch_norm
        self.label_smoothing = label_smoothing
        self.whiten = whiten
        self.augment = augment
        self.epochs = epochs
        self.batch_size = batch_size
        self.standardize = standardize
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        X_val: Any = None,
        y_val: Any = None,
        save_to: str | os.PathLike[str] | None = None,
        resume_from: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Train on X (n, features) and y (n,).

        X_val, y_val  samples to measure after each epoch, for `history_`; never trained on
        save_to       a file for checkpoints, written after each epoch and on Ctrl-C, which ends the fit and keeps what
                      was learned; two in a row are a KeyboardInterrupt, as is needed to end a search
        resume_from   such a file, of a training with the same settings and samples, to go on from
        """
        fitted = copy(self)  # so that a fit that fails leaves this estimator as it was
        fitted._fit(X, y, X_val, y_val, save_to=save_to, resume_from=resume_from)
        self.__dict__.update(fitted.__dict__)
        return self

    def _fit(self, X: Any, y: Any, X_val: Any, y_val: Any, *, save_to: Any, resume_from: Any) -> None:
        self._check_settings()
        X, y = self._validated(X, y, ensure_min_samples=0)
        if not len(X):
            raise ValueError(errors.EMPTY.format(shape=X.shape))
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        validation = self._check_validation(X_val, y_val)

        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        self.model_ = self._build(X, rng)
        optimizer = self._build_optimizer()
        batch_size = min(self.batch_size, len(X))
        steps_an_epoch = len(batches(len(X), batch_size))
        epochs = self.epochs or max(10, -(-STEPS // steps_an_epoch))
        training = Training(
            self.model_,
            self._build_loss(),
            optimizer,
            schedule=OneCycle(optimizer, total_steps=epochs * steps_an_epoch),
            batch_size=batch_size,
            augment=self.augment,
            callbacks=self.callbacks,
            rng=rng,
        )
        if resume_from is not None:
            training.resume(resume_from)
        self.history_ = training.run(
            (X, labels), epochs=epochs, validation=validation, save_to=save_to, verbose=self.verbose
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
        return predict_scores(self.model_, X)

    def _validated(self, X: Any, *y: Any, **options: Any) -> Any:
        """scikit-learn's check of X, and of y if it is given; NaN is refused with the place where it stands."""
        data = validate_data(self, X, *y, ensure_all_finite=False, **options)
        _check_finite(data[0] if y else data)
        return data

    def _build(self, X: np.ndarray, rng: np.random.Generator) -> Sequential:
        dtype = np.result_type(X.dtype, np.float32)
        model = preprocessing.learn(X, standardize=self.standardize, whiten=self.whiten, dtype=dtype, rng=rng)
        sizes = [self.whiten or self.n_features_in_, *_sizes(self.hidden_layer_sizes)]
        for inputs, outputs in pairwise(sizes):
            model.append(Linear(inputs, outputs, bias=not self.batch_norm, rng=rng, dtype=dtype))
            if self.batch_norm:  # whose own shift stands in for the bias
                model.append(BatchNorm1d(outputs, dtype=dtype))
            model.append(ACTIVATIONS[self.activation]())
            if self.dropout:
                model.append(Dropout(self.dropout, rng=rng))
        return model.append(Linear(sizes[-1], len(self.classes_), rng=rng, dtype=dtype))

    def _build_loss(self) -> Module:
        if self.loss == "cross_entropy":
            return CrossEntropyLoss(label_smoothing=self.label_smoothing)
        if self.label_smoothing:
            raise ValueError(errors.SMOOTHING.format(loss=self.loss, came=self.label_smoothing))
        return HingeLoss()

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
            if not isinstance(came, str) or came not in known:
                raise ValueError(errors.CHOICE.format(what=what, came=came, known=", ".join(known)))
        if not _all_positive(_sizes(self.hidden_layer_sizes)):
            expected = "positive whole numbers in a tuple"
            what = "hidden_layer_sizes"
            raise ValueError(errors.SETTING.format(what=what, came=self.hidden_layer_sizes, expected=expected))
        Dropout(self.dropout)  # which says what is wrong with it before the preprocessing is learned
        for what in ("epochs", "batch_size", "whiten"):
            came = getattr(self, what)
            if not _all_positive((came,)) and not (what != "batch_size" and came is None):
                raise ValueError(errors.SETTING.format(what=what, came=came, expected="a positive whole number"))

    def _check_validation(self, X_val: Any, y_val: Any) -> Samples | None:
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
