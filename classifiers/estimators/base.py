"""Network: what the estimators that are models of nn have in common, from their settings to what they learned."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from math import inf
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state, compute_class_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from classifiers import errors
from classifiers.atomic_fit import atomic_fit
from classifiers.estimators import settings as choices
from classifiers.estimators.labels import find_classes, learn_classes
from classifiers.preprocessing import floats_of
from nn import CrossEntropyLoss, Module, Sequential
from nn.optim.base import SETTINGS, Optimizer
from nn.schedules import Constant, Schedule
from nn.training.batches import batches
from nn.training.callbacks import EarlyStopping
from nn.training.evaluation import Weighted, checked_weights, predict_scores
from nn.training.history import Epoch
from nn.training.loop import Training
from nn.validation import check_flag, check_number

if TYPE_CHECKING:
    from typing import Self

STEPS = 2000  # that an optimiser needs at least to come to something; small training sets get more epochs for it


class Network(BaseEstimator):
    """An estimator that is a model of nn: `fit` makes the model and trains it, `partial_fit` goes on with it.

    What derives from this stores its settings in __init__, among them epochs, batch_size, optimizer, learning_rate,
    schedule, callbacks, random_state and verbose, and says how they become a model and a loss.
    """

    @abstractmethod
    def _check_settings(self) -> None:
        """Refuse settings that are wrong, before anything is computed."""
        check_number(int, f"{self._name}: epochs", self.epochs, at_least=1, or_none=True)
        check_number(int, f"{self._name}: batch_size", self.batch_size, at_least=1, or_none=True)
        check_flag(f"{self._name}: verbose", self.verbose)
        self._optimizer()
        choices.schedule(self._name, self.schedule)
        check_number(float, f"{self._name}: learning_rate", self.learning_rate, above=0, below=inf, or_none=True)
        for what in {"momentum", "weight_decay"} & self.get_params(deep=False).keys():
            SETTINGS[what](f"{self._name}: {what}", getattr(self, what))  # also where the optimiser named takes none

    @abstractmethod
    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        """What the loss takes for the targets y (n,), of which this learns what there is to know."""

    @abstractmethod
    def _known_targets(self, y: np.ndarray, what: str = "y_val") -> np.ndarray:
        """The same for targets, called `what`, of samples that are not the first."""

    @abstractmethod
    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        """The model for such samples, its preprocessing learned."""

    @abstractmethod
    def _build_loss(self) -> Module:
        """The loss that it is trained by."""

    def _weights(self, targets: np.ndarray, sample_weight: Any) -> np.ndarray | None:
        """What each sample counts for, or None where all count the same."""
        if sample_weight is None:
            return None
        return checked_weights(sample_weight, len(targets))

    def _hold_out(self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> tuple[Weighted, Any]:
        """X, targets and weights to train on, and those held out for validation, or None."""
        return (X, targets, weights), None

    def _check_held_out_again(self) -> None:
        """Refuse to go on where other samples would be held out than before."""

    def _training_options(self, epochs: int) -> dict[str, Any]:
        """What else a training of so many epochs is told: an augmentation, a penalty, callbacks."""
        return {"callbacks": self.callbacks}

    @property
    def _name(self) -> str:
        return type(self).__name__

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        save_to: str | os.PathLike[str] | None = None,
        resume_from: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Train a new model on X (n, features) and y (n,).

        sample_weight  (n,) how much each sample counts beside the others, of at least 0; all the same where None
        X_val, y_val   samples to measure after each epoch, for `history_`; never trained on
        save_to        a file for checkpoints, written after each epoch and on Ctrl-C, which ends the fit and keeps what
                       was learned; two in a row are a KeyboardInterrupt, as is needed to end a search
        resume_from    such a file, of a training with the same settings and samples, to go on from

        A fit that fails leaves the estimator as it was. Raises ValueError for wrong settings and samples, and
        FloatingPointError where the training diverges.
        """
        with atomic_fit(self) as fitted:
            fitted._fit(X, y, sample_weight, X_val, y_val, save_to=save_to, resume_from=resume_from)
        return self

    def _fit(
        self, X: Any, y: Any, sample_weight: Any, X_val: Any, y_val: Any, *, save_to: Any, resume_from: Any
    ) -> None:
        self._check_settings()
        X, y = self._validated(X, y)
        targets = self._learn_targets(y)
        weights = self._weights(targets, sample_weight)
        weights = None if weights is None else weights / weights.mean()  # so that the learning rate keeps its meaning
        train, validation = (X, targets, weights), self._validation(X_val, y_val)
        if validation is None:
            if resume_from is not None:
                self._check_held_out_again()
            train, validation = self._hold_out(*train)
        X, targets, weights = train

        rng = self._generator()
        self.model_ = self._build(X, weights, rng)
        size = self._size(X)
        epochs = self.epochs or max(10, -(-STEPS // len(batches(len(X), size))))
        training = self._make_training(X, weights, rng, epochs)
        if resume_from is not None:
            training.resume(resume_from)
        self.history_ = training.run(
            (X, targets),
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
        """One more epoch of the model, over these samples, at a constant learning rate; a new model where none is.

        The optimiser goes on, unless there was a fit, which does not keep it, or a setting was changed.
        """
        settings, ongoing = repr(self.get_params()), getattr(self, "_ongoing", None)
        if ongoing is not None and ongoing[0] == settings:
            kept: dict[int, Any] = {id(callback): callback for callback in self.callbacks}  # they are the user's
            training = deepcopy(ongoing[1], kept)
        else:
            rng = self._generator()
            if hasattr(self, "model_"):
                self.model_ = deepcopy(self.model_)
            else:
                self.model_, self.history_ = self._build(X, weights, rng), []
            training = self._make_training(X, weights, rng)
            training.history = list(self.history_)
        training.callbacks = [one for one in training.callbacks if one not in self._early_stoppings()]
        training.batch_size = self._size(X)
        self.history_ = training.run(
            (X, targets), epochs=len(training.history) + 1, sample_weight=weights, verbose=self.verbose
        )
        training.begin_epoch()  # anew, should Ctrl-C have ended this one
        self.model_, self._ongoing = cast(Sequential, training.model), (settings, training)

    def _early_stoppings(self) -> list[EarlyStopping]:
        return [callback for callback in self.callbacks if isinstance(callback, EarlyStopping)]

    def _dtype(self, X: np.ndarray) -> Any:
        """What to compute X in."""
        return floats_of(X)

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(2**31))

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng(self._seed())

    def _size(self, X: np.ndarray) -> int:
        """Samples in a step."""
        return min(self.batch_size or len(X), len(X))

    def _make_training(
        self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator, epochs: int | None = None
    ) -> Training:
        """The training of model_; at a constant rate where it is not known how long it will be."""
        size = self._size(X)
        optimizer = self._optimizer()(self.model_.parameters(), lr=self._rate(X, weights))
        if epochs is None:
            schedule: Schedule = Constant(optimizer)
        else:
            total_steps = epochs * len(batches(len(X), size))
            schedule = choices.schedule(self._name, self.schedule)(optimizer, total_steps)
        return Training(
            self.model_,
            self._build_loss(),
            optimizer,
            schedule=schedule,
            batch_size=size,
            rng=rng,
            **self._training_options(epochs or 1),
        )

    def _optimizer(self) -> Callable[..., Optimizer]:
        return choices.optimizer(self._name, self.optimizer, self.get_params(deep=False))

    def _rate(self, X: np.ndarray, weights: np.ndarray | None) -> float:
        """The learning rate, the schedule's base."""
        return self.learning_rate

    def _validated(self, X: Any, *y: Any, reset: bool = True) -> Any:
        """scikit-learn's check of X, and of y if it is given; NaN is refused with the place where it stands."""
        data = validate_data(self, X, *y, reset=reset, ensure_all_finite=False)
        _check_finite(self._name, data[0] if y else data)
        return data

    def _validation(self, X_val: Any, y_val: Any) -> Weighted | None:
        """The validation samples that were given, with their targets."""
        if X_val is None and y_val is None:
            return None
        if X_val is None or y_val is None:
            got = "y_val" if X_val is None else "X_val"
            raise ValueError(errors.VALIDATION_PAIR.format(estimator=self._name, got=got))
        X, y = self._validated(X_val, y_val, reset=False)
        return X, self._known_targets(y), None

    def _outputs(self, X: Any) -> np.ndarray:
        """The model's outputs for X (n, features)."""
        check_is_fitted(self)
        return predict_scores(self.model_, self._validated(X, reset=False))

    @property
    def loss_curve_(self) -> list[float]:
        """The mean loss of each epoch over its samples, as they were when each was trained on."""
        return [epoch.loss for epoch in self._epochs()]

    @property
    def validation_loss_curve_(self) -> list[float] | None:
        """The mean loss on the validation samples after each epoch; None without any."""
        return _watched([epoch.validation_loss for epoch in self._epochs()])

    @property
    def n_iter_(self) -> int:
        """How many epochs there were."""
        return len(self._epochs())

    def _epochs(self) -> list[Epoch]:
        check_is_fitted(self)
        return self.history_


def _has_probabilities(estimator: NetworkClassifier) -> bool:
    loss = estimator.loss
    if isinstance(loss, CrossEntropyLoss) or loss in ("cross_entropy", "softmax"):
        return True
    raise AttributeError(errors.NO_PROBABILITIES.format(estimator=estimator._name, loss=loss))


class NetworkClassifier(ClassifierMixin, Network):
    """A Network whose outputs are scores of classes; it also has the settings loss and class_weight."""

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Train for one more epoch, over X (n, features) and y (n,), at a constant learning rate.

        classes        all there will ever be, on the first call; later calls may leave them out
        sample_weight  (n,) what the loss of each sample is multiplied by

        The first call makes the model, and learns the preprocessing from its X alone: give it samples that are like
        all of them. After `fit` it goes on with what was learned. Changed settings of the optimiser and the loss begin
        the optimiser anew. Callbacks are called, but for EarlyStopping, which has no say in a single epoch. A call that
        fails leaves the estimator as it was; one that is ended by Ctrl-C keeps what was learned.
        """
        first = not hasattr(self, "model_")
        with atomic_fit(self) as fitted:
            fitted._check_settings()
            X, y = fitted._validated(X, y, reset=first)
            check_classification_targets(y)
            if self.class_weight == "balanced":
                raise ValueError(errors.BALANCED_PARTS.format(estimator=self._name))
            if first:
                if classes is None:
                    raise ValueError(errors.FIRST_CLASSES.format(estimator=self._name))
                fitted._learn_targets(np.atleast_1d(classes))
            elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
                text = errors.OTHER_CLASSES.format(
                    estimator=self._name, got=np.unique(classes).tolist(), expected=self.classes_.tolist()
                )
                raise ValueError(text)
            targets = fitted._known_targets(y, "y")
            fitted._partial_fit(X, targets, fitted._weights(targets, sample_weight))
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """The scores (n, classes) of X (n, features); for two classes their difference (n,), as scikit-learn has it."""
        scores = self._outputs(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> np.ndarray:
        """The class (n,) with the highest score for each sample of X (n, features)."""
        best = self._outputs(X).argmax(axis=1)
        return self.classes_[best]

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> np.ndarray:
        """The probabilities (n, classes) of the classes, the softmax of the scores; where the loss is cross-entropy."""
        return np.exp(self.predict_log_proba(X))

    @available_if(_has_probabilities)
    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithms (n, classes) of the probabilities; where the loss is cross-entropy."""
        scores = self._outputs(X)
        shifted = scores - scores.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    @property
    def validation_scores_(self) -> list[float] | None:
        """The accuracy on the validation samples after each epoch; None without any."""
        return _watched([epoch.validation_accuracy for epoch in self._epochs()])

    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        self.classes_, labels = learn_classes(self._name, y)
        return labels

    def _known_targets(self, y: np.ndarray, what: str = "y_val") -> np.ndarray:
        return find_classes(what, y, self.classes_)

    def _weights(self, targets: np.ndarray, sample_weight: Any) -> np.ndarray | None:
        weights = super()._weights(targets, sample_weight)
        if self.class_weight is None:
            return weights
        of_classes = self._class_weights(targets)[targets]
        return of_classes if weights is None else weights * of_classes

    def _class_weights(self, targets: np.ndarray) -> np.ndarray:
        """What the samples of each class count for."""
        given, classes = self.class_weight, self.classes_.tolist()
        if isinstance(given, str) and given == "balanced":
            return compute_class_weight("balanced", classes=np.arange(len(classes)), y=targets)
        if not isinstance(given, Mapping) or given.keys() - set(classes):
            raise ValueError(errors.CLASS_WEIGHT.format(estimator=self._name, got=given, classes=classes))
        weights = [(f"{self._name}: class_weight[{c!r}]", given.get(c, 1.0)) for c in classes]
        return np.array([check_number(float, *weight, at_least=0, below=inf) for weight in weights])


def _watched(values: list[float | None]) -> list[float] | None:
    """Those epochs that were measured; None where none was."""
    return [value for value in values if value is not None] or None


def _check_finite(estimator: str, X: np.ndarray) -> None:
    if X.dtype.kind == "f":
        wrong = ~np.isfinite(X)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            count = np.count_nonzero(wrong)
            raise ValueError(errors.NOT_FINITE.format(estimator=estimator, row=row, column=column, count=count))
