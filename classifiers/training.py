"""The training loop: epochs of shuffled mini-batches, forward, backward, step; what each epoch came to."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from time import perf_counter
from typing import NamedTuple

import numpy as np

from autograd import Tensor, no_grad
from classifiers import errors
from nn import Module
from nn.optim import Optimizer
from nn.schedules import OneCycle

Prepare = Callable[[np.ndarray], np.ndarray]  # raw samples to what the model takes
Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]  # changes raw samples at random, for training alone
Samples = tuple[np.ndarray, np.ndarray]  # X (n, features), labels (n,)
EVALUATED = 1000  # samples that pass through the model at a time where no gradient is wanted


class Epoch(NamedTuple):
    """What one epoch came to; loss and accuracy are means over its batches, as they were when each was trained on."""

    number: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float

    def __str__(self) -> str:
        text = f"epoch {self.number:3}  loss {self.loss:.4f}  training {self.accuracy:7.2%}"
        if self.validation_accuracy is not None:
            text += f"  validation {self.validation_accuracy:7.2%}"
        return f"{text}  {self.seconds:5.1f} s"


def train(
    model: Module,
    loss: Module,
    optimizer: Optimizer,
    schedule: OneCycle,
    samples: Samples,
    *,
    prepare: Prepare,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    augment: Augment | None = None,
    validation: Samples | None = None,
    verbose: bool = False,
) -> list[Epoch]:
    """Train the model in place and return what each epoch came to.

    schedule    made for epochs × batches of an epoch steps
    samples     X (n, features) in any dtype and labels (n,); a batch at a time is prepared, so images stay uint8
    augment     changes each batch before it is prepared, drawing from rng
    rng         shuffles the samples anew for each epoch: the same seed gives the same training, bit for bit
    validation  samples to measure after each epoch; never trained on
    verbose     show a progress bar, where the output is a terminal, and a line for each epoch
    """
    from tqdm import tqdm

    X, labels = samples
    history: list[Epoch] = []
    started = perf_counter()
    with tqdm(total=schedule.total_steps, unit="batch", disable=None if verbose else True) as bar:
        for number in range(1, epochs + 1):
            model.train()
            total_loss = correct = 0.0
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                batch = order[start : start + batch_size]
                scores = model(prepare(augment(X[batch], rng) if augment else X[batch]))
                batch_loss = loss(scores, labels[batch])
                value = batch_loss.item()
                if not isfinite(value):
                    raise FloatingPointError(errors.DIVERGED.format(loss=value, epoch=number))
                optimizer.zero_grad()
                batch_loss.backward()
                optimizer.step()
                schedule.step()
                total_loss += value * len(batch)
                correct += np.count_nonzero(scores.data.argmax(axis=1) == labels[batch])
                bar.update()
                bar.set_postfix_str(f"epoch {number}/{epochs}, loss {value:.3f}", refresh=False)
            held_out = evaluate(model, loss, validation, prepare) if validation is not None else (None, None)
            seconds = perf_counter() - started
            history.append(Epoch(number, total_loss / len(X), correct / len(X), held_out[0], held_out[1], seconds))
            if verbose:
                bar.write(str(history[-1]))
    model.eval()
    optimizer.zero_grad()  # a trained model is kept and pickled without its last gradients
    return history


def evaluate(model: Module, loss: Module, samples: Samples, prepare: Prepare) -> tuple[float, float]:
    """The mean loss and the accuracy of a model over samples."""
    X, labels = samples
    scores = predict_scores(model, X, prepare)
    return loss(Tensor(scores, copy=False), labels).item(), float(np.mean(scores.argmax(axis=1) == labels))


def predict_scores(model: Module, X: np.ndarray, prepare: Prepare) -> np.ndarray:
    """The model's output (n, classes) for X (n, features), in evaluation mode, without recording."""
    model.eval()
    with no_grad():
        parts = [model(prepare(X[start : start + EVALUATED])).data for start in range(0, len(X), EVALUATED)]
    return np.concatenate(parts)
