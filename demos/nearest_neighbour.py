"""L1 against L2: both distances on the 4×4 example of the slides, and the accuracy of nearest neighbours with each.

A part of the images is enough to see which is better; --all compares all 10,000 test with all 50,000 training images.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from distance import TEST_IMAGE, TRAINING_IMAGE
from stage import check, load, run, save

from classifiers import KNeighborsClassifier, plots


@dataclass
class Settings:
    images: int = 5000
    """number of training images (the first ones)"""
    queries: int = 2000
    """number of test images (the first ones)"""
    all: bool = False
    """use all training and test images"""
    k: int = 1
    """number of neighbours, k"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/nearest_neighbour")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(1, len(data.X_train)), queries=(1, len(data.X_test)))
    images, queries = settings.images, settings.queries
    if settings.all:
        images, queries = len(data.X_train), len(data.X_test)

    difference = TEST_IMAGE.astype(int) - TRAINING_IMAGE
    squares = (difference**2).sum()
    print(f"4×4 example: L1 = Σ|difference| = {np.abs(difference).sum()}")
    print(f"4×4 example: L2 = √Σ difference² = √{squares} = {np.sqrt(squares):.2f}")
    right = {}
    top, bottom = plots.panels(2, columns=1, size=(8, 2.9))
    for metric, ax in ("l1", top), ("l2", bottom):
        plots.image_difference(TEST_IMAGE, TRAINING_IMAGE, metric=metric, ax=ax)
        model = KNeighborsClassifier(settings.k, metric=metric).fit(data.X_train[:images], data.y_train[:images])
        started = perf_counter()
        right[metric] = model.predict(data.X_test[:queries]) == data.y_test[:queries]
        seconds = perf_counter() - started
        print(f"{metric} accuracy: {100 * right[metric].mean():.2f} % of {queries:,} test images in {seconds:.1f} s")
    ahead = 100 * np.subtract(right["l1"], right["l2"], dtype=float)
    error = ahead.std() / np.sqrt(queries)
    print(f"L1 − L2: {ahead.mean():+.2f} ± {error:.2f} points (one standard error), knowing {images:,} images")
    save(top, settings.out / "l1_l2.png")


if __name__ == "__main__":
    run(main, Settings)
