"""MLPClassifier: a multi-layer perceptron on nn, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from classifiers import errors, preprocessing
from classifiers.estimators import settings as choices
from classifiers.estimators.base import NetworkClassifier
from nn import BatchNorm1d, Dropout, Linear, Module, Sequential
from nn.training.batches import Augment
from nn.training.callbacks import Callback, EarlyStopping
from nn.validation import check_flag, check_number


class MLPClassifier(NetworkClassifier):
    """A multi-layer perceptron, trained on mini-batches.

    hidden_layer_sizes   neurons of each hidden layer, or a number for a single one; () for a linear classifier
    activation           after each hidden layer: "relu", "leaky_relu", "sigmoid", "tanh", or a module of nn, which may
                         be your own; or a list of these, one for each hidden layer
    loss                 "cross_entropy" (softmax), "hinge" (multiclass SVM, margin 1), "squared_hinge", or a loss of
                         nn, which may be your own module of (scores, labels)
    dropout              the share of each hidden layer's outputs that is dropped in training, or a list, one for each
    optimizer            "adamw", "adam", "rmsprop", "sgd", or a function of (parameters, lr=) such as an optimiser of
                         nn.optim, or partial(nn.optim.SGD, momentum=0.8, nesterov=True)
    learning_rate        of the optimiser, where the schedule has its factor 1: the peak of "one_cycle"
    schedule             of the learning rate: "one_cycle", "cosine", "step" (a tenth after each third), "plateau",
                         "constant", or a function of (optimizer, total_steps)
    momentum             of "sgd" and "rmsprop"
    weight_decay         of the optimisers by name
    batch_norm           whether to normalise each hidden layer's sums over the batch, before the activation
    label_smoothing      the share of each label that is spread over all classes; with the cross-entropy alone
    whiten               how many principal components of the standardised features to take as the input, scaled alike
                         (preprocessing.learn_whitening), or None to take the features themselves
    augment              what changes each training batch: a function of (X, rng) such as augmentation.Mirror(), or None
    epochs               passes over the training set; where None, 10, or as many as it takes to make 2,000 steps
    batch_size           samples in a step; None for all
    standardize          whether to standardise each feature by mean and deviation of the training set
    early_stopping       whether to stop where the loss on held-out samples no longer gets better, and to keep the best
                         weights: on X_val where it is given, else on a share of the training set
    validation_fraction  that share
    n_iter_no_change     how many epochs without an improvement it waits for; where None, a tenth of the epochs, or 10
    class_weight         a dict class -> what its samples count, "balanced" for the same for each class, or None
    callbacks            what is called as the training goes, such as callbacks.EarlyStopping()
    random_state         seed of initialisation, shuffling and dropout: the same seed gives the same weights
    verbose              show progress

    Learned by `fit`: classes_, n_features_in_, model_ (an nn.Sequential that takes X as it is: preprocessing is its
    first layer, so that `nn.save` saves it too), history_ (a history.Epoch for each epoch), and of it loss_curve_,
    validation_loss_curve_, validation_scores_, n_iter_.

    X is computed in float32 where that holds its numbers exactly (uint8, int16, float32 ...), else in float64.
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] | int = (512,),
        *,
        activation: Any = "relu",
        loss: str | Module = "cross_entropy",
        dropout: float | Sequence[float] = 0.0,
        optimizer: str | Callable = "adamw",
        learning_rate: float = 1.5e-3,
        schedule: str | Callable = "one_cycle",
        momentum: float = 0.9,
        weight_decay: float = 1e-2,
        batch_norm: bool = False,
        label_smoothing: float = 0.0,
        whiten: int | None = None,
        augment: Augment | None = None,
        epochs: int | None = None,
        batch_size: int | None = 256,
        standardize: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int | None = None,
        class_weight: Mapping | str | None = None,
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
        self.schedule = schedule
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.batch_norm = batch_norm
        self.label_smoothing = label_smoothing
        self.whiten = whiten
        self.augment = augment
        self.epochs = epochs
        self.batch_size = batch_size
        self.standardize = standardize
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> MLPClassifier:
        if self.early_stopping:
            raise ValueError(errors.STOPS_PARTS.format(estimator=self._name))
        return super().partial_fit(X, y, classes, sample_weight)

    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        dtype = self._dtype(X)
        model = preprocessing.learn(
            X, standardize=self.standardize, whiten=self.whiten, dtype=dtype, rng=rng, weights=weights
        )
        sizes = [self.whiten or X.shape[1], *self._sizes()]
        layers = zip(pairwise(sizes), self._each("activation"), self._each("dropout"), strict=True)
        for (inputs, outputs), activation, dropout in layers:
            model.append(Linear(inputs, outputs, bias=not self.batch_norm, rng=rng, dtype=dtype))
            if self.batch_norm:  # whose own shift stands in for the bias
                model.append(BatchNorm1d(outputs, dtype=dtype))
            model.append(choices.activation(self._name, activation)())
            if dropout:
                model.append(Dropout(dropout, rng=rng))
        return model.append(Linear(sizes[-1], len(self.classes_), rng=rng, dtype=dtype))

    def _build_loss(self) -> Module:
        if not self.label_smoothing:
            return choices.loss(self._name, self.loss)()
        if self.loss not in ("cross_entropy", "softmax"):
            text = errors.SMOOTHING.format(estimator=self._name, loss=self.loss, got=self.label_smoothing)
            raise ValueError(text)
        return choices.loss(self._name, self.loss)(label_smoothing=self.label_smoothing)

    def _hold_out(self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> Any:
        if not self.early_stopping:
            return super()._hold_out(X, targets, weights)
        try:
            train, held_out = train_test_split(
                np.arange(len(X)), test_size=self.validation_fraction, stratify=targets, random_state=self._seed()
            )
        except ValueError as error:
            share = self.validation_fraction
            raise ValueError(errors.HELD_OUT.format(estimator=self._name, share=share, n=len(X), why=error)) from error
        return tuple((X[part], targets[part], None if weights is None else weights[part]) for part in (train, held_out))

    def _check_held_out_again(self) -> None:
        if self.early_stopping and not isinstance(self.random_state, (int, np.integer)):
            raise ValueError(errors.HELD_OUT_AGAIN.format(estimator=self._name, got=self.random_state))

    def _training_options(self, epochs: int) -> dict[str, Any]:
        callbacks = list(self.callbacks)
        if self.early_stopping:
            callbacks.append(EarlyStopping(self.n_iter_no_change or max(10, epochs // 10)))
        return {"callbacks": callbacks, "augment": self.augment}

    def _check_settings(self) -> None:
        super()._check_settings()
        for i, size in enumerate(self._sizes()):
            check_number(int, f"{self._name}: hidden_layer_sizes[{i}]", size, at_least=1)
        check_number(int, f"{self._name}: whiten", self.whiten, at_least=1, or_none=True)
        for what in ("batch_norm", "standardize", "early_stopping"):
            check_flag(f"{self._name}: {what}", getattr(self, what))
        check_number(float, f"{self._name}: validation_fraction", self.validation_fraction, above=0, below=1)
        check_number(int, f"{self._name}: n_iter_no_change", self.n_iter_no_change, at_least=1, or_none=True)
        for dropout in self._each("dropout"):
            Dropout(dropout)  # which says what is wrong with it, before the preprocessing is learned
        for activation in self._each("activation"):
            choices.activation(self._name, activation)
        self._build_loss()

    def _sizes(self) -> list[Any]:
        """Neurons of each hidden layer."""
        sizes = self.hidden_layer_sizes
        return list(sizes) if isinstance(sizes, (list, tuple, np.ndarray)) else [sizes]

    def _each(self, what: str) -> list[Any]:
        """A setting for each hidden layer, where one may be given for all."""
        got, layers = getattr(self, what), len(self._sizes())
        if not isinstance(got, (list, tuple)):
            return [got] * layers
        if len(got) != layers:
            expected = f"one, or a list of {layers}, one for each hidden layer"
            raise ValueError(errors.SETTING.format(estimator=self._name, what=what, got=got, expected=expected))
        return list(got)
