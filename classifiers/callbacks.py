"""Callbacks: what a training tells as it goes; early stopping, the progress bar and TensorBoard are made of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from classifiers import errors
from nn.hyperparameters import checked

if TYPE_CHECKING:
    from classifiers.history import Epoch
    from classifiers.training import Training


class Callback:
    """What a training calls; a callback defines what it wants of this, and may call `training.stop("why")`.

    >>> class Rates(Callback):
    ...     def on_step(self, training):
    ...         print(training.steps, training.optimizer.lr)
    """

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

    After the run `best_epoch` is the number of the epoch whose weights the model has.
    """

    def __init__(
        self, patience: int = 5, *, watch: str = "validation_loss", least: float = 0.0, maximize: bool | None = None
    ) -> None:
        self.patience = checked(int, "patience", patience, at_least=1)
        self.watch, self.least = watch, checked(float, "least", least, at_least=0)
        self.maximize = "loss" not in watch if maximize is None else maximize
        self.best: float | None = None
        self.best_epoch: int | None = None
        self.weights: dict[str, Any] = {}

    def on_start(self, training: Training) -> None:
        if not training.history:  # another training than before, perhaps
            self.best, self.best_epoch, self.weights = None, None, {}

    def on_epoch(self, training: Training) -> None:
        now = training.history[-1]
        value = self._watched(now)
        gain = 0.0 if self.best is None else (value - self.best if self.maximize else self.best - value)
        if self.best is None or gain > self.least:
            self.best, self.best_epoch, self.weights = value, now.number, training.model.state_dict()
        elif self.best_epoch is not None and now.number - self.best_epoch >= self.patience:
            training.stop(f"{self.watch} has not improved on {self.best:.4g} since epoch {self.best_epoch}")

    def on_end(self, training: Training) -> None:
        if self.weights:
            training.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "best_epoch": self.best_epoch, "weights": self.weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.best, self.best_epoch, self.weights = state["best"], state["best_epoch"], state["weights"]

    def _watched(self, epoch: Epoch) -> float:
        value = epoch.metrics.get(self.watch, getattr(epoch, self.watch, None))
        if not isinstance(value, (int, float)):
            known = [name for name, other in epoch._asdict().items() if isinstance(other, float)]
            raise ValueError(errors.NOT_WATCHED.format(came=self.watch, known=", ".join([*known, *epoch.metrics])))
        return value


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
