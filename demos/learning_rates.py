"""Learning rates that are too small, good, too large, or so large that the loss diverges; batches of 32, 64 and 128.

Small networks learn the first CIFAR-10 images by SGD, all from the same weights: with four rates, and with three batch
sizes at the good rate. For equal work a smaller batch takes more steps, and each is noisier.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from classifiers import MLPClassifier, plots
from classifiers.callbacks import Callback
from classifiers.history import Epoch
from nn.optim import SGD
from nn.training import Run


@dataclass
class Settings:
    rates: tuple[float, float, float, float] = (0.001, 0.03, 0.12, 0.3)
    """learning rates: too small, good, too large, diverging"""
    batch_sizes: tuple[int, ...] = (32, 64, 128)
    """batch sizes; the first one is used for all rates"""
    images: int = 1000
    """number of training images (the first ones)"""
    epochs: int = 10
    """passes over them (epochs)"""
    seed: int = 0
    """seed of the weights and the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/learning_rates")
    """output folder for the pictures"""


class Curve(Callback):
    """Keep the metrics of each epoch, also if the run diverges, and the loss before the first step."""

    def __init__(self, X: np.ndarray, y: np.ndarray) -> None:
        self.samples = X, y

    def on_start(self, training: Run) -> None:
        start = training.evaluate(self.samples)
        self.epochs = [Epoch(0, start.loss, start.accuracy, None, None, {}, training.optimizer.lr, 0.0)]

    def on_epoch(self, training: Run) -> None:
        self.epochs.append(training.history[-1])


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(100, len(data.X_train)))
    X, y = data.X_train[: settings.images], data.y_train[: settings.images]

    def learn(rate: float, batch_size: int) -> tuple[list[Epoch], str]:
        """Return the epochs of a training run, and its outcome in words."""
        curve = Curve(X, y)
        model = MLPClassifier(
            (32,), optimizer=SGD, learning_rate=rate, schedule="constant", batch_size=batch_size,
            epochs=settings.epochs, callbacks=[curve], random_state=settings.seed,
        )  # fmt: skip
        try:
            losses = model.fit(X, y).loss_curve_
        except FloatingPointError as error:
            return curve.epochs, str(error).partition(":")[0]
        rises = sum(after > before for before, after in pairwise(losses))
        return curve.epochs, f"loss {curve.epochs[0].loss:.4f} → {losses[-1]:.4f}, which rose in {rises} epochs"

    by_rate, by_size = {}, {}
    for name, rate in zip(("too small", "good", "too large", "diverging"), settings.rates, strict=True):
        by_rate[f"{name}: {rate:g}"], told = learn(rate, settings.batch_sizes[0])
        print(f"{name + ',':10} α = {rate:<6g} {told}")
    for size in settings.batch_sizes:
        by_size[f"batches of {size}"], told = learn(settings.rates[1], size)
        print(f"batches of {size:<4}{settings.epochs * -(-len(X) // size):6} steps: {told}")

    rates = plots.loss_curves(by_rate, highest=4, title="the loss by learning rate")
    save(rates, settings.out / "rates.png")
    sizes = plots.loss_curves(by_size, title=f"the loss by batch size, α = {settings.rates[1]:g}")
    save(sizes, settings.out / "batches.png")


if __name__ == "__main__":
    run(main, Settings)
