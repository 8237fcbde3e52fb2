"""MLPClassifier: a multi-layer perceptron on nn, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from classifiers import preprocessing
from classifiers.estimators import settings
from classifiers.estimators.base import NNClassifier, check_count
from nn import BatchNorm1d, Dropout, Linear, Module, Sequential
from nn.optim import Optimizer
from nn.optim.base import SETTINGS
from nn.schedules import Schedule
from nn.training.batches import Augment
from nn.training.callbacks import Callback, EarlyStopping
from nn.training.evaluation import Weighted
from nn.validation import check_flag, check_number

Activation = str | Module | type[Module]


class MLPClassifier(NNClassifier):
    """Multi-layer perceptron classifier, trained on mini-batches.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (512,)
        The neurons of each hidden layer; an int means one layer, and () a linear classifier.
    activation : {"relu", "leaky_relu", "sigmoid", "tanh"}, Module, type, or list of these, default "relu"
        The activation after each hidden layer: a name, an instance or a class of nn's modules or your own, or a list
        with one entry for each hidden layer.
    loss : {"cross_entropy", "softmax", "hinge", "squared_hinge"} or Module, default "cross_entropy"
        The loss: softmax cross-entropy (under either name), the multiclass SVM's hinge loss with margin 1 or its
        square, or a module of (scores, labels), from nn or your own.
    dropout : float or sequence of float, default 0.0
        The share of each hidden layer's outputs that is dropped in training, at least 0 and below 1, or a list with one
        entry for each hidden layer.
    optimizer : {"adamw", "adam", "rmsprop", "sgd"} or callable, default "adamw"
        The optimiser, or a function of (parameters, lr=) such as a class of nn.optim or
        ``partial(nn.optim.SGD, momentum=0.8, nesterov=True)``.
    learning_rate : float, default 1.5e-3
        The learning rate, which the schedule multiplies by its factor: the peak of "one_cycle".
    schedule : {"one_cycle", "cosine", "step", "plateau", "constant"} or callable, default "one_cycle"
        The schedule of the learning rate ("step" multiplies it by 0.1 after each third of the steps), or a function of
        (optimizer, total_steps).
    momentum : float, default 0.9
        The momentum of "sgd" and "rmsprop".
    weight_decay : float, default 1e-2
        The weight decay of an optimiser given by name.
    batch_norm : bool, default False
        Whether to apply batch normalisation in each hidden layer, before the activation.
    label_smoothing : float, default 0.0
        The share of each label that is spread evenly over all classes; needs loss="cross_entropy".
    whiten : int or None, default None
        The number of whitened principal components of the standardised features to use as the input (see
        preprocessing.learn_whitening). None uses the features themselves.
    augment : callable or None, default None
        A function of (X, rng) that changes each training batch, such as augmentation.Mirror().
    epochs : int or None, default None
        Passes over the training set. None means 10, or as many as make 2,000 steps.
    batch_size : int or None, default 256
        Samples per step; None means all.
    standardize : bool, default True
        Whether to standardise each feature by its mean and standard deviation in the training set.
    early_stopping : bool, default False
        Whether to stop when the validation loss no longer improves, and to restore the best weights. Validates on X_val
        if it is given, else on a share of the training set that is held out.
    validation_fraction : float, default 0.1
        The share of the training set that early stopping holds out.
    n_iter_no_change : int or None, default None
        Epochs without improvement before early stopping ends the training. None means a tenth of the epochs, at least
        10.
    class_weight : dict, "balanced" or None, default None
        The weight of each class's samples; "balanced" gives all classes the same total weight.
    callbacks : sequence of Callback, default ()
        Callbacks of the training run, such as callbacks.EarlyStopping().
    random_state : int, RandomState or None, default None
        Seed of initialisation, shuffling and dropout. The same seed gives the same weights on one machine,
        bit for bit if BLAS uses the same number of threads.
    verbose : bool, default False
        Whether to show progress.

    Attributes
    ----------
    classes_ : ndarray, shape (classes,)
        The classes, sorted.
    n_features_in_ : int
        The number of features.
    model_ : Sequential
        The model, which expects the original features: its first layers are the preprocessing, so that `nn.save` saves
        it, too.
    history_ : list of Epoch
        The measures of each epoch.
    loss_curve_, validation_loss_curve_, validation_scores_ : list of float
        Measures from `history_`, one for each epoch. Those of the validation samples are None without any.
    n_iter_ : int
        The number of epochs trained.

    Notes
    -----
    X is computed in float32 if float32 represents its dtype exactly (uint8, int16, float32 …), else in float64.

    Examples
    --------
    >>> import numpy as np
    >>> from classifiers import MLPClassifier
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> xor = MLPClassifier((8,), learning_rate=0.05, epochs=100, random_state=0).fit(X, [0, 1, 1, 0])
    >>> print(xor.predict(X))
    [0 1 1 0]
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] | int = (512,),
        *,
        activation: Activation | Sequence[Activation] = "relu",
        loss: str | Module = "cross_entropy",
        dropout: float | Sequence[float] = 0.0,
        optimizer: str | Callable[..., Optimizer] = "adamw",
        learning_rate: float = 1.5e-3,
        schedule: str | Callable[[Optimizer, int], Schedule] = "one_cycle",
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
        class_weight: Mapping[Any, float] | str | None = None,
        callbacks: Sequence[Callback] = (),
        random_state: int | np.random.RandomState | None = None,
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

    _checks = {
        **NNClassifier._checks,
        "learning_rate": partial(check_number, float, above=0, below=inf),
        "momentum": SETTINGS["momentum"],
        "weight_decay": SETTINGS["weight_decay"],
        "batch_norm": check_flag,
        "whiten": check_count,
        "standardize": check_flag,
        "early_stopping": check_flag,
        "validation_fraction": partial(check_number, float, above=0, below=1),
        "n_iter_no_change": check_count,
    }

    def _check_partial_fit(self) -> None:
        if self.early_stopping:
            raise ValueError(
                f"{self._name}.partial_fit expected early_stopping=False, got True; a call trains for a single epoch, "
                "so set it to False"
            )

    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        dtype = self._dtype(X)
        model = preprocessing.learn(
            X, standardize=self.standardize, whiten=self.whiten, dtype=dtype, rng=rng, weights=weights
        )
        sizes = [self.whiten or X.shape[1], *self._layer_sizes()]
        layers = zip(pairwise(sizes), self._per_layer("activation"), self._per_layer("dropout"), strict=True)
        for (inputs, outputs), activation, dropout in layers:
            model.append(Linear(inputs, outputs, bias=not self.batch_norm, rng=rng, dtype=dtype))
            if self.batch_norm:  # its shift replaces the bias
                model.append(BatchNorm1d(outputs, dtype=dtype))
            model.append(settings.activation_factory(f"{self._name}: activation", activation)())
            if dropout:
                model.append(Dropout(dropout, rng=rng))
        return model.append(Linear(sizes[-1], len(self.classes_), rng=rng, dtype=dtype))

    def _build_loss(self) -> Module:
        if not self.label_smoothing:
            return settings.loss_factory(f"{self._name}: loss", self.loss)()
        if self.loss not in ("cross_entropy", "softmax"):
            raise ValueError(
                f"{self._name}: label_smoothing must be 0 unless loss='cross_entropy', got {self.label_smoothing!r} "
                f"with loss={self.loss!r}; set it to 0"
            )
        return settings.loss_factory(f"{self._name}: loss", self.loss)(label_smoothing=self.label_smoothing)

    def _split_validation(
        self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None
    ) -> tuple[Weighted, Weighted | None]:
        if not self.early_stopping:
            return super()._split_validation(X, targets, weights)
        try:
            train, held_out = train_test_split(
                np.arange(len(X)), test_size=self.validation_fraction, stratify=targets, random_state=self._seed()
            )
        except ValueError as error:
            raise ValueError(
                f"{self._name}: early_stopping expected enough samples of each class, got {len(X)} samples of which it "
                f"holds out {self.validation_fraction:g} ({error}); pass more samples, another validation_fraction, or "
                "X_val and y_val"
            ) from error

        def part(rows: np.ndarray) -> Weighted:
            return X[rows], targets[rows], None if weights is None else weights[rows]

        return part(train), part(held_out)

    def _check_split_repeats(self) -> None:
        if self.early_stopping and not isinstance(self.random_state, (int, np.integer)):
            raise ValueError(
                f"{self._name}: random_state must be an int to resume with early_stopping, so that the same samples "
                f"are held out again, got {self.random_state!r}; use the same int in the fit that writes the "
                "checkpoint, or pass X_val and y_val"
            )

    def _training_options(self, epochs: int) -> dict[str, Any]:
        callbacks = list(self.callbacks)
        if self.early_stopping:
            callbacks.append(EarlyStopping(self.n_iter_no_change or max(10, epochs // 10)))
        return {"callbacks": callbacks, "augment": self.augment}

    def _check_settings(self) -> None:
        super()._check_settings()
        for i, size in enumerate(self._layer_sizes()):
            check_number(int, f"{self._name}: hidden_layer_sizes[{i}]", size, at_least=1)
        for dropout in self._per_layer("dropout"):
            Dropout(dropout)  # raises before the preprocessing is learned
        for activation in self._per_layer("activation"):
            settings.activation_factory(f"{self._name}: activation", activation)
        self._build_loss()  # checks label_smoothing

    def _layer_sizes(self) -> list[Any]:
        """The neurons of each hidden layer."""
        sizes = self.hidden_layer_sizes
        return list(sizes) if isinstance(sizes, (list, tuple, np.ndarray)) else [sizes]

    def _per_layer(self, name: str) -> list[Any]:
        """A setting's value for each hidden layer; a single value applies to all of them."""
        value, layers = getattr(self, name), len(self._layer_sizes())
        if not isinstance(value, (list, tuple)):
            return [value] * layers
        if len(value) != layers:
            raise ValueError(
                f"{self._name}: {name} must be one, or a list of {layers}, one for each hidden layer, got {value!r}"
            )
        return list(value)
