"""The training loop: epochs of shuffled mini-batches, forward, backward, step; stopped and resumed to the bit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from inspect import signature
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.extend import describe
from nn import Module, errors
from nn.clipping import clip_grad_norm
from nn.module import State
from nn.optim import Optimizer
from nn.saving import files
from nn.saving import models as checkpoint
from nn.saving.architecture import describe_architecture
from nn.schedules import Schedule
from nn.training.batches import Augment, batches
from nn.training.callbacks import Callback, Progress
from nn.training.evaluation import Measured, Samples, Weighted, checked_samples, checked_weights, evaluate, hits
from nn.training.history import Epoch
from nn.training.interruption import interruptible
from nn.training.metrics import Metric
from nn.validation import check_number


class Diverged(FloatingPointError):
    """The loss, or a weight, became NaN or infinite; `model` has its last good weights again."""

    def __init__(self, text: str, model: Module) -> None:
        super().__init__(text)
        self.model = model

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it comes back from another process, as in a search with n_jobs=2."""
        return type(self), (str(self), self.model)


class Training:
    """A model on its way: what learns, by which loss, optimiser and schedule, and how far it has come.

    model       takes raw samples, so that preprocessing is its first layer (nn.Standardize) and is saved with it
    loss        a module of (scores, labels) that gives one number, the mean over the samples
    optimizer   of the model's parameters
    schedule    of the learning rate; None to leave it to the user
    batch_size  samples in a step; the last batch of an epoch may be smaller, but a single sample joins the one before
    augment     changes each batch of raw samples, drawing from rng: see classifiers.augmentation
    penalty     of the model, such as lambda model: 0.001 * l2(model), added to the loss of each batch
    clip_norm   what the gradients' norm is clipped to before each step, or None
    metrics     functions of (scores, labels), measured on the validation samples: see nn.training.metrics
    callbacks   see nn.training.callbacks
    rng         a numpy Generator, a seed, or None: it shuffles and augments. With the same seeds the same machine ends
                with the same weights, bit for bit

    >>> import numpy as np
    >>> from nn import CrossEntropyLoss, Linear, optim
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> model = Linear(2, 2, rng=0)
    >>> training = Training(model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=1.0), batch_size=10, rng=0)
    >>> history = training.run((X, (X[:, 0] > X[:, 1]).astype(int)), epochs=5)
    >>> history[-1].accuracy > 0.95
    True
    """

    def __init__(
        self,
        model: Module,
        loss: Module,
        optimizer: Optimizer,
        *,
        schedule: Schedule | None = None,
        batch_size: int = 256,
        augment: Augment | None = None,
        penalty: Callable[[Module], Tensor] | None = None,
        clip_norm: float | None = None,
        metrics: Sequence[Metric] = (),
        callbacks: Sequence[Callback] = (),
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.model, self.loss, self.optimizer, self.schedule = model, loss, optimizer, schedule
        self.augment, self.penalty, self.metrics, self.callbacks = augment, penalty, metrics, callbacks
        self._check_parts()
        self.batch_size = check_number(int, "batch_size", batch_size, at_least=1)
        self.clip_norm = None if clip_norm is None else check_number(float, "clip_norm", clip_norm, above=0)
        self.rng = np.random.default_rng(rng)

        self.history: list[Epoch] = []
        self.steps = 0
        self.seconds = 0.0
        self.batch_loss = 0.0  # of the last step
        self.stopped: str | None = None  # why, where a callback stopped the last run
        # Of the run under way
        self.epochs = self.total_steps = 0
        self.measures: tuple[str, ...] = ()  # what each epoch comes to, by name
        # Of the epoch under way: the order of the samples, the batches and samples done, and their sums
        self._order: np.ndarray | None = None
        self._batch = self._seen = 0
        self._correct: int | None = 0
        self._loss_sum = 0.0

    def _check_parts(self) -> None:
        """Refuse what is no part of a training, or a part of another one."""
        loss, parameters = self.loss, set(self.model.parameters() if isinstance(self.model, Module) else ())
        for what, expected, holds in (
            ("model", "a module of nn with parameters", bool(parameters)),
            ("loss", "a loss of one number for a batch, such as CrossEntropyLoss()", isinstance(loss, Module)
             and getattr(loss, "reduction", "mean") == "mean"),
            ("optimizer", "an optimiser of nn.optim", isinstance(self.optimizer, Optimizer)),
            ("schedule", "a schedule of nn.schedules, or None", isinstance(self.schedule, Schedule | None)),
            ("augment", "a function of (X, rng), or None", self.augment is None or _is_function(self.augment)),
            ("penalty", "a function of the model, or None", self.penalty is None or _is_function(self.penalty)),
            ("metrics", "a list of functions of (scores, labels)", _all(self.metrics, _is_function)),
            ("callbacks", "a list of Callbacks", _all(self.callbacks, lambda one: isinstance(one, Callback))),
        ):  # fmt: skip
            if not holds:
                raise TypeError(errors.PART.format(what=what, expected=expected, got=describe(getattr(self, what))))
        if not (parameters | set(loss.parameters())).issuperset(self.optimizer.parameters):
            raise ValueError(errors.OF_ANOTHER.format(what="optimizer", other="model"))
        if self.schedule is not None and self.schedule.optimizer is not self.optimizer:
            raise ValueError(errors.OF_ANOTHER.format(what="schedule", other="optimizer"))
        names = [metric.__name__ for metric in self.metrics]
        if len({*names, *Epoch._fields}) < len(names) + len(Epoch._fields):
            raise ValueError(errors.METRIC_NAMES.format(names=", ".join(names), taken=", ".join(Epoch._fields)))

    def stop(self, why: str) -> None:
        """End the run after the epoch, or the step, that is under way."""
        self.stopped = why or "a callback asked for it"

    @property
    def running(self) -> tuple[float, float | None]:
        """Mean loss and accuracy of the epoch under way, so far."""
        n = max(self._seen, 1)
        return self._loss_sum / n, None if self._correct is None else self._correct / n

    def run(
        self,
        samples: Samples,
        *,
        epochs: int,
        sample_weight: Any = None,
        validation: Samples | Weighted | None = None,
        save_to: str | os.PathLike[str] | None = None,
        save_every: int | None = None,
        verbose: bool = False,
    ) -> list[Epoch]:
        """Train until there are so many epochs in all, and return what each came to.

        samples        X (n, ...) in any dtype and labels (n,); images stay uint8
        sample_weight  (n,) what each sample's loss is multiplied by, best 1 on average, so that the learning rate keeps
                       its meaning; the loss must take it, as nn's do
        validation     samples to measure after each epoch, (X, labels) or (X, labels, sample_weight); never trained on
        save_to        a file for checkpoints, written after each epoch and where the run ends, also by Ctrl-C
        save_every     steps after which to write one too
        verbose        show a progress bar, where the output is a terminal, and a line for each epoch

        Ctrl-C ends the run after the step that is under way: what was learned is kept; a second Ctrl-C before that is a
        KeyboardInterrupt. A run that a callback stopped is gone on with by another. Raises Diverged where the loss
        becomes NaN or infinite. At the end the model is in evaluation mode.
        """
        X, labels = checked_samples("samples", samples)
        weights = self._checked_weights(sample_weight, len(X))
        if validation is not None:
            held_out, held_out_labels = checked_samples("validation", validation[:2])
            validation = held_out, held_out_labels, self._checked_weights(*validation[2:] or (None,), len(held_out))
        if validation is not None and validation[0].shape[1:] != X.shape[1:]:
            raise ValueError(errors.OTHER_SHAPE.format(got=validation[0].shape, expected=X.shape))
        if save_every is not None and save_to is None:
            raise ValueError(errors.SAVE_EVERY.format(got=save_every))
        save_every = None if save_every is None else check_number(int, "save_every", save_every, at_least=1)
        self._begin(len(X), epochs, watched=validation is not None)
        if save_to is not None:
            describe_architecture(self.model)  # a model that cannot be saved is told now, not after an epoch
        callbacks = [*self.callbacks, *([Progress()] if verbose else [])]

        def tell(what: str) -> None:
            for callback in callbacks:
                getattr(callback, what)(self)

        started, before = perf_counter(), self.seconds
        with interruptible() as interruption, ExitStack() as endings:
            endings.callback(self._rest)
            for callback in callbacks:
                callback.on_start(self)
                endings.callback(callback.on_end, self)
            self._note_good()
            while len(self.history) < epochs and not self.stopped and not interruption.asked:
                for batch in self._batches_left(X):
                    if self.stopped or interruption.asked:
                        break
                    self._step(X[batch], labels[batch], () if weights is None else (weights[batch],))
                    self.seconds = before + perf_counter() - started
                    tell("on_step")
                    if save_every and self.steps % save_every == 0:
                        self._save_if_sound(save_to)
                else:
                    self._end_epoch(validation)
                    tell("on_epoch")
                    self._save_if_sound(save_to)
            if self._batch:  # it ends within an epoch
                self._save_if_sound(save_to)
            if interruption.asked:
                saved = f", also in {save_to}, from where it can be resumed" if save_to is not None else ""
                print(errors.INTERRUPTED.format(step=self.steps, saved=saved), file=sys.stderr)
        return self.history

    def _begin(self, n: int, epochs: int, *, watched: bool) -> None:
        """Plan a run over n samples; refuse what would fail on its way."""
        check_number(int, "epochs", epochs, at_least=1)
        check_number(int, "batch_size", self.batch_size, at_least=1, at_most=n)  # of samples
        if self._order is not None and len(self._order) != n:
            raise ValueError(errors.OTHER_SAMPLES.format(expected=len(self._order), got=n))
        left = max(0, len(batches(n, self.batch_size)) * (epochs - len(self.history)) - self._batch)
        if self.schedule is not None and left:
            try:
                self.schedule.factor(self.schedule.taken + left)
            except ValueError as error:
                raise ValueError(errors.SCHEDULE_SHORT.format(steps=self.steps + left, why=error)) from error
        held_out = ("validation_loss", "validation_accuracy", *(metric.__name__ for metric in self.metrics))
        self.measures = ("loss", "accuracy", *(held_out if watched else ()))
        self.epochs, self.total_steps, self.stopped = epochs, self.steps + left, None

    def _checked_weights(self, sample_weight: Any, n: int) -> np.ndarray | None:
        if sample_weight is None:
            return None
        if "sample_weight" not in signature(self.loss.forward).parameters:
            raise TypeError(errors.NO_SAMPLE_WEIGHT.format(loss=self.loss))
        return checked_weights(sample_weight, n)

    def _rest(self) -> None:
        """Leave the model to be used: in evaluation mode, and without its last gradients, to be kept and pickled."""
        self.model.eval()
        self.optimizer.zero_grad()

    def _batches_left(self, X: np.ndarray) -> list[np.ndarray]:
        """The samples of each batch that the epoch under way still has; a new epoch where there is none."""
        if self._order is None:
            self._order = self.rng.permutation(len(X))
            self._batch = self._seen = self._correct = 0
            self._loss_sum = 0.0
        return [self._order[part] for part in batches(len(X), self.batch_size)[self._batch :]]

    def _step(self, X: np.ndarray, labels: np.ndarray, weights: tuple[np.ndarray, ...]) -> None:
        """Forward, backward and a step of the optimiser for one batch, with a weight for each sample or without."""
        self.model.train()  # a callback may have looked at it in evaluation
        scores = self.model(self.augment(X, self.rng) if self.augment else X)
        loss = self.loss(scores, labels, *weights)
        if self.penalty is not None:
            loss = loss + self.penalty(self.model)
        if loss.size != 1:
            raise ValueError(errors.LOSS_NUMBER.format(loss=self.loss, got=describe(loss)))
        self.batch_loss = loss.item()
        if not isfinite(self.batch_loss):
            raise self._diverged(f"the loss became {self.batch_loss}", self.steps + 1)
        self.optimizer.zero_grad()
        loss.backward()
        if self.clip_norm is not None:
            clip_grad_norm(self.optimizer.parameters, self.clip_norm)
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        self.steps += 1
        self._batch += 1
        self._seen += len(X)
        self._loss_sum += self.batch_loss * len(X)
        right = hits(scores.data, labels)
        self._correct = None if right is None or self._correct is None else self._correct + int(right.sum())

    def _end_epoch(self, validation: Weighted | None) -> None:
        self._refuse_spoiled()
        measured = None if validation is None else self.evaluate(validation[:2], validation[2])
        if measured is not None and not isfinite(measured.loss):
            raise self._diverged(f"the loss on the validation samples became {measured.loss}", self.steps)
        loss, accuracy = self.running
        if self.schedule is not None:
            self.schedule.measured(loss if measured is None else measured.loss)
        self.begin_epoch()
        self.history.append(
            Epoch(
                number=len(self.history) + 1,
                loss=loss,
                accuracy=accuracy,
                validation_loss=None if measured is None else measured.loss,
                validation_accuracy=None if measured is None else measured.accuracy,
                metrics={} if measured is None else measured.metrics,
                learning_rate=float(self.optimizer.lr),
                seconds=self.seconds,
            )
        )
        self._note_good()

    def begin_epoch(self) -> None:
        """Let the next batch be the first of an epoch, of which the samples may be others."""
        self._order, self._batch = None, 0

    def evaluate(self, samples: Samples, sample_weight: np.ndarray | None = None) -> Measured:
        """The mean loss, the accuracy and the metrics of the model over samples, of which some may count more."""
        return evaluate(self.model, self.loss, samples, self.metrics, sample_weight)

    # What diverges

    def _note_good(self) -> None:
        """Remember where the training stands, to go back to where it goes wrong."""
        where = f"the end of epoch {len(self.history)}" if not self._batch else f"step {self.steps}"
        self._good = self.model.state_dict(), self._progress(), where if self.steps else "the start"

    def _refuse_spoiled(self) -> None:
        for name, tensor in self.model.named_tensors():
            if not np.isfinite(tensor.data).all():
                raise self._diverged(f"{name} became NaN or infinite", self.steps)

    def _diverged(self, what: str, step: int) -> Diverged:
        weights, progress, where = self._good
        text = errors.DIVERGED.format(
            what=what, step=step, epoch=len(self.history) + 1, rate=self.optimizer.lr, kept=where
        )
        self._take(weights, progress)
        return Diverged(text, self.model)

    # Checkpoints

    def _save_if_sound(self, path: str | os.PathLike[str] | None) -> None:
        """A checkpoint, if one is wanted, unless it would replace good weights by spoiled ones."""
        self._refuse_spoiled()
        if path is not None:
            self.save(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model and all that the training needs to go on, whole or not at all; `nn.load` reads the model."""
        checkpoint.save(path, self.model, notes={"training": self._state()})

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Go on from where `save` was: the next run ends bit for bit where it would have ended without a break.

        For a training that is made as the saved one was, and samples that are the same; the settings of the optimiser,
        its rate among them, are then those of the file. Raises FileError where the file is damaged or of another kind,
        ValueError where it is of another model, optimiser or schedule; this training is then as it was.
        """
        content = files.read(path)
        state = (content.notes or {}).get("training")
        if state is None:
            raise files.FileError(errors.NO_TRAINING.format(path=path))
        if content.notes["architecture"] != describe_architecture(self.model):
            theirs = checkpoint.restore(content, path, modules={type(module) for module in self.model.modules()})
            raise ValueError(errors.OTHER_ARCHITECTURE.format(path=path, got=theirs, expected=self.model))
        weights, before = self.model.state_dict(), self._progress()
        for name in ("batch_size", "loss and clip_norm", "random", "callbacks"):
            got, expected = _kinds(state[name]), _kinds(before[name])
            if got != expected:
                raise ValueError(errors.OTHER_TRAINING.format(path=path, what=name, got=got, expected=expected))
        try:
            history = [Epoch(**epoch) for epoch in state["history"]]
            self._take(content.arrays, state)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._take(weights, before)
            raise ValueError(errors.OTHER_MODEL_TRAINING.format(path=path, why=error)) from error
        self.history = history

    def _state(self) -> dict[str, Any]:
        """All that goes on beside the weights, as a checkpoint keeps it."""
        return {**self._progress(), "history": [epoch._asdict() for epoch in self.history]}

    def _progress(self) -> dict[str, Any]:
        """The same without the history, which only grows."""
        return {
            "loss and clip_norm": f"{self.loss!r}, {self.clip_norm}",
            "loss": self.loss.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": None if self.schedule is None else self.schedule.state_dict(),
            "callbacks": [[type(one).__name__, one.state_dict()] for one in self._stateful()],
            "random": [[name, rng.bit_generator.state] for name, rng in self._generators().items()],
            "batch_size": self.batch_size,
            "steps": self.steps,
            "seconds": self.seconds,
            "epoch": [self._order, self._batch, self._seen, self._correct, self._loss_sum],
        }

    def _take(self, weights: State, state: dict[str, Any]) -> None:
        self.model.load_state_dict(weights, assign=True)
        self.loss.load_state_dict(state["loss"], assign=True)
        self.optimizer.load_state_dict(state["optimizer"])
        if (self.schedule is None) != (state["schedule"] is None):
            got = (state["schedule"] or {}).get("type")
            raise ValueError(errors.OTHER_SCHEDULE.format(got=got, expected=type(self.schedule).__name__))
        if self.schedule is not None:
            self.schedule.load_state_dict(state["schedule"])
        for callback, (_, told) in zip(self._stateful(), state["callbacks"], strict=True):
            callback.load_state_dict(told)
        for rng, (_, told) in zip(self._generators().values(), state["random"], strict=True):
            rng.bit_generator.state = told
        self.steps, self.seconds = state["steps"], state["seconds"]
        self._order, self._batch, self._seen, self._correct, self._loss_sum = state["epoch"]

    def _stateful(self) -> list[Callback]:
        """The callbacks that have something to keep."""
        return [one for one in self.callbacks if type(one).state_dict is not Callback.state_dict]

    def _generators(self) -> dict[str, np.random.Generator]:
        """All random generators by name: the loop's own and those inside the model and the loss."""
        inside = {"model": self.model, "loss": self.loss}
        named = {f"{of}.{name}": rng for of, module in inside.items() for name, rng in module.generators().items()}
        return {"rng": self.rng, **named}


def _kinds(state: Any) -> Any:
    """What a part of the state must have in common with another's: its names, not what stands under them."""
    return [name for name, _ in state] if isinstance(state, list) else state


def _is_function(thing: Any) -> bool:
    return callable(thing) and not isinstance(thing, type)


def _all(things: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(things, (list, tuple)) and all(map(holds, things))
