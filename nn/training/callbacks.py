"""Callbacks: what a training tells as it goes; early stopping, the progress bar and TensorBoard are made of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from inspect import signature
from math import isnan
from typing import TYPE_CHECKING, Any

from nn import errors
from nn.validation import check_number

if TYPE_CHECKING:
    from nn.training.loop import Training


class Callback:
    """What a training calls; a callback defines what it wants of this, and may call `training.stop("why")`.

    >>> class Rates(Callback):
    ...     def on_step(self, training):
    ...         print(training.steps, training.optimizer.lr)
    """

    def __init_subclass__(cls) -> None:
        """Refuse a misspelt call, which would never come."""
        super().__init_subclass__()
        for name in vars(cls):
            if name.startswith("on_") and not hasattr(Callback, name):
                known = ", ".join(call for call in vars(Callback) if call.startswith("on_"))
                raise TypeError(errors.UNKNOWN_CALL.format(callback=cls.__name__, got=name, known=known))

    def __repr__(self) -> str:
        """As it is made: what scikit-learn shows in the table of a search."""
        settings = [name for name in signature(type(self)).parameters if hasattr(self, name)]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in settings)})"

    def on_start(self, training: Training) -> None:
        """Before the first step of a run, which may go on with what a checkpoint had."""

    def on_step(self, training: Training) -> None:
        """After each step; `training.batch_loss` is what the batch came to."""

    def on_epoch(self, training: Training) -> None:
        """After each epoch, which is `training.history[-1]`."""

    def on_end(self, training: Training) -> None:
        """At the end of a run, also of one that was interrupted or failed."""

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint shall keep: texts, numbers and arrays, in dicts and lists."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` gave."""


class EarlyStopping(Callback):
    """Stops a training that no longer gets better, and gives its model the best weights of all epochs.

    patience  epochs without an improvement after which to stop
    watch     what to look at: "validation_loss", "validation_accuracy", "loss", "accuracy" or the name of a metric
    least     what counts as an improvement, in units of what is watched
    maximize  whether more is better; where None, all but losses are better the larger they are

    After the run `best_epoch` is the number of the epoch whose weights the model has. A checkpoint has the last ones,
    from which the training could go on, and the best beside them: to keep the model, `nn.save` it after the run.
    """

    def __init__(
        self, patience: int = 5, *, watch: str = "validation_loss", least: float = 0.0, maximize: bool | None = None
    ) -> None:
        self.patience = check_number(int, "patience", patience, at_least=1)
        self.watch, self.least = watch, check_number(float, "least", least, at_least=0)
        self.maximize = "loss" not in watch if maximize is None else maximize
        self.best: float | None = None
        self.best_epoch: int | None = None
        self.weights: dict[str, Any] = {}
        self.last: dict[str, Any] = {}  # of the run's end, after which the model has the best

    def on_start(self, training: Training) -> None:
        if self.watch not in training.measures:
            raise ValueError(errors.NOT_WATCHED.format(got=self.watch, known=", ".join(training.measures)))
        if not training.history:  # another training than before, perhaps
            self.best, self.best_epoch, self.weights, self.last = None, None, {}, {}
            return
        if self.last:  # the run goes on from where it ended, not from the best
            training.model.load_state_dict(self.last)
            self.last = {}
        self._stop_if_over(training)

    def on_epoch(self, training: Training) -> None:
        now = training.history[-1]
        value = now.metrics.get(self.watch, getattr(now, self.watch, None))
        if self._is_better(value):
            self.best, self.best_epoch, self.weights = value, now.number, training.model.state_dict()
        self._stop_if_over(training)

    def _is_better(self, value: float | None) -> bool:
        """Whether this is an improvement; a value that is NaN, or none, never is."""
        if value is None or isnan(value):
            return False
        if self.best is None:
            return True
        return (value - self.best if self.maximize else self.best - value) > self.least

    def _stop_if_over(self, training: Training) -> None:
        if training.history[-1].number - (self.best_epoch or 0) >= self.patience:
            training.stop(f"{self.watch} has not improved on {self.best} since epoch {self.best_epoch}")

    def on_end(self, training: Training) -> None:
        if self.weights:
            self.last = training.model.state_dict()
            training.model.load_state_dict(self.weights)

    def forget(self) -> None:
        """Let go of the weights that were kept to go on from, once there will be no going on."""
        self.weights, self.last = {}, {}

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "best_epoch": self.best_epoch, "weights": self.weights, "last": self.last}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.weights, self.last = state["weights"], state["last"]


class Progress(Callback):
    """A bar with loss, accuracy, rate and the time left, where the output is a terminal; and a line for each epoch."""

    def on_start(self, training: Training) -> None:
        from tqdm import tqdm

        # disable=None: no bar where the output is no terminal
        self.bar = tqdm(total=training.total_steps, initial=training.steps, unit="step", disable=None, leave=False)

    def on_step(self, training: Training) -> None:
        if not self.bar.disable:
            loss, accuracy = training.running
            shown = f"loss {loss:.3f}, " + ("" if accuracy is None else f"training {accuracy:.1%}, ")
            now = min(len(training.history) + 1, training.epochs)
            self.bar.set_postfix_str(
                f"epoch {now}/{training.epochs}, {shown}rate {training.optimizer.lr:.2g}", refresh=False
            )
        self.bar.update()

    def on_epoch(self, training: Training) -> None:
        self.bar.write(str(training.history[-1]))

    def on_end(self, training: Training) -> None:
        self.bar.close()
        if training.stopped:
            print(f"stopped: {training.stopped}")


class TensorBoard(Callback):
    """Writes losses, accuracies, metrics and the rate of each epoch as TensorBoard event files; wants tensorboardX.

    folder  where to write; look at it with `tensorboard --logdir folder`
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = folder
        self._writer()  # say at once where it is not installed

    def on_start(self, training: Training) -> None:
        self.writer = self._writer()(str(self.folder), purge_step=len(training.history) + 1)

    def on_epoch(self, training: Training) -> None:
        epoch = training.history[-1]
        named = {
            "loss/training": epoch.loss,
            "loss/validation": epoch.validation_loss,
            "accuracy/training": epoch.accuracy,
            "accuracy/validation": epoch.validation_accuracy,
            "learning_rate": epoch.learning_rate,
            **{f"metrics/{name}": value for name, value in epoch.metrics.items()},
        }
        for name, value in named.items():
            if value is not None:
                self.writer.add_scalar(name, value, epoch.number)
        self.writer.flush()

    def on_end(self, training: Training) -> None:
        self.writer.close()

    @staticmethod
    def _writer() -> Callable[..., Any]:
        try:
            from tensorboardX import SummaryWriter
        except ImportError as error:
            raise ImportError(errors.NO_TENSORBOARD) from error
        return SummaryWriter
