"""The loss has two parts, data loss + λR(W): the larger λ, the smaller the weights; the gradient of R(W) = ΣW² is 2W.

A linear softmax classifier is trained on a few CIFAR-10 images for each λ. A few images are easy to memorise with large
weights; what counts is the accuracy on other images.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from autograd import Tensor, gradcheck
from classifiers import LinearClassifier, plots
from nn import CrossEntropyLoss, l2


@dataclass
class Settings:
    lambdas: tuple[float, ...] = (0.0, 0.01, 0.1, 1.0)
    """values of λ, the weight of R(W)"""
    images: int = 500
    """number of training images (the first ones)"""
    epochs: int = 30
    """passes over them (epochs)"""
    seed: int = 0
    """seed of the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/regularisation")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(100, len(data.X_train)))
    X, y = data.X_train[: settings.images], data.y_train[: settings.images]

    print("     λ   data loss + λR(W)  = loss          R(W)   test accuracy")
    rows = []
    for weight in settings.lambdas:
        model = LinearClassifier(
            alpha=weight, learning_rate=0.002, batch_size=50, epochs=settings.epochs, random_state=settings.seed
        ).fit(X, y)
        data_loss = CrossEntropyLoss()(Tensor(model.decision_function(X)), y).item()
        size = l2(model.model_).item()
        rows.append((data_loss, weight * size))
        accuracy = model.score(data.X_test[:2000], data.y_test[:2000])
        parts = f"{data_loss:11.4f} + {weight * size:.4f} = {data_loss + weight * size:.4f}"
        print(f"{weight:6g} {parts} {size:12.4f} {accuracy:15.1%}")

    W = Tensor(np.array([[0.5, -1.0, 2.0], [0.0, 0.25, -3.0]]), requires_grad=True, label="W")
    l2([W]).backward()
    print(f"\nW     = {W.data.tolist()}\n∂R/∂W = {W.grad.tolist()} = 2W: {np.array_equal(W.grad, 2 * W.data)}")
    print(gradcheck(lambda W: l2([W]), W))

    data_losses, penalties = np.transpose(rows)
    stacks = {"data loss": data_losses, "λR(W)": penalties}
    names = [f"λ = {weight:g}" for weight in settings.lambdas]
    bars = plots.stacked_bars(stacks, names, number=".3f", title="the loss after training, in its two parts")
    save(bars, settings.out / "parts.png")


if __name__ == "__main__":
    run(main, Settings)
