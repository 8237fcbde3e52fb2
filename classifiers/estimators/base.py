"""The base classes of the estimators whose model is an nn.Sequential, trained by gradient descent."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state, compute_class_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from classifiers.atomic_fit import atomic_fit
from classifiers.estimators import settings
from classifiers.estimators.labels import check_one_label_each, class_indices, learn_classes
from classifiers.preprocessing import float_dtype
from nn import CrossEntropyLoss, Module, Sequential
from nn.optim import Optimizer
from nn.schedules import Constant, Schedule
from nn.training.batches import batches
from nn.training.callbacks import Callback, EarlyStopping
from nn.training.evaluation import Weighted, checked_weights, predict_scores
from nn.training.history import Epoch
from nn.training.loop import Training
from nn.validation import check_flag, check_number

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike, DTypeLike

Check = Callable[[str, Any], object]  # (the setting's name for messages, its value) -> ValueError if it is wrong
check_count = partial(check_number, int, at_least=1, or_none=True)

MIN_STEPS = 2000  # an optimiser needs about this many to converge; small training sets get more epochs for it


class NNEstimator(BaseEstimator):
    """Base class of estimators whose model is an nn.Sequential.

    A subclass stores its settings in `__init__`, among them those declared below, and defines the model and the loss.
    """

    epochs: int | None
    batch_size: int | None
    optimizer: str | Callable[..., Optimizer]
    learning_rate: float | None
    schedule: str | Callable[[Optimizer, int], Schedule]
    callbacks: Sequence[Callback]
    random_state: int | np.random.RandomState | None
    verbose: bool

    model_: Sequential
    history_: list[Epoch]

    _checks: ClassVar[Mapping[str, Check]] = {  # the check of each setting; subclasses add theirs
        "epochs": check_count,
        "batch_size": check_count,
        "optimizer": settings.optimizer_factory,
        "learning_rate": partial(check_number, float, above=0, below=inf, or_none=True),
        "schedule": settings.schedule_factory,
        "callbacks": settings.check_callbacks,
        "verbose": check_flag,
    }

    def _check_settings(self) -> None:
        """Raise ValueError for wrong settings, before any work is done."""
        for name, check in self._checks.items():
            check(f"{self._name}: {name}", getattr(self, name))

    @abstractmethod
    def _fit_targets(self, y: np.ndarray) -> np.ndarray:
        """The targets y (n,) as the loss expects them; learns the classes, for a classifier."""

    @abstractmethod
    def _encode_targets(self, y: np.ndarray, name: str = "y_val") -> np.ndarray:
        """Further targets y (n,), called `name` in messages, as the loss expects them."""

    @abstractmethod
    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        """A new model for samples like X (n, features), with its preprocessing learned."""

    @abstractmethod
    def _build_loss(self) -> Module:
        """A new loss."""

    def _combined_weights(self, targets: np.ndarray, sample_weight: ArrayLike | None) -> np.ndarray | None:
        """The weight (n,) of each sample, or None if all are equal."""
        if sample_weight is None:
            return None
        return checked_weights(sample_weight, len(targets))

    def _split_validation(
        self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None
    ) -> tuple[Weighted, Weighted | None]:
        """The samples to train on, and those held out for validation, or None."""
        return (X, targets, weights), None

    def _check_split_repeats(self) -> None:
        """Raise ValueError if a resumed fit would hold out other samples than the first one."""

    def _check_partial_fit(self) -> None:
        """Raise ValueError for settings that only `fit` supports."""

    def _training_options(self, epochs: int) -> dict[str, Any]:
        """Further arguments of Training for a run of this many epochs: augmentation, penalty, callbacks."""
        return {"callbacks": self.callbacks}

    @property
    def _name(self) -> str:
        return type(self).__name__

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
        save_to: str | os.PathLike[str] | None = None,
        resume_from: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Train a new model.

        Parameters
        ----------
        X : array-like, shape (n, features)
            The training samples.
        y : array-like, shape (n,)
            Their targets: class labels, or numbers for a regressor.
        sample_weight : array-like, shape (n,), default None
            The weight of each sample, at least 0, relative to the others. None gives all the same weight.
        X_val : array-like, shape (m, features), default None
            Validation samples, measured after each epoch for `history_`. The model is never trained on them.
        y_val : array-like, shape (m,), default None
            Targets of the validation samples.
        save_to : path, default None
            A file for checkpoints. It is written after each epoch, and on Ctrl-C, which ends the fit and keeps what
            was learned. A second Ctrl-C raises KeyboardInterrupt, which is what ends a search.
        resume_from : path, default None
            A checkpoint of a fit with the same settings and samples, to continue from.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ValueError
            If settings or samples are wrong.
        FloatingPointError
            If the training diverges.

        Notes
        -----
        The fit is atomic: if it fails, the estimator stays unchanged.
        """
        with atomic_fit(self) as fitted:
            fitted._fit(
                X=X,
                y=y,
                sample_weight=sample_weight,
                X_val=X_val,
                y_val=y_val,
                save_to=save_to,
                resume_from=resume_from,
            )
        return self

    def _fit(
        self,
        *,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None,
        X_val: ArrayLike | None,
        y_val: ArrayLike | None,
        save_to: str | os.PathLike[str] | None,
        resume_from: str | os.PathLike[str] | None,
    ) -> None:
        self._check_settings()
        samples, labels = self._validate(X, y)
        targets = self._fit_targets(labels)
        weights = self._combined_weights(targets, sample_weight)
        weights = (
            None if weights is None else weights / weights.mean()
        )  # with mean 1, so that the learning rate need not change
        train: Weighted = (samples, targets, weights)
        validation = self._validation_samples(X_val, y_val)
        if validation is None:
            if resume_from is not None:
                self._check_split_repeats()
            train, validation = self._split_validation(*train)
        samples, targets, weights = train

        rng = self._generator()
        self.model_ = self._build(samples, weights, rng)
        size = self._batch_size(samples)
        epochs = self.epochs or max(10, -(-MIN_STEPS // len(batches(len(samples), size))))
        training = self._make_training(samples, weights, rng, epochs)
        if resume_from is not None:
            training.resume(resume_from)
        self.history_ = training.run(
            (samples, targets),
            epochs=epochs,
            sample_weight=weights,
            validation=validation,
            save_to=save_to,
            verbose=self.verbose,
        )
        for stopping in self._early_stoppings():
            stopping.forget()
        self._ongoing: tuple[str, Training] | None = None

    def _partial_fit(self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> None:
        """Train the model, or a new one, for one more epoch over these samples at a constant learning rate.

        The optimiser's state is kept from call to call, but not from `fit`, nor after a setting has changed.
        """
        params, ongoing = repr(self.get_params()), getattr(self, "_ongoing", None)
        if ongoing is not None and ongoing[0] == params:
            shared: dict[int, Any] = {id(callback): callback for callback in self.callbacks}  # the user's own objects
            training = deepcopy(ongoing[1], shared)
        else:
            rng = self._generator()
            if hasattr(self, "model_"):
                self.model_ = deepcopy(self.model_)
            else:
                self.model_, self.history_ = self._build(X, weights, rng), []
            training = self._make_training(X, weights, rng)
            training.history = list(self.history_)
        training.callbacks = [one for one in training.callbacks if one not in self._early_stoppings()]
        training.batch_size = self._batch_size(X)
        self.history_ = training.run(
            (X, targets), epochs=len(training.history) + 1, sample_weight=weights, verbose=self.verbose
        )
        training.begin_epoch()  # even if Ctrl-C ended this one early
        self.model_, self._ongoing = cast(Sequential, training.model), (params, training)

    def _early_stoppings(self) -> list[EarlyStopping]:
        return [callback for callback in self.callbacks if isinstance(callback, EarlyStopping)]

    def _dtype(self, X: np.ndarray) -> DTypeLike:
        """The dtype to compute X in."""
        return float_dtype(X)

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(2**31))

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng(self._seed())

    def _batch_size(self, X: np.ndarray) -> int:
        """Samples per optimiser step."""
        return min(self.batch_size or len(X), len(X))

    def _make_training(
        self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator, epochs: int | None = None
    ) -> Training:
        """A Training of `model_`, with a constant learning rate if the number of epochs is not known."""
        size = self._batch_size(X)
        optimizer = self._optimizer_factory()(self.model_.parameters(), lr=self._base_rate(X, weights))
        if epochs is None:
            schedule: Schedule = Constant(optimizer)
        else:
            total_steps = epochs * len(batches(len(X), size))
            schedule = settings.schedule_factory(f"{self._name}: schedule", self.schedule)(optimizer, total_steps)
        return Training(
            self.model_,
            self._build_loss(),
            optimizer,
            schedule=schedule,
            batch_size=size,
            rng=rng,
            **self._training_options(epochs or 1),
        )

    def _optimizer_factory(self) -> Callable[..., Optimizer]:
        return settings.optimizer_factory(f"{self._name}: optimizer", self.optimizer, self.get_params(deep=False))

    def _base_rate(self, X: np.ndarray, weights: np.ndarray | None) -> float:
        """The learning rate that the schedule multiplies."""
        return cast(float, self.learning_rate)

    def _validate(self, X: ArrayLike, *y: ArrayLike, reset: bool = True) -> Any:
        """X, or X and y, as arrays, after scikit-learn's checks; an error says where NaN and infinity are."""
        for targets in y:
            self._check_targets(targets)
        data = validate_data(self, X, *y, reset=reset, ensure_all_finite=False)
        _check_finite(self._name, data[0] if y else data)
        return data

    def _check_targets(self, y: ArrayLike) -> None:
        """Raise ValueError if targets have a wrong form of which scikit-learn's checks say too little."""

    def _validation_samples(self, X_val: ArrayLike | None, y_val: ArrayLike | None) -> Weighted | None:
        """The validation samples with their encoded targets, if given."""
        if X_val is None and y_val is None:
            return None
        if X_val is None or y_val is None:
            got = "y_val" if X_val is None else "X_val"
            raise ValueError(f"{self._name}.fit expected both X_val and y_val, got only {got}; pass both or neither")
        X, y = self._validate(X_val, y_val, reset=False)
        return X, self._encode_targets(y), None

    def _predict_outputs(self, X: ArrayLike) -> np.ndarray:
        """The model's outputs (n, outputs) for X (n, features)."""
        check_is_fitted(self)
        return predict_scores(self.model_, self._validate(X, reset=False))

    @property
    def loss_curve_(self) -> list[float]:
        """The mean training loss of each epoch, computed while the epoch trains."""
        return [epoch.loss for epoch in self._epochs()]

    @property
    def validation_loss_curve_(self) -> list[float] | None:
        """The mean loss on the validation samples after each epoch, or None without validation samples."""
        return _measured_only([epoch.validation_loss for epoch in self._epochs()])

    @property
    def n_iter_(self) -> int:
        """The number of epochs trained."""
        return len(self._epochs())

    def _epochs(self) -> list[Epoch]:
        check_is_fitted(self)
        return self.history_


def _has_probabilities(estimator: NNClassifier) -> bool:
    loss = estimator.loss
    if isinstance(loss, CrossEntropyLoss) or loss in ("cross_entropy", "softmax"):
        return True
    raise AttributeError(
        f"predict_proba expected an {estimator._name} with loss='cross_entropy', got loss={loss!r}, whose scores are "
        "not log-probabilities; use predict or decision_function"
    )


class NNClassifier(ClassifierMixin, NNEstimator):
    """Base class of classifiers: an NNEstimator whose outputs are scores, one for each class."""

    loss: str | Module
    class_weight: Mapping[Any, float] | str | None

    classes_: np.ndarray

    _checks = {**NNEstimator._checks, "loss": settings.loss_factory}

    def _check_targets(self, y: ArrayLike) -> None:
        check_one_label_each(self._name, y)

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train for one more epoch, at a constant learning rate.

        Parameters
        ----------
        X : array-like, shape (n, features)
            The training samples.
        y : array-like, shape (n,)
            Their class labels.
        classes : array-like, shape (classes,), default None
            All classes that any call will use. Required in the first call, optional later.
        sample_weight : array-like, shape (n,), default None
            The factor by which the loss of each sample is multiplied, at least 0. None means 1.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ValueError
            If settings or samples are wrong, if the first call has no `classes`, or if a later one has others.
        FloatingPointError
            If the training diverges.

        Notes
        -----
        The first call creates the model and learns the preprocessing from its X alone: pass a representative part of
        the samples. After `fit`, training continues from the fitted model. If a setting of the optimiser or the loss
        has changed, the optimiser's state is reset. Callbacks are called, except EarlyStopping, which is ignored.

        A call that fails leaves the estimator unchanged. A call that Ctrl-C ends keeps what was learned.
        """
        first = not hasattr(self, "model_")
        self._check_partial_fit()
        with atomic_fit(self) as fitted:
            fitted._check_settings()
            samples, labels = fitted._validate(X, y, reset=first)
            check_classification_targets(labels)
            if self.class_weight == "balanced":
                raise ValueError(
                    f"{self._name}.partial_fit expected class_weight as a dict or None, got 'balanced', which needs "
                    "all samples at once; pass a dict of class weights"
                )
            if first:
                if classes is None:
                    raise ValueError(
                        f"{self._name}.partial_fit expected classes= in its first call, got None; pass all classes "
                        "that later calls will use"
                    )
                fitted._fit_targets(np.atleast_1d(classes))
            elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
                raise ValueError(
                    f"{self._name}.partial_fit expected the classes of the first call, {self.classes_.tolist()}, got "
                    f"classes={np.unique(classes).tolist()}; omit classes, or start over with a clone"
                )
            targets = fitted._encode_targets(labels, "y")
            fitted._partial_fit(samples, targets, fitted._combined_weights(targets, sample_weight))
        return self

    def decision_function(self, X: ArrayLike) -> np.ndarray:
        """Return the scores of the classes.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.

        Returns
        -------
        ndarray, shape (n, classes), or (n,) for two classes
            The scores. For two classes, the difference between the second and the first score, as in scikit-learn.
        """
        scores = self._predict_outputs(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Predict the class of each sample.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.

        Returns
        -------
        ndarray, shape (n,)
            The class with the highest score.
        """
        best = self._predict_outputs(X).argmax(axis=1)
        return self.classes_[best]

    @available_if(_has_probabilities)
    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Return the probabilities of the classes, the softmax of the scores; needs the cross-entropy loss.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.

        Returns
        -------
        ndarray, shape (n, classes)
            The probabilities. Each row sums to 1.
        """
        return np.exp(self.predict_log_proba(X))

    @available_if(_has_probabilities)
    def predict_log_proba(self, X: ArrayLike) -> np.ndarray:
        """Return the logarithms of the classes' probabilities; needs the cross-entropy loss.

        Parameters
        ----------
        X : array-like, shape (n, features)
            Samples.

        Returns
        -------
        ndarray, shape (n, classes)
            The natural logarithms of the probabilities.
        """
        scores = self._predict_outputs(X)
        shifted = scores - scores.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    @property
    def validation_scores_(self) -> list[float] | None:
        """The accuracy on the validation samples after each epoch, or None without validation samples."""
        return _measured_only([epoch.validation_accuracy for epoch in self._epochs()])

    def _fit_targets(self, y: np.ndarray) -> np.ndarray:
        self.classes_, indices = learn_classes(self._name, y)
        return indices

    def _encode_targets(self, y: np.ndarray, name: str = "y_val") -> np.ndarray:
        return class_indices(name, y, self.classes_)

    def _combined_weights(self, targets: np.ndarray, sample_weight: ArrayLike | None) -> np.ndarray | None:
        weights = super()._combined_weights(targets, sample_weight)
        if self.class_weight is None:
            return weights
        of_classes = self._class_weights(targets)[targets]
        return of_classes if weights is None else weights * of_classes

    def _class_weights(self, targets: np.ndarray) -> np.ndarray:
        """The weight (classes,) of the samples of each class."""
        given, classes = self.class_weight, self.classes_.tolist()
        if isinstance(given, str) and given == "balanced":
            return compute_class_weight("balanced", classes=np.arange(len(classes)), y=targets)
        if not isinstance(given, Mapping) or given.keys() - set(classes):
            raise ValueError(
                f"{self._name}: class_weight must be a dict of class -> weight, 'balanced' or None, got {given!r}; "
                f"the classes are {classes}"
            )
        weights = [(f"{self._name}: class_weight[{c!r}]", given.get(c, 1.0)) for c in classes]
        return np.array([check_number(float, *weight, at_least=0, below=inf) for weight in weights])


def _measured_only(values: list[float | None]) -> list[float] | None:
    """Return the values that are not None, or None if there are none."""
    return [value for value in values if value is not None] or None


def _check_finite(estimator: str, X: np.ndarray) -> None:
    """Raise ValueError if X (n, features) contains NaN or infinity."""
    if X.dtype.kind == "f":
        wrong = ~np.isfinite(X)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise ValueError(
                f"{estimator} expected finite numbers, got X with NaN or infinity, first at sample {row}, feature "
                f"{column} ({np.count_nonzero(wrong)} in all); remove or replace them (scikit-learn's SimpleImputer)"
            )
