"""Train f(x, W) = Wx + b on CIFAR-10, with the hinge loss and with softmax, and draw the learned templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal

from stage import load, run, save

from classifiers import LinearClassifier, plots


@dataclass
class Settings:
    penalty: Literal["l2", "l1"] = "l2"
    """R(W): l1 or l2"""
    alpha: float | None = None
    """λ, the weight of R(W); by default one for each loss"""
    learning_rate: float | None = None
    """initial learning rate, which decays along a cosine; by default one for each loss"""
    batch_size: int = 256
    """batch size: 1 is stochastic gradient descent, 50000 batch gradient descent"""
    epochs: int = 15
    """passes over the training set (epochs)"""
    seed: int = 0
    """seed of the order of the images"""
    stand_in: bool = False
    """train on the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/train_linear")
    """output folder for the pictures"""


CHOSEN = {  # chosen on validation images
    "hinge": {"alpha": 0.3, "learning_rate": 5e-4},
    "softmax": {"alpha": 1e-4, "learning_rate": 1e-3},
}


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    if not data.is_cifar10:
        print("note: the accuracies below are on the stand-in; this is NOT CIFAR-10")
    for loss, chosen in CHOSEN.items():
        model = LinearClassifier(
            loss=loss,
            penalty=settings.penalty,
            alpha=chosen["alpha"] if settings.alpha is None else settings.alpha,
            learning_rate=chosen["learning_rate"] if settings.learning_rate is None else settings.learning_rate,
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            random_state=settings.seed,
        )
        started = perf_counter()
        model.fit(data.X_train, data.y_train)
        print(f"{loss}: {model.coef_.size + model.intercept_.size:,} parameters, {perf_counter() - started:.1f} s")
        print(f"{loss} test accuracy: {100 * model.score(data.X_test, data.y_test):.2f} %")
        title = f"what a linear model with {loss} loss looks for"
        save(plots.templates(model, names=data.target_names, title=title), settings.out / f"templates_{loss}.png")


if __name__ == "__main__":
    run(main, Settings)
