"""The training loop: epochs of shuffled mini-batches; for each batch forward, backward and an optimiser step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from inspect import signature
from math import isfinite
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from autograd import Tensor
from autograd.extend import describe
from nn.clipping import clip_grad_norm
from nn.module import Module
from nn.optim import Optimizer
from nn.saving.architecture import describe_architecture
from nn.schedules import Schedule
from nn.training.batches import Augment, EpochPosition, batches
from nn.training.callbacks import Callback, Progress
from nn.training.checkpointing import Resumable
from nn.training.evaluation import Measured, Samples, Weighted, checked_samples, checked_weights, evaluate, hits
from nn.training.interruption import interruptible
from nn.training.metrics import Metric
from nn.training.parts import PARTS, check_parts
from nn.training.run import Epoch
from nn.validation import check_number


class Diverged(FloatingPointError):
    """The loss or a weight became NaN or infinite.

    Parameters
    ----------
    text : str
        The message.
    model : Module
        The model.

    Attributes
    ----------
    model : Module
        The model, with its last good weights.
    """

    def __init__(self, text: str, model: Module) -> None:
        super().__init__(text)
        self.model = model

    def __reduce__(self) -> tuple[type[Diverged], tuple[str, Module]]:
        """Support pickling, which a search with n_jobs=2 needs."""
        return type(self), (str(self), self.model)


class Training(Resumable):
    """A training run: a model with its loss, optimiser and schedule, and the progress so far.

    Parameters
    ----------
    model : Module
        The model. It receives raw samples: make preprocessing its first layer (`nn.Standardize`), so that it is saved
        with the model.
    loss : Module
        A module of (scores, labels) that returns one number, the mean over the samples.
    optimizer : Optimizer
        An optimiser of the model's parameters.
    schedule : Schedule or None, default None
        A schedule of the learning rate; None leaves the rate unchanged.
    batch_size : int, default 256
        The number of samples in a step. The last batch of an epoch may be smaller; a single remaining sample joins the
        batch before it.
    augment : callable or None, default None
        A function ``(X, rng)`` that returns a changed copy of a batch of raw samples: see `classifiers.augmentation`.
    penalty : callable or None, default None
        A function of the model, such as ``lambda model: 0.001 * l2(model)``, added to the loss of each batch.
    clip_norm : float or None, default None
        The largest norm of the gradients in a step; larger ones are clipped to it.
    metrics : sequence of callable, default ()
        Functions of (scores, labels), measured on the validation samples: see `nn.training.metrics`.
    callbacks : sequence of Callback, default ()
        The objects to call during a run: see `nn.training.callbacks`.
    rng : Generator, int or None, default None
        A NumPy Generator or a seed, for shuffling and augmenting. On one machine the same seeds give the same weights,
        bit for bit, if BLAS uses the same number of threads.

    Attributes
    ----------
    history : list of Epoch
        The metrics of each epoch so far.
    steps : int
        The number of steps so far.
    seconds : float
        The time spent training so far, in seconds.
    batch_loss : float
        The loss of the last batch.
    stopped : str or None
        The reason if a callback stopped the last run, otherwise None.
    epochs, total_steps : int
        The number of epochs and of steps at the end of the current run.
    measures : tuple of str
        The names of what is measured in each epoch of the current run.
    running : tuple
        The mean loss and the accuracy of the current epoch so far.

    Raises
    ------
    TypeError
        If a part has the wrong type.
    ValueError
        If a part belongs to another model or optimiser, or a number is out of range.

    Examples
    --------
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
        check_parts({name: getattr(self, name) for name in PARTS})
        self.batch_size = check_number(int, "batch_size", batch_size, at_least=1)
        self.clip_norm = check_number(float, "clip_norm", clip_norm, above=0, or_none=True)
        self.rng = np.random.default_rng(rng)

        self.history: list[Epoch] = []
        self.steps = 0
        self.seconds = 0.0
        self.batch_loss = 0.0
        self.stopped: str | None = None
        self.epochs = self.total_steps = 0
        self.measures: tuple[str, ...] = ()
        self._position = EpochPosition()

    def run(
        self,
        samples: Samples,
        *,
        epochs: int,
        sample_weight: ArrayLike | None = None,
        validation: Samples | Weighted | None = None,
        save_to: str | os.PathLike[str] | None = None,
        save_every: int | None = None,
        verbose: bool = False,
    ) -> list[Epoch]:
        """Train until the run has `epochs` epochs in total.

        Ctrl-C ends the run after the current step and keeps the weights; a second Ctrl-C before that raises
        KeyboardInterrupt. Another call of `run` continues, even if a callback stopped the run. At the end the model is
        in evaluation mode.

        Parameters
        ----------
        samples : tuple of (array, array)
            X of shape (n, ...) in any dtype, and labels of shape (n,). Images may stay uint8.
        epochs : int
            The total number of epochs, including those of earlier calls.
        sample_weight : array of shape (n,), or None, default None
            The weights of the samples' losses. Weights with mean 1 keep the scale of the learning rate. The loss must
            accept them, as those of nn do.
        validation : tuple of arrays, or None, default None
            Samples to evaluate after each epoch and never train on: (X, labels) or (X, labels, sample_weight).
        save_to : path-like or None, default None
            The checkpoint file, written after each epoch and at the end of the run, even after Ctrl-C.
        save_every : int or None, default None
            The number of steps between additional checkpoints.
        verbose : bool, default False
            Whether to print a line for each epoch and, in a terminal, to show a progress bar.

        Returns
        -------
        list of Epoch
            The metrics of each epoch.

        Raises
        ------
        Diverged
            If the loss or a weight becomes NaN or infinite.
        ValueError
            If the samples or settings do not fit, or the schedule is too short.
        TypeError
            If the loss does not accept `sample_weight`.
        """
        X, labels, weights = self._checked_data("samples", samples, sample_weight)
        held_out = None if validation is None else self._checked_validation(validation)
        if held_out is not None and held_out[0].shape[1:] != X.shape[1:]:
            got = held_out[0].shape
            raise ValueError(f"validation expected samples shaped like the training samples, {X.shape}, got {got}")
        save_every = self._checked_saving(save_to, save_every)
        self._plan(len(X), epochs, validated=held_out is not None)
        callbacks = [*self.callbacks, *([Progress()] if verbose else [])]

        with interruptible() as interruption, ExitStack() as endings:

            def interrupted() -> bool:
                return interruption.requested or self.stopped is not None

            self._start(callbacks, endings)
            while len(self.history) < epochs and not interrupted():
                for batch in self._remaining_batches(X):
                    if interrupted():
                        break
                    inputs = Tensor(X[batch], copy=False)  # nothing else refers to the batch, so it needs no checksum
                    self._step(inputs, labels[batch], None if weights is None else weights[batch])
                    for callback in callbacks:
                        callback.on_step(self)
                    if save_every and self.steps % save_every == 0:
                        self._save_if_finite(save_to)
                else:  # the epoch is complete
                    self._end_epoch(held_out)
                    for callback in callbacks:
                        callback.on_epoch(self)
                    self._save_if_finite(save_to)
            if self._position.batch:  # the run ends within an epoch
                self._save_if_finite(save_to)
            if interruption.requested:
                resume = "" if save_to is None else f"; the run can be resumed from {save_to}"
                print(f"interrupted at step {self.steps}: the weights are kept{resume}", file=sys.stderr)
        return self.history

    def _step(self, X: Tensor, labels: np.ndarray, weights: np.ndarray | None) -> None:
        """Train on one batch: forward, backward, and a step of the optimiser."""
        self.model.train()  # a callback may have evaluated it
        scores = self.model(X if self.augment is None else Tensor(self.augment(X.data, self.rng), copy=False))
        loss = self.loss(scores, labels) if weights is None else self.loss(scores, labels, weights)
        if self.penalty is not None:
            loss = loss + self.penalty(self.model)
        self.batch_loss = self._number(loss)
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
        self.seconds = perf_counter() - self._started
        self._position.count(self.batch_loss, len(X), hits(scores.data, labels))

    def _end_epoch(self, validation: Weighted | None) -> None:
        """Measure the epoch, and append it to the history."""
        self._check_weights_finite()
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
        self._mark_good()

    def _remaining_batches(self, X: np.ndarray) -> list[np.ndarray]:
        """The sample indices of each batch left in the current epoch; starts a new epoch if needed."""
        order = self._position.order
        if order is None:
            order = self.rng.permutation(len(X))
            self._position = EpochPosition(order)
        return [order[part] for part in batches(len(X), self.batch_size)[self._position.batch :]]

    def begin_epoch(self) -> None:
        """Start an epoch with the next batch, which may be of other samples."""
        self._position.order, self._position.batch = None, 0

    def stop(self, why: str) -> None:
        """End the run after the current step or epoch.

        Parameters
        ----------
        why : str
            The reason, for `stopped`.
        """
        self.stopped = why or "a callback asked for it"

    @property
    def running(self) -> tuple[float, float | None]:
        """The mean loss and the accuracy of the current epoch so far."""
        return self._position.loss, self._position.accuracy

    def evaluate(self, samples: Samples, sample_weight: np.ndarray | None = None) -> Measured:
        """Measure the model on samples, in evaluation mode.

        Parameters
        ----------
        samples : tuple of (array, array)
            X of shape (n, ...) and labels of shape (n,).
        sample_weight : array of shape (n,), or None, default None
            The weight of each sample in the loss and the accuracy.

        Returns
        -------
        Measured
            The mean loss, the accuracy and the metrics.
        """
        return evaluate(self.model, self.loss, samples, self.metrics, sample_weight)

    # Before and after a run

    def _start(self, callbacks: Sequence[Callback], endings: ExitStack) -> None:
        """Start a run: clock and callbacks. What ends it is pushed to `endings`."""
        self._started = perf_counter() - self.seconds
        endings.callback(self._finish)
        for callback in callbacks:
            callback.on_start(self)
            endings.callback(callback.on_end, self)
        self._mark_good()

    def _finish(self) -> None:
        """Switch to evaluation mode, and clear the gradients, which would otherwise be pickled."""
        self.model.eval()
        self.optimizer.zero_grad()

    def _plan(self, n: int, epochs: int, *, validated: bool) -> None:
        """Plan a run over n samples, and raise errors that would otherwise occur during it."""
        check_number(int, "epochs", epochs, at_least=1)
        check_number(int, "batch_size", self.batch_size, at_least=1, at_most=n, note=f"for {n} samples")
        order = self._position.order
        if order is not None and len(order) != n:
            raise ValueError(f"this run is within an epoch over {len(order)} samples, got {n}; pass the same samples")
        left = max(0, len(batches(n, self.batch_size)) * (epochs - len(self.history)) - self._position.batch)
        if self.schedule is not None and left:
            try:
                self.schedule.factor(self.schedule.taken + left)
            except ValueError as error:
                raise ValueError(f"this run would end with step {self.steps + left}: {error}") from error
        held_out = ("validation_loss", "validation_accuracy", *(metric.__name__ for metric in self.metrics))
        self.measures = ("loss", "accuracy", *(held_out if validated else ()))
        self.epochs, self.total_steps, self.stopped = epochs, self.steps + left, None

    def _checked_data(self, name: str, samples: Samples, sample_weight: ArrayLike | None = None) -> Weighted:
        """X, labels and sample weights, or None, as arrays."""
        X, labels = checked_samples(name, samples)
        if sample_weight is None:
            return X, labels, None
        if "sample_weight" not in signature(self.loss.forward).parameters:
            raise TypeError(
                f"{self.loss} accepts no sample weights; add a third parameter sample_weight to its forward, as in the "
                "losses of nn"
            )
        return X, labels, checked_weights(sample_weight, len(X))

    def _checked_validation(self, validation: object) -> Weighted:
        """X, labels and sample weights, or None, of the validation samples."""
        parts = tuple(validation) if isinstance(validation, Iterable) else ()
        if len(parts) not in (2, 3):
            raise ValueError(
                f"validation expected (X, labels) or (X, labels, sample_weight), got {describe(validation)}; "
                "pass a tuple of arrays"
            )
        return self._checked_data("validation", parts[:2], *parts[2:])

    def _checked_saving(self, save_to: str | os.PathLike[str] | None, save_every: int | None) -> int | None:
        """Raise errors in saving before the first step instead of after an epoch."""
        if save_to is not None:
            describe_architecture(self.model)
        elif save_every is not None:
            raise ValueError(
                f"save_every={save_every!r} expected a file to write checkpoints to, got none; pass save_to=, too"
            )
        return check_number(int, "save_every", save_every, at_least=1, or_none=True)

    # Divergence

    def _number(self, loss: Tensor) -> float:
        """The loss of a batch as a number."""
        if loss.size != 1:
            raise ValueError(
                f"Training expected a loss of one number, got {describe(loss)} from {self.loss}; "
                f"construct it with reduction='mean'"
            )
        return loss.item()

    def _check_weights_finite(self) -> None:
        for name, tensor in self.model.named_tensors():
            if not np.isfinite(tensor.data).all():
                raise self._diverged(f"{name} became NaN or infinite", self.steps)

    def _save_if_finite(self, path: str | os.PathLike[str] | None) -> None:
        """Save a checkpoint if there is a file for it, but never one with NaN or infinity."""
        self._check_weights_finite()
        if path is not None:
            self.save(path)

    def _diverged(self, what: str, step: int) -> Diverged:
        """Roll back to the last good state, and describe what happened."""
        epoch, rate = len(self.history) + 1, self.optimizer.lr
        where = self._roll_back()
        return Diverged(
            f"{what} at step {step} (epoch {epoch}): training diverged. The model was reset to {where}. "
            f"Try a smaller learning rate (it was {rate:.3g}), clip_norm=1, standardised inputs, or float64",
            self.model,
        )
