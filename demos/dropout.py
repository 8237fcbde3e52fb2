"""Dropout leaves out a random share of the neurons in each step, which reduces overfitting.

The curves are measured with all neurons, on training images and on held-out validation images of the training set; the
test set is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.pipeline import make_pipeline
from stage import load, run, save

from classifiers import MLPClassifier, PCAWhitening, Standardizer, plots
from classifiers.callbacks import Callback
from nn import Dropout
from nn.training import Run


@dataclass
class Settings:
    p: float = 0.5
    """share of the hidden neurons that is dropped"""
    images: int = 1000
    """number of training images (the first ones); few, so that the network overfits"""
    validation: int = 2000
    """number of validation images (the last ones of the training set)"""
    neurons: int = 256
    """neurons of each of the two hidden layers"""
    epochs: int = 20
    """passes over the training images (epochs)"""
    seed: int = 0
    """seed of the masks, the weights and the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/dropout")
    """output folder for the pictures"""


class WithAllNeurons(Callback):
    """Measure the training images after each epoch in evaluation mode, as the validation images are."""

    def __init__(self, X: np.ndarray, y: np.ndarray) -> None:
        self.samples = X, y

    def on_epoch(self, training: Run) -> None:
        loss, accuracy, _ = training.evaluate(self.samples)
        training.history[-1] = training.history[-1]._replace(loss=loss, accuracy=accuracy)


def main(settings: Settings) -> None:
    dropout, ones = Dropout(settings.p, rng=settings.seed), np.ones((100, 1000))
    dropped = dropout(ones).data
    print(f"Dropout(p = {settings.p:g}) of {ones.size:,} ones")
    print(f"  in training: {np.mean(dropped == 0):.4f} of them become 0, the others ×1/(1 − p) = {dropped.max():.4f}")
    print(f"  mean:        {dropped.mean():.4f}, as before except for chance")
    dropout.eval()
    print(f"  in evaluation all pass: {np.mean(dropout(ones).data == 1):.4f} of them stay 1")

    steps = (f"a step, p = {settings.p:g}", "the next step", "evaluation")
    for ax, title in zip(plots.panels(3, size=(4.6, 3.6)), steps, strict=True):
        dropout.training = title != "evaluation"
        hidden = [dropout(np.ones(6)).data > 0 for layer in range(2)]
        picture = plots.network((4, 6, 6, 3), kept=[np.ones(4, bool), *hidden, np.ones(3, bool)], title=title, ax=ax)
    save(picture, settings.out / "mask.png")

    data = load(stand_in=settings.stand_in)
    n, m = settings.images, settings.validation
    if n < 2 or m < 1 or n + m > len(data.X_train):
        raise ValueError(f"--images and --validation must share {len(data.X_train)} images, got {n} and {m}")
    # A hundred principal components instead of 3,072 pixels, for speed.
    prepare = make_pipeline(Standardizer(), PCAWhitening(min(100, n - 1), random_state=settings.seed))
    X, y = prepare.fit_transform(data.X_train[:n]), data.y_train[:n]
    X_val, y_val = prepare.transform(data.X_train[-m:]), data.y_train[-m:]
    print(f"{f'after {settings.epochs} epochs':17}{'training':>10}{'validation':>12}{'gap':>8}{'validation loss':>17}")
    models = {}
    for name, p in {"without dropout": 0.0, f"dropout, p = {settings.p:g}": settings.p}.items():
        model = MLPClassifier(
            (settings.neurons, settings.neurons),
            dropout=p,
            standardize=False,
            learning_rate=0.001,
            schedule="constant",
            epochs=settings.epochs,
            batch_size=50,
            callbacks=[WithAllNeurons(X, y)],
            random_state=settings.seed,
        )
        models[name] = model.fit(X, y, X_val=X_val, y_val=y_val)
        last = model.history_[-1]
        gap = last.accuracy - last.validation_accuracy
        row = f"{last.accuracy:10.1%}{last.validation_accuracy:12.1%}{gap:8.1%}{last.validation_loss:17.3f}"
        print(f"{name:17}{row}")
    left, right = plots.panels(2, size=(5, 4))
    plots.loss_curves(models, title="loss", ax=left)
    save(plots.accuracy_curves(models, title="accuracy", ax=right), settings.out / "curves.png")


if __name__ == "__main__":
    run(main, Settings)
