"""Every classifier has the same two functions: train(images, labels) -> model, predict(model, images) -> labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.base import clone
from stage import check, load, run, save

from classifiers import KNeighborsClassifier, LinearClassifier, MLPClassifier, plots


@dataclass
class Settings:
    images: int = 5000
    """number of training images (the first ones)"""
    queries: int = 2000
    """number of test images (the first ones)"""
    epochs: int = 10
    """passes over the training images (epochs), for the classifiers that need them"""
    seed: int = 0
    """seed of initialisation and the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/train_predict")
    """output folder for the picture"""


def train(images: np.ndarray, labels: np.ndarray, classifier: Any) -> Any:
    return clone(classifier).fit(images, labels)


def predict(model: Any, images: np.ndarray) -> np.ndarray:
    return model.predict(images)


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(100, len(data.X_train)), queries=(100, len(data.X_test)))
    images, labels = data.X_train[: settings.images], data.y_train[: settings.images]
    test_images, test_labels = data.X_test[: settings.queries], data.y_test[: settings.queries]

    descent = {"epochs": settings.epochs, "random_state": settings.seed}
    classifiers = {
        "5 nearest neighbours": KNeighborsClassifier(5),
        "linear, hinge": LinearClassifier(loss="hinge", alpha=0.3, learning_rate=5e-4, **descent),
        "linear, softmax": LinearClassifier(loss="softmax", **descent),
        "MLP, 64 neurons": MLPClassifier((64,), **descent),
    }
    accuracies = {}
    for name, classifier in classifiers.items():
        started = perf_counter()
        model = train(images, labels, classifier)
        trained = perf_counter()
        predicted = predict(model, test_images)
        times = f"train {trained - started:.3f} s, predict {perf_counter() - trained:.3f} s"
        accuracies[name] = np.mean(predicted == test_labels)
        print(f"{name + ':':22}{times}, test accuracy {accuracies[name]:.1%}")

    title = f"{len(images):,} training and {len(test_images):,} test images of {data.name}"
    bars = plots.score_bars(accuracies, chance=1 / len(data.target_names), score="test accuracy", title=title)
    save(bars, settings.out / "accuracies.png")


if __name__ == "__main__":
    run(main, Settings)
