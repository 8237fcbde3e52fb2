"""The state of a training run: saved to a file, resumed from it bit for bit, and rolled back after divergence."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

import numpy as np

from nn.module import Module, State
from nn.optim import Optimizer
from nn.saving import files, models
from nn.saving.architecture import describe_architecture
from nn.schedules import Schedule
from nn.training.batches import EpochPosition
from nn.training.callbacks import Callback
from nn.training.run import Epoch
from nn.validation import SavedState, check_number

MAX_LINES = 200  # of a model in an error message


class Resumable:
    """The state of a training run, with `save` and `resume`; `Training` adds the loop.

    A checkpoint is a model file, as `nn.save` writes it, with the rest of the state in its metadata.
    """

    model: Module
    loss: Module
    optimizer: Optimizer
    schedule: Schedule | None
    batch_size: int
    clip_norm: float | None
    callbacks: Sequence[Callback]
    rng: np.random.Generator
    history: list[Epoch]
    steps: int
    seconds: float
    _position: EpochPosition
    _good: tuple[State, SavedState, str]  # the last good weights and progress, and a description such as "step 3"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a checkpoint: the model, and the state that the run needs to continue.

        The file is written atomically. `nn.load` reads the model from it.

        Parameters
        ----------
        path : str or path-like
            The file to write or replace.

        Raises
        ------
        ArchitectureError
            If the model cannot be described as plain data.
        OSError
            If the file cannot be written.
        """
        history = [epoch._asdict() for epoch in self.history]
        training = {**self._progress(), "history": history, "blas_threads": blas_threads()}
        models.save(path, self.model, metadata={"training": training})

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Continue from a checkpoint, with the same results, bit for bit, as a run without interruption.

        Construct this object like the saved one, and train on the same samples. The settings of the optimiser, such as
        its learning rate, are replaced by those in the file. The same bits need the same machine and the same number of
        threads in BLAS, which rounds products by them; if threadpoolctl is installed, as with scikit-learn, a warning
        tells if that number differs.

        Parameters
        ----------
        path : str or path-like
            The file that `save` wrote.

        Raises
        ------
        FileError
            If the file is damaged, or is not a checkpoint.
        ValueError
            If the file belongs to another model, loss, optimiser or schedule. This object is then unchanged.
        """
        content = files.read(path)
        saved = (content.metadata or {}).get("training")
        if content.metadata is None or not isinstance(saved, dict):
            raise files.FileError(
                f"{path} contains no training run, only a model or other arrays; pass a file that Training.save wrote, "
                f"or read the model with nn.load"
            )
        weights, before = self.model.state_dict(), self._progress()
        lacks = ({"history", *before} - saved.keys()) | ({"architecture"} - content.metadata.keys())
        if lacks:
            raise files.FileError(
                f"{path} contains a training run without {', '.join(sorted(lacks))}; pass a file that Training.save "
                f"wrote"
            )
        if content.metadata["architecture"] != describe_architecture(self.model):
            other = models.restore(content, path, modules={type(module) for module in self.model.modules()})
            raise ValueError(
                f"{path} belongs to a run of another model, {_short_repr(other)}, got {self.model}; construct the same "
                f"model"
            )
        for name in ("batch_size", "loss and clip_norm", "random", "callbacks"):
            theirs, ours = _names(saved[name]), _names(before[name])
            if theirs != ours:
                raise ValueError(
                    f"{path} belongs to another training run: expected {name} {ours}, got {theirs}; "
                    f"construct the Training like the saved one, or start a new run"
                )
        try:
            history = [Epoch(**epoch) for epoch in saved["history"]]
            self._restore(content.arrays, saved)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            self._restore(weights, before)
            raise ValueError(f"{path} does not fit this training run. {error}") from error
        self.history = history
        self._warn_of_other_threads(path, saved.get("blas_threads"))

    def _warn_of_other_threads(self, path: str | os.PathLike[str], theirs: object) -> None:
        """Warn if matrix products are computed by another number of threads, which rounds them differently."""
        ours = blas_threads()
        if None not in (theirs, ours) and theirs != ours:
            warnings.warn(
                f"{path} was written by a run whose BLAS used {theirs} threads, now it uses {ours}: matrix products "
                f"are rounded differently, and the run will not end with the same bits. For the same bits, start "
                f"Python with OPENBLAS_NUM_THREADS={theirs} (or the variable of your BLAS) in its environment",
                stacklevel=3,
            )

    def _progress(self) -> SavedState:
        """The state without the model's weights and the history."""
        position = self._position
        return {
            "loss and clip_norm": f"{self.loss!r}, {self.clip_norm}",
            "loss": self.loss.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": None if self.schedule is None else self.schedule.state_dict(),
            "callbacks": [[type(callback).__name__, callback.state_dict()] for callback in self._stateful_callbacks()],
            "random": [[name, rng.bit_generator.state] for name, rng in self._generators().items()],
            "batch_size": self.batch_size,
            "steps": self.steps,
            "seconds": self.seconds,
            "epoch": [position.order, position.batch, position.seen, position.correct, position.loss_sum],
        }

    def _restore(self, weights: State, progress: SavedState) -> None:
        steps = check_number(int, "steps", progress["steps"], at_least=0)
        seconds = check_number(float, "seconds", progress["seconds"], at_least=0)
        order, batch, seen, correct, loss_sum = progress["epoch"]
        position = _checked_position(EpochPosition(order, batch, seen, correct, loss_sum))
        self.model.load_state_dict(weights, assign=True)
        self.loss.load_state_dict(progress["loss"], assign=True)
        self.optimizer.load_state_dict(progress["optimizer"])
        if (self.schedule is None) != (progress["schedule"] is None):
            theirs = (progress["schedule"] or {}).get("type")
            raise ValueError(f"expected the schedule {type(self.schedule).__name__}, got {theirs}")
        if self.schedule is not None:
            self.schedule.load_state_dict(progress["schedule"])
        for callback, (_, state) in zip(self._stateful_callbacks(), progress["callbacks"], strict=True):
            callback.load_state_dict(state)
        for rng, (_, state) in zip(self._generators().values(), progress["random"], strict=True):
            rng.bit_generator.state = state
        self.steps, self.seconds, self._position = steps, seconds, position

    def _stateful_callbacks(self) -> list[Callback]:
        """The callbacks that have a state to save."""
        return [callback for callback in self.callbacks if type(callback).state_dict is not Callback.state_dict]

    def _generators(self) -> dict[str, np.random.Generator]:
        """All random generators by name: the run's own, and those inside the model and the loss."""
        modules = {"model": self.model, "loss": self.loss}
        inner = {f"{part}.{name}": rng for part, module in modules.items() for name, rng in module.generators().items()}
        return {"rng": self.rng, **inner}

    def _mark_good(self) -> None:
        """Keep a copy of the current state to roll back to."""
        where = f"step {self.steps}" if self._position.batch else f"the end of epoch {len(self.history)}"
        self._good = self.model.state_dict(), self._progress(), where if self.steps else "the start"

    def _roll_back(self) -> str:
        """Restore the last good state, and return its description."""
        weights, progress, where = self._good
        self._restore(weights, progress)
        return where


def _names(part: object) -> object:
    """What must be the same in both runs: the names of [name, state] pairs, or the value itself."""
    return [name for name, _ in part] if isinstance(part, list) else part


def _short_repr(model: Module) -> str:
    """The repr of a model from a file; only its class if that were long, as it repeats modules that are shared."""
    lines: dict[int, int] = {}

    def count(module: Module) -> int:
        if id(module) not in lines:
            lines[id(module)] = 1 + sum(count(child) for _, child in module.children())
        return lines[id(module)]

    return repr(model) if count(model) <= MAX_LINES else f"a {type(model).__name__}"


def _checked_position(position: EpochPosition) -> EpochPosition:
    """The position within an epoch; raises an error for one that no run has."""
    for name in ("batch", "seen"):
        check_number(int, name, getattr(position, name), at_least=0)
    check_number(int, "correct", position.correct, at_least=0, or_none=True)
    check_number(float, "loss_sum", position.loss_sum)
    order = position.order
    if order is not None:
        whole = isinstance(order, np.ndarray) and order.ndim == 1 and order.dtype.kind in "iu"
        if not whole or not np.array_equal(np.sort(order), np.arange(len(order))):
            raise ValueError("the order of samples must contain each sample once")
    return position


def blas_threads() -> int | None:
    """Return how many threads compute a matrix product.

    Returns
    -------
    int or None
        The number; None if threadpoolctl, which finds out, is not installed.
    """
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    return max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"), default=None)
