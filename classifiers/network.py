"""Network: what the estimators that are models of nn have in common, from their settings to what they learned."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from classifiers import choices, errors
from classifiers.evaluation import Samples, checked_weights, predict_scores
from classifiers.history import Epoch
from classifiers.training import Training, batches
from nn import CrossEntropyLoss, Module, Sequential
from nn.optim import Optimizer
from nn.schedules import Constant, Schedule

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
        choices.whole_number(self._name, "epochs", self.epochs, or_none=True)
        choices.whole_number(self._name, "batch_size", self.batch_size, or_none=True)
        choices.flag(self._name, "verbose", self.verbose)
        self._optimizer(), choices.schedule(self._name, self.schedule)

    @abstractmethod
    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        """What the loss takes for the targets y (n,), of which this learns what there is to know."""

    @abstractmethod
    def _known_targets(self, y: np.ndarray) -> np.ndarray:
        """The same for targets of samples that are not the first."""

    @abstractmethod
    def _build(self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> Sequential:
        """The model for such samples, its preprocessing learned."""

    @abstractmethod
    def _build_loss(self) -> Module:
        """The loss that it is trained by."""

    def _weights(self, y: np.ndarray, sample_weight: Any) -> np.ndarray | None:
        """What each sample counts for, or None where all count the same."""
        if sample_weight is None:
            return None
        return checked_weights(sample_weight, len(y))

    def _hold_out(self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> Any:
        """X, targets and weights to train on, and the samples held out for validation, or None."""
        return X, targets, weights, None

    def _training_options(self) -> dict[str, Any]:
        """What else the training is told: an augmentation, a penalty, callbacks."""
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
        fitted = copy(self)
        fitted._fit(X, y, sample_weight, X_val, y_val, save_to=save_to, resume_from=resume_from)
        self.__dict__.update(fitted.__dict__)
        return self

    def _fit(
        self, X: Any, y: Any, sample_weight: Any, X_val: Any, y_val: Any, *, save_to: Any, resume_from: Any
    ) -> None:
        self._check_settings()
        X, y = self._validated(X, y)
        targets = self._learn_targets(y)
        weights = self._weights(y, sample_weight)
        validation = self._validation(X_val, y_val)
        if validation is None:
            X, targets, weights, validation = self._hold_out(X, targets, weights)

        rng = self._generator()
        self.model_ = self._build(X, weights, rng)
        size = self._size(X)
        steps_an_epoch = len(batches(len(X), size))
        epochs = self.epochs or max(10, -(-STEPS // steps_an_epoch))
        training = self._make_training(X, weights, rng, total_steps=epochs * steps_an_epoch)
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
        self._ongoing: Training | None = None

    def _partial_fit(self, X: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> None:
        """One more epoch of the model, over these samples, at a constant learning rate; a new model where none is."""
        if not hasattr(self, "model_"):
            rng = self._generator()
            self.model_, self.history_ = self._build(X, weights, rng), []
            self._ongoing = self._make_training(X, weights, rng)
        elif self._ongoing is None:  # there was a fit, whose optimiser was not kept
            self._ongoing = self._make_training(X, weights, self._generator())
            self._ongoing.history = list(self.history_)
        training = self._ongoing
        training.batch_size = self._size(X)
        self.history_ = training.run(
            (X, targets), epochs=len(training.history) + 1, sample_weight=weights, verbose=self.verbose
        )

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(2**31))

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng(self._seed())

    def _size(self, X: np.ndarray) -> int:
        """Samples in a step."""
        return min(self.batch_size or len(X), len(X))

    def _make_training(
        self, X: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator, total_steps: int | None = None
    ) -> Training:
        """The training of model_; at a constant rate where it is not known how long it will be."""
        optimizer = self._optimizer()(self.model_.parameters(), lr=self._rate(X, weights))
        if total_steps is None:
            schedule: Schedule = Constant(optimizer)
        else:
            schedule = choices.schedule(self._name, self.schedule)(optimizer, total_steps)
        return Training(
            self.model_,
            self._build_loss(),
            optimizer,
            schedule=schedule,
            batch_size=self._size(X),
            rng=rng,
            **self._training_options(),
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

    def _validation(self, X_val: Any, y_val: Any) -> Samples | None:
        """The validation samples that were given, with their targets."""
        if X_val is None and y_val is None:
            return None
        if X_val is None or y_val is None:
            came = "y_val" if X_val is None else "X_val"
            raise ValueError(errors.VALIDATION_PAIR.format(estimator=self._name, came=came))
        X, y = self._validated(X_val, y_val, reset=False)
        return X, self._known_targets(y)

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
        sample_weight  (n,) how much each sample counts beside the others of this call

        The first call makes the model, and learns the preprocessing from its X alone: give it samples that are like
        all of them. After `fit` it goes on with what was learned.
        """
        first = not hasattr(self, "model_")
        started = copy(self)
        started._check_settings()
        X, y = started._validated(X, y, reset=first)
        check_classification_targets(y)
        if self.class_weight == "balanced":
            raise ValueError(errors.BALANCED_PARTS.format(estimator=self._name))
        if first:
            if classes is None:
                raise ValueError(errors.FIRST_CLASSES.format(estimator=self._name))
            started._learn_targets(np.asarray(classes))
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            text = errors.OTHER_CLASSES.format(
                estimator=self._name, came=np.unique(classes).tolist(), expected=self.classes_.tolist()
            )
            raise ValueError(text)
        started._partial_fit(X, started._known_targets(y), started._weights(y, sample_weight))
        self.__dict__.update(started.__dict__)
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
        scores = self._outputs(X)
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    @property
    def validation_scores_(self) -> list[float] | None:
        """The accuracy on the validation samples after each epoch; None without any."""
        return _watched([epoch.validation_accuracy for epoch in self._epochs()])

    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(errors.ONE_CLASS.format(estimator=self._name, came=self.classes_.tolist()))
        return labels

    def _known_targets(self, y: np.ndarray) -> np.ndarray:
        unseen = np.setdiff1d(y, self.classes_)
        if unseen.size:
            raise ValueError(errors.UNSEEN_LABELS.format(unseen=unseen.tolist(), known=self.classes_.tolist()))
        return np.searchsorted(self.classes_, y)

    def _weights(self, y: np.ndarray, sample_weight: Any) -> np.ndarray | None:
        weights = super()._weights(y, sample_weight)
        if self.class_weight is None:
            return weights
        of_classes = compute_sample_weight(self.class_weight, y)
        return of_classes if weights is None else weights * of_classes


def _watched(values: list[float | None]) -> list[float] | None:
    return None if None in values else [value for value in values if value is not None]


def _check_finite(estimator: str, X: np.ndarray) -> None:
    if X.dtype.kind == "f":
        wrong = ~np.isfinite(X)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            count = np.count_nonzero(wrong)
            raise ValueError(errors.NOT_FINITE.format(estimator=estimator, row=row, column=column, count=count))
