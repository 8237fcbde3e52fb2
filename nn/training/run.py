"""What a training run shows to its callbacks: its parts, its progress, and the metrics of each epoch."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from nn.module import Module
from nn.optim import Optimizer
from nn.schedules import Schedule
from nn.training.evaluation import Measured, Samples


class Epoch(NamedTuple):
    """Metrics of one epoch.

    Attributes
    ----------
    number : int
        The number of the epoch, from 1.
    loss : float
        The mean loss over the training samples, each measured when the sample was trained on.
    accuracy : float or None
        The share of training samples classified correctly, from 0 to 1, measured at the same time; None if the labels
        are not classes.
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


class Run(Protocol):
    """The interface of a training run that callbacks may use; `Training` implements it.

    Attributes
    ----------
    model : Module
        The model, in training mode during a step.
    loss : Module
        The loss, a module of (scores, labels).
    optimizer : Optimizer
        The optimiser. Without a schedule, a callback may set its learning rate ``optimizer.lr``.
    schedule : Schedule or None
        The schedule of the learning rate.
    history : list of Epoch
        The metrics of each complete epoch.
    steps : int
        The number of steps so far, over all epochs.
    seconds : float
        The time spent training so far, in seconds.
    batch_loss : float
        The loss of the last batch, penalty included.
    stopped : str or None
        The reason given to `stop`; None while the run continues.
    epochs : int
        The number of epochs at the end of the run.
    total_steps : int
        The number of steps at the end of the run.
    measures : tuple of str
        The names of what is measured in each epoch, such as "loss" and "validation_accuracy".
    running : tuple of (float, float or None)
        The mean loss and the accuracy of the current epoch so far.
    """

    model: Module
    loss: Module
    optimizer: Optimizer
    schedule: Schedule | None
    history: list[Epoch]
    steps: int
    seconds: float
    batch_loss: float
    stopped: str | None
    epochs: int
    total_steps: int
    measures: tuple[str, ...]

    @property
    def running(self) -> tuple[float, float | None]:
        """The mean loss and the accuracy of the current epoch so far."""

    def stop(self, why: str) -> None:
        """End the run after the current step or epoch.

        Parameters
        ----------
        why : str
            The reason, for `stopped`.
        """

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
