"""The history of a training run: the metrics of each epoch, and a file of JSON lines that keeps them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograd.extend import atomic_write
from nn.training.callbacks import Callback

if TYPE_CHECKING:
    from nn.training.loop import Training


class Epoch(NamedTuple):
    """Metrics of one epoch.

    Attributes
    ----------
    number : int
        The number of the epoch, from 1.
    loss : float
        The mean of the samples' losses, each computed when the sample was trained on.
    accuracy : float or None
        The share of samples classified correctly, computed at the same time; None if the labels are not classes.
    validation_loss, validation_accuracy : float or None
        The same for the validation samples at the end of the epoch; None without validation samples.
    metrics : dict of float
        The metrics of the validation samples by name.
    learning_rate : float
        The learning rate at the end of the epoch.
    seconds : float
        The time spent training until then, in seconds.
    """

    number: int
    loss: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    metrics: dict[str, float]
    learning_rate: float
    seconds: float

    def __str__(self) -> str:
        text = f"epoch {self.number:3}  loss {self.loss:.4f}"
        if self.accuracy is not None:
            text += f"  training {self.accuracy:7.2%}"
        if self.validation_accuracy is not None:
            text += f"  validation {self.validation_accuracy:7.2%}"
        elif self.validation_loss is not None:
            text += f"  validation loss {self.validation_loss:.4f}"
        text += "".join(f"  {name} {value:.4f}" for name, value in self.metrics.items())
        return f"{text}  {self.seconds:5.1f} s"


class HistoryFile(Callback):
    """Write each epoch to a file as it ends, one JSON object a line.

    `read_history` reads the file, and so does pandas. When a killed run is resumed, the lines beyond its checkpoint are
    replaced.

    Parameters
    ----------
    path : str or path-like
        The file.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def on_start(self, training: Training) -> None:
        atomic_write(self.path, "".join(map(_line, training.history)).encode())

    def on_epoch(self, training: Training) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(training.history[-1]))


def read_history(path: str | os.PathLike[str]) -> list[Epoch]:
    """Read the epochs that `HistoryFile` wrote.

    Parameters
    ----------
    path : str or path-like
        The file. An incomplete last line is left out.

    Returns
    -------
    list of Epoch
        The epochs.

    Raises
    ------
    ValueError
        If a line is not an epoch.
    OSError
        If the file cannot be read.
    """
    complete = Path(path).read_text(encoding="utf-8").rpartition("\n")[0]
    epochs = []
    for number, line in enumerate(complete.splitlines(), start=1):
        try:
            epochs.append(Epoch(**json.loads(line)))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}, is no epoch of a training run: {error}") from error
    return epochs


def _line(epoch: Epoch) -> str:
    return json.dumps(epoch._asdict()) + "\n"
