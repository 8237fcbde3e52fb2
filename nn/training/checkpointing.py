"""The state of a training run: saved to a file, resumed from it bit for bit, and rolled back after divergence."""

from __future__ import annotations

import os
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
from nn.validation import SavedState


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
        models.save(path, self.model, metadata={"training": {**self._progress(), "history": history}})

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Continue from a checkpoint, with the same results, bit for bit, as a run without interruption.

        Construct this object like the saved one, and train on the same samples. The settings of the optimiser, such as
        its learning rate, are replaced by those in the file.

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
        if content.metadata is None or saved is None:
            raise files.FileError(
                f"{path} contains no training run, only a model or other arrays; pass a file that Training.save wrote, "
                f"or read the model with nn.load"
            )
        if content.metadata["architecture"] != describe_architecture(self.model):
            other = models.restore(content, path, modules={type(module) for module in self.model.modules()})
            raise ValueError(
                f"{path} belongs to a run of another model, {other}, got {self.model}; construct the same model"
            )
        weights, before = self.model.state_dict(), self._progress()
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
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._restore(weights, before)
            raise ValueError(f"{path} does not fit this training run. {error}") from error
        self.history = history

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
        self.steps, self.seconds = progress["steps"], progress["seconds"]
        self._position = EpochPosition(*progress["epoch"])

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
