"""Better features raise the attainable accuracy: the same linear model on raw pixels and on handmade features.

A colour histogram describes the colours of an image, oriented gradients the position and direction of its edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from classifiers import LinearClassifier, features, plots


@dataclass
class Settings:
    images: int = 5000
    """number of training images (the first ones)"""
    epochs: int = 10
    """passes over them (epochs)"""
    shown: int = 0
    """index of the training image whose features are drawn"""
    seed: int = 0
    """seed of the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/features")
    """output folder for the picture"""


def both(images: np.ndarray) -> np.ndarray:
    return np.hstack([features.colour_histogram(images), features.oriented_gradients(images)])


FEATURES = {
    "raw pixels": lambda images: images,
    "colour histogram": features.colour_histogram,
    "oriented gradients": features.oriented_gradients,
    "both": both,
}


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(100, len(data.X_train)), shown=(0, len(data.X_train) - 1))
    images, labels = data.X_train[: settings.images], data.y_train[: settings.images]
    accuracies = {}
    for name, made in FEATURES.items():
        model = LinearClassifier(epochs=settings.epochs, random_state=settings.seed).fit(made(images), labels)
        accuracies[name] = model.score(made(data.X_test), data.y_test)
        print(f"{name + ':':20}{model.n_features_in_:5,} features, test accuracy {accuracies[name]:.2%}")

    image, label = data.X_train[settings.shown], data.y_train[settings.shown]
    title = f"a linear model on {len(images):,} images of {data.name}"
    picture, colours, edges, bars = plots.panels(4, columns=2, size=(4.4, 3.4), title=title)
    plots.image_grid([image], title=f"an image: {data.target_names[label]}", ax=picture)
    plots.colour_histogram(image, title="its colour histogram", ax=colours)
    plots.oriented_gradients(image, title="its oriented gradients", ax=edges)
    plots.score_bars(accuracies, chance=1 / len(data.target_names), score="test accuracy", ax=bars)
    save(bars, settings.out / "features.png")


if __name__ == "__main__":
    run(main, Settings)
