"""Callbacks of a training run: early stopping, a progress bar, TensorBoard, and your own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from math import isnan
from re import fullmatch
from typing import TYPE_CHECKING

from autograd.extend import describe
from nn.module import State
from nn.training.run import Run
from nn.validation import SavedState, check_flag, check_number

if TYPE_CHECKING:
    from tensorboardX import SummaryWriter


class Callback:
    """Base class of callbacks; override the methods that you need.

    Each method receives the `Training`, and may call ``training.stop("why")``. Annotate it as `Run`, which lists what a
    callback may use.

    Examples
    --------
    >>> class Rates(Callback):
    ...     def on_step(self, training):
    ...         print(training.steps, training.optimizer.lr)
    """

    def __init_subclass__(cls) -> None:
        """Reject misspelt methods, which would never be called."""
        super().__init_subclass__()
        for name in vars(cls):
            if name.startswith("on_") and not hasattr(Callback, name):
                known = ", ".join(method for method in vars(Callback) if method.startswith("on_"))
                raise TypeError(f"{cls.__name__} defines {name}, which is never called; a training run calls {known}")

    def __repr__(self) -> str:
        """The call that constructs it, which scikit-learn shows in the results of a search."""
        settings = [name for name in signature(type(self)).parameters if hasattr(self, name)]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in settings)})"

    def on_start(self, training: Run) -> None:
        """Run before the first step of a run, which may continue from a checkpoint.

        Parameters
        ----------
        training : Training
            The training run.
        """

    def on_step(self, training: Run) -> None:
        """Run after each step; `training.batch_loss` is the loss of the batch.

        Parameters
        ----------
        training : Training
            The training run.
        """

    def on_epoch(self, training: Run) -> None:
        """Run after each epoch; `training.history[-1]` has its metrics.

        Parameters
        ----------
        training : Training
            The training run.
        """

    def on_end(self, training: Run) -> None:
        """Run at the end of a run, even if it was interrupted or failed.

        Parameters
        ----------
        training : Training
            The training run.
        """

    def state_dict(self) -> SavedState:
        """Return the state to save in a checkpoint.

        Returns
        -------
        dict
            Strings, numbers and arrays, in dicts and lists.
        """
        return {}

    def load_state_dict(self, state: SavedState) -> None:
        """Continue from a saved state.

        Parameters
        ----------
        state : dict
            The result of `state_dict`.
        """


class EarlyStopping(Callback):
    """Stop a run that no longer improves, and restore the best weights of all epochs.

    A checkpoint holds both the last weights, from which the run can be continued, and the best ones. To keep the best
    model, save it with `nn.save` after the run.

    Parameters
    ----------
    patience : int, default 5
        The number of epochs without an improvement after which to stop.
    watch : str, default "validation_loss"
        The value to watch: "validation_loss", "validation_accuracy", "loss", "accuracy" or the name of a metric.
    least : float, default 0.0
        The smallest change that counts as an improvement, in the units of the watched value.
    maximize : bool, optional
        Whether larger values are better. Required for every metric but these: the default is False for the loss, and
        True for accuracy and `top_k`.

    Attributes
    ----------
    best : float or None
        The best value so far.
    best_epoch : int or None
        The number of the epoch with the best value, whose weights the model has after the run.
    """

    def __init__(
        self, patience: int = 5, *, watch: str = "validation_loss", least: float = 0.0, maximize: bool | None = None
    ) -> None:
        self.patience = check_number(int, "patience", patience, at_least=1)
        self.watch, self.least = watch, check_number(float, "least", least, at_least=0)
        self.maximize = _larger_is_better(watch) if maximize is None else check_flag("maximize", maximize)
        self.best: float | None = None
        self.best_epoch: int | None = None
        self.weights: State = {}  # after the best epoch
        self.last: State = {}  # at the end of the run, when the model gets the best ones

    def on_start(self, training: Run) -> None:
        if self.watch not in training.measures:
            known = ", ".join(training.measures)
            raise ValueError(
                f"EarlyStopping expected a value to watch among {known}, got {self.watch!r}; others need validation "
                "samples or metrics"
            )
        if not training.history:  # a new run
            self.best, self.best_epoch, self.weights, self.last = None, None, {}, {}
            return
        if self.last:  # continue from the last weights, not the best ones
            training.model.load_state_dict(self.last)
            self.last = {}
        self._stop_if_over(training)

    def on_epoch(self, training: Run) -> None:
        epoch = training.history[-1]
        value = epoch.metrics.get(self.watch, getattr(epoch, self.watch, None))
        if self._is_better(value):
            self.best, self.best_epoch, self.weights = value, epoch.number, training.model.state_dict()
        self._stop_if_over(training)

    def _is_better(self, value: float | None) -> bool:
        """Whether this is an improvement; NaN and None never are."""
        if value is None or isnan(value):
            return False
        if self.best is None:
            return True
        return (value - self.best if self.maximize else self.best - value) > self.least

    def _stop_if_over(self, training: Run) -> None:
        if training.history[-1].number - (self.best_epoch or 0) >= self.patience:
            training.stop(f"{self.watch} has not improved on {self.best} since epoch {self.best_epoch}")

    def on_end(self, training: Run) -> None:
        if self.weights:
            self.last = training.model.state_dict()
            training.model.load_state_dict(self.weights)

    def forget(self) -> None:
        """Free the stored weights; call this when the run will not be continued."""
        self.weights, self.last = {}, {}

    def state_dict(self) -> SavedState:
        return {"best": self.best, "best_epoch": self.best_epoch, "weights": self.weights, "last": self.last}

    def load_state_dict(self, state: SavedState) -> None:
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self.weights, self.last = state["weights"], state["last"]


def _larger_is_better(watch: str) -> bool:
    """Whether larger values of a metric are better, if its name makes that certain."""
    if not isinstance(watch, str):
        raise TypeError(f"watch must be the name of a value to watch, got {describe(watch)}")
    name = watch.removeprefix("validation_")
    if name == "loss":
        return False
    if name == "accuracy" or fullmatch(r"top_\d+", name):
        return True
    raise ValueError(
        f"EarlyStopping cannot tell from the name {watch!r} whether larger values are better, and would keep the worst "
        "weights if it guessed wrong; pass maximize=True, or maximize=False for an error"
    )


class Progress(Callback):
    """Print a line for each epoch and, in a terminal, show a bar with the loss, accuracy, rate and remaining time."""

    def on_start(self, training: Run) -> None:
        from tqdm import tqdm

        # disable=None: no bar unless the output is a terminal
        self.bar = tqdm(total=training.total_steps, initial=training.steps, unit="step", disable=None, leave=False)

    def on_step(self, training: Run) -> None:
        if not self.bar.disable:
            loss, accuracy = training.running
            shown = f"loss {loss:.3f}, " + ("" if accuracy is None else f"training {accuracy:.1%}, ")
            now = min(len(training.history) + 1, training.epochs)
            self.bar.set_postfix_str(
                f"epoch {now}/{training.epochs}, {shown}rate {training.optimizer.lr:.2g}", refresh=False
            )
        self.bar.update()

    def on_epoch(self, training: Run) -> None:
        self.bar.write(str(training.history[-1]))

    def on_end(self, training: Run) -> None:
        self.bar.close()
        if training.stopped:
            print(f"stopped: {training.stopped}")


class TensorBoard(Callback):
    """Write losses, accuracies, metrics and the learning rate of each epoch as TensorBoard event files.

    View them with ``tensorboard --logdir FOLDER``.

    Parameters
    ----------
    folder : str or path-like
        The folder to write to.

    Raises
    ------
    ImportError
        If tensorboardX is not installed.
    OSError
        During the run, if the files cannot be written, for example as the disk is full.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = folder
        self._writer()  # raises now if tensorboardX is not installed

    def on_start(self, training: Run) -> None:
        with self._named():
            self.writer = self._writer()(str(self.folder), purge_step=len(training.history) + 1)

    def on_epoch(self, training: Run) -> None:
        epoch = training.history[-1]
        named = {
            "loss/training": epoch.loss,
            "loss/validation": epoch.validation_loss,
            "accuracy/training": epoch.accuracy,
            "accuracy/validation": epoch.validation_accuracy,
            "learning_rate": epoch.learning_rate,
            **{f"metrics/{name}": value for name, value in epoch.metrics.items()},
        }
        with self._named():
            for name, value in named.items():
                if value is not None:
                    self.writer.add_scalar(name, value, epoch.number)
            self.writer.flush()

    def on_end(self, training: Run) -> None:
        with self._named():
            self.writer.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Let an OSError name the folder, and what to do."""
        try:
            yield
        except OSError as error:
            raise OSError(
                error.errno,
                f"cannot write TensorBoard files to {os.fspath(self.folder)}: {error.strerror or error}. Free some "
                "space or write elsewhere, and continue from the last checkpoint, if there is one",
            ) from error

    @staticmethod
    def _writer() -> type[SummaryWriter]:
        try:
            from tensorboardX import SummaryWriter
        except ImportError as error:
            raise ImportError(
                "TensorBoard files need the package tensorboardX: pip install 'gatewise[tensorboard]'"
            ) from error
        return SummaryWriter
