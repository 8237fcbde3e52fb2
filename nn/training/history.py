"""The history of a training: what each epoch came to, kept in a file of JSON lines as it grows."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.extend import atomic_write
from nn import errors
from nn.training.callbacks import Callback

if TYPE_CHECKING:
    from nn.training.loop import Training


class Epoch(NamedTuple):
    """What one epoch came to.

    loss, accuracy   means over its samples, as they were when each was trained on; accuracy None where the labels are
                     no classes
    validation_loss, validation_accuracy, metrics
                     of the validation samples at its end; None and {} without any
    learning_rate    at its end
    seconds          of training until then
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
    """Writes each epoch to a file as it ends, one JSON object a line; `read_history` reads it, and so does pandas.

    What a killed training had written beyond its checkpoint is replaced when it is resumed.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def on_start(self, training: Training) -> None:
        atomic_write(self.path, "".join(map(_line, training.history)).encode())

    def on_epoch(self, training: Training) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(training.history[-1]))


def read_history(path: str | os.PathLike[str]) -> list[Epoch]:
    """The epochs that HistoryFile wrote; a last line that is not whole yet is left out. Raises ValueError."""
    whole = Path(path).read_text(encoding="utf-8").rpartition("\n")[0]
    epochs = []
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            epochs.append(Epoch(**json.loads(line)))
        except (TypeError, ValueError) as error:
            raise ValueError(errors.HISTORY_LINE.format(path=path, number=number, why=error)) from error
    return epochs


def _line(epoch: Epoch) -> str:
    values: dict[str, Any] = epoch._asdict()
    return json.dumps(values) + "\n"
