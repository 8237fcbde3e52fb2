"""The nearest neighbour by L1 and by L2: the 4×4 example of the slides, the five steps, and the accuracy on CIFAR-10.

Without --all a part of the test images is asked about; with it all 10,000, each of them compared with all 50,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from stage import load, run, save

from classifiers import KNeighborsClassifier, plots

TEST_IMAGE = np.uint8([[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]])
TRAINING_IMAGE = np.uint8([[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]])


@dataclass
class Settings:
    queries: int = 500
    """test images to ask about, the first ones"""
    all: bool = False
    """ask about all of them"""
    k: int = 1
    """how many neighbours"""
    stand_in: bool = False
    """use the stand-in even where CIFAR-10 is there"""
    out: Path = Path("out/nearest_neighbour")
    """the folder for the pictures"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    queries = len(data.X_test) if settings.all else settings.queries
    if not 1 <= queries <= len(data.X_test):
        raise ValueError(f"--queries must be from 1 to {len(data.X_test)}, but {queries} came")
    for metric in ("l1", "l2"):
        example = plots.image_difference(TEST_IMAGE.ravel(), TRAINING_IMAGE.ravel(), metric=metric)
        save(example, settings.out / f"example_{metric}.png")

        model = KNeighborsClassifier(settings.k, metric=metric).fit(data.X_train, data.y_train)
        started = perf_counter()
        accuracy = model.score(data.X_test[:queries], data.y_test[:queries])
        seconds = perf_counter() - started
        print(f"{metric} accuracy: {100 * accuracy:.2f} % of {queries:,} test images in {seconds:.1f} s")

    steps = KNeighborsClassifier(10).fit(data.X_train, data.y_train).trace(data.X_test[0])
    print(steps)
    save(steps.draw(names=data.target_names), settings.out / "neighbours.png")


if __name__ == "__main__":
    run(main, Settings)
