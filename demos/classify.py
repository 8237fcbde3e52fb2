"""Classify any picture with the model that train_mlp.py saved, and show the nearest training images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from matplotlib.figure import Figure
from sklearn.utils import Bunch
from stage import load, run, save

import nn
from autograd import no_grad
from classifiers import KNeighborsClassifier, plots
from classifiers.data.photos import read_picture, to_planes


@dataclass
class Settings:
    picture: tyro.conf.Positional[Path]
    """the picture: a photograph, a drawing, a CIFAR-10 image"""
    model: Path = Path("out/train_mlp/model.safetensors")
    """the model file that train_mlp.py saved"""
    neighbours: int = 10
    """number of nearest training images to show, by L2 distance"""
    stand_in: bool = False
    """use the classes and images of the stand-in, if the model was trained on it"""
    out: Path = Path("out/classify")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    given = read_picture(settings.picture)
    pixels = to_planes(given)
    if not settings.model.exists():
        raise FileNotFoundError(
            f"there is no model {settings.model}: run `python demos/train_mlp.py` first, or name one with --model"
        )
    model = nn.load(settings.model)
    data = load(stand_in=settings.stand_in)
    height, width = given.shape[:2]
    side = min(height, width)
    print(f"{settings.picture.name}: {width}×{height}, its centre square of {side}×{side} resized to 32×32")

    probabilities = classify(model, pixels, data, settings.model)
    for label in np.argsort(-probabilities):
        print(f"{data.target_names[label]:12}{100 * probabilities[label]:5.1f} %")
    nearest = KNeighborsClassifier(settings.neighbours, metric="l2").fit(data.X_train, data.y_train).trace(pixels)

    figure = Figure(figsize=(10, 7), dpi=120, layout="constrained")
    axes = figure.subplot_mosaic([["given", "taken", "bars"], ["near"] * 3], width_ratios=[1, 1, 1.4])
    plots.image_grid(np.moveaxis(given, -1, 0)[None], title=f"as given: {width}×{height}", ax=axes["given"])
    plots.image_grid(pixels[None], title="as classified: 32×32", ax=axes["taken"])
    for name in ("given", "taken"):
        axes[name].set_anchor("N")  # both at the top
    plots.probabilities(probabilities, data.target_names, title="probabilities", ax=axes["bars"])
    title = f"the nearest training images of {data.name}, their L2 distances and votes"
    plots.neighbours(nearest, names=data.target_names, title=title, ax=axes["near"])
    save(figure, settings.out / f"{settings.picture.stem}-classified.png")


def classify(model: nn.Module, pixels: np.ndarray, data: Bunch, path: Path) -> np.ndarray:
    """Return the probabilities (classes,) of an image (features,): the softmax of the model's scores."""
    try:
        with no_grad():
            scores = model(pixels[None].astype(np.float32))
    except ValueError as error:
        raise ValueError(f"{path} takes no images of {data.name}, of {pixels.size} numbers each: {error}") from error
    if scores.shape != (1, len(data.target_names)):
        got = f"{path} gives scores of shape {scores.shape[1:]}"
        raise ValueError(f"{got}, but {data.name} has {len(data.target_names)} classes; name another --model")
    return nn.Softmax()(scores).data[0]


if __name__ == "__main__":
    run(main, Settings)
