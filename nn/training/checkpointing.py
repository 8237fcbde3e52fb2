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
from nn.training.history import Epoch
from nn.validation import SavedState


class Resumable:
    """The parts of a training run and how far it is; `Training` adds the loop.

    A checkpoint is the model's file as `nn.save` writes it, with the rest of the state in its metadata.
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
    _good: tuple[State, SavedState, str]  # the last good weights and progress, and where that was, in words

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a checkpoint: the model, and all that the run needs to continue.

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
        """Continue from a checkpoint: the next run ends bit for bit as it would have without the break.

        Construct this object as the saved one was, and train on the same samples. The settings of the optimiser, its
        learning rate included, become those of the file.

        Parameters
        ----------
        path : str or path-like
            What `save` wrote.

        Raises
        ------
        FileError
            If the file is damaged, or is not a checkpoint.
        ValueError
            If the file belongs to another model, loss, optimiser or schedule. Nothing is changed then.
        """
        content = files.read(path)
        saved = (content.metadata or {}).get("training")
        if content.metadata is None or saved is None:
            raise files.FileError(
                f"{path} holds no training run, but a model or other arrays; give a file that Training.save wrote, "
                f"or read the model with nn.load"
            )
        if content.metadata["architecture"] != describe_architecture(self.model):
            other = models.restore(content, path, modules={type(module) for module in self.model.modules()})
            raise ValueError(
                f"{path} belongs to a run of another model, {other}, got {self.model}; construct the model as it was"
            )
        weights, before = self.model.state_dict(), self._progress()
        for name in ("batch_size", "loss and clip_norm", "random", "callbacks"):
            theirs, ours = _names(saved[name]), _names(before[name])
            if theirs != ours:
                raise ValueError(
                    f"{path} belongs to another training run: its {name}: {theirs}, here: {ours}; "
                    f"construct the Training as it was, or start again"
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
            raise ValueError(f"the file has the schedule {theirs}, but here it is {type(self.schedule).__name__}")
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
        """Remember the present state, to roll back to it."""
        where = f"step {self.steps}" if self._position.batch else f"the end of epoch {len(self.history)}"
        self._good = self.model.state_dict(), self._progress(), where if self.steps else "the start"

    def _roll_back(self) -> str:
        """Return to the last good state, and say where that was."""
        weights, progress, where = self._good
        self._restore(weights, progress)
        return where


def _names(part: object) -> object:
    """What must be equal in both runs: of [name, state] pairs the names, otherwise the value itself."""
    return [name for name, _ in part] if isinstance(part, list) else part
