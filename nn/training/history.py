"""The history of a training run in a file: one line of JSON for each epoch."""

from __future__ import annotations

import json
import os
from pathlib import Path

from autograd.extend import atomic_write, read_regular
from nn.training.callbacks import Callback
from nn.training.run import Epoch, Run

__all__ = ["Epoch", "HistoryFile", "read_history"]


class HistoryFile(Callback):
    """Write the metrics of each epoch to a file as it ends, as one line of JSON.

    Read the file with `read_history` or with pandas. When a killed run is resumed, the lines after its checkpoint are
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

    def on_start(self, training: Run) -> None:
        atomic_write(self.path, "".join(map(_line, training.history)).encode())

    def on_epoch(self, training: Run) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(_line(training.history[-1]))
        except OSError as error:
            raise OSError(
                error.errno,
                f"cannot write the metrics of epoch {training.history[-1].number} to {self.path}: {error.strerror}. "
                "Free some space or write elsewhere, and continue from the last checkpoint, if there is one",
            ) from error


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
    complete = read_regular(path).decode().rpartition("\n")[0]
    epochs = []
    for number, line in enumerate(complete.splitlines(), start=1):
        try:
            epochs.append(Epoch(**json.loads(line)))
        except (RecursionError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}, is not an epoch of a training run: {error}") from error
    return epochs


def _line(epoch: Epoch) -> str:
    return json.dumps(epoch._asdict()) + "\n"
