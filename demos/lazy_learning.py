"""Nearest neighbours learn lazily: training only stores the images, and a prediction visits all n of them, O(n).

The images are random bytes of CIFAR-10's size: the time does not depend on their content. Each time is the minimum of
many short rounds, since interruptions only make a round longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from stage import check, run, save

from classifiers import KNeighborsClassifier, plots


@dataclass
class Settings:
    largest: int = 10_000
    """number of training images; a tenth, two tenths, ... are used in turn"""
    queries: int = 8
    """number of images to classify"""
    rounds: int = 20
    """rounds, in each of which everything is timed once"""
    seed: int = 0
    """seed of the images"""
    out: Path = Path("out/lazy_learning")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, largest=(20, None), queries=(1, None), rounds=(1, None))
    rng = np.random.default_rng(settings.seed)
    X, queries = (rng.integers(256, size=(n, 3072), dtype=np.uint8) for n in (settings.largest, settings.queries))
    y = np.arange(settings.largest) % 10
    sizes = np.arange(1, 11) * (settings.largest // 10)
    knn = KNeighborsClassifier(1, n_jobs=1)
    knn.fit(X[:10], y[:10]).predict(queries)  # loads the machine code, which is not part of the timing

    times = np.empty((settings.rounds, len(sizes), 2))
    for i, j in np.ndindex(settings.rounds, len(sizes)):
        started = perf_counter()
        knn.fit(X[: sizes[j]], y[: sizes[j]])
        learned = perf_counter()
        knn.predict(queries)
        times[i, j] = learned - started, perf_counter() - learned
    training, prediction = 1000 * times.min(axis=0).T

    print(f"      n  training  prediction of {settings.queries}")
    for row in zip(sizes, training, prediction, strict=True):
        print("{:7,} {:6.2f} ms {:10.2f} ms".format(*row))
    slope, start = np.polyfit(sizes, prediction, 1)
    r2 = np.corrcoef(sizes, prediction)[0, 1] ** 2
    print(f"prediction ≈ {1000 * slope:.3f} ms · n/1000 {start:+.2f} ms, R² = {r2:.3f}")
    n, each = sizes[-1], prediction[-1] / settings.queries / 1000
    print(f"{n:,} images are learned in {training[-1]:.1f} ms; to predict as many takes {n * each:.1f} s")

    costs = {"training": training, f"prediction of {settings.queries} images": prediction}
    names = ("known images n", "milliseconds")
    picture = plots.scaling(sizes, costs, names=names, title="Lazy learning: nothing to train, O(n) to predict")
    save(picture, settings.out / "time.png")


if __name__ == "__main__":
    run(main, Settings)
