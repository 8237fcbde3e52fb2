"""The nearest neighbours among 50,000 images of bytes, against the exhaustive searches of scikit-learn and SciPy.

The bytes are random, as the time does not depend on them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.benchmark import SECONDS, Benchmark, at_least
from benchmarks.peers import load
from benchmarks.sides import Sides, agree, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifiers import KNeighborsClassifier

SAMPLES, FEATURES, K = 50_000, 3072, 5
QUERIES = (50, 100, 200)
WORK = "nearest neighbours among 50,000 × 3072 bytes, {}"


def images(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(256, size=(count, FEATURES), dtype=np.uint8)


def fitted(metric: str) -> KNeighborsClassifier:
    """Fit our classifier and load its kernels.

    Parameters
    ----------
    metric : {"manhattan", "euclidean"}
        The distance.

    Returns
    -------
    KNeighborsClassifier
        The classifier, fitted to 50,000 images.
    """
    from classifiers import KNeighborsClassifier

    ours = KNeighborsClassifier(K, metric=metric).fit(images(SAMPLES, 0), np.arange(SAMPLES) % 10)
    ours.kneighbors(images(1, 1))
    return ours


def compare(ours: KNeighborsClassifier, queries: np.ndarray, theirs: Callable[[], np.ndarray]) -> Sides:
    """Make the sides of a search.

    Parameters
    ----------
    ours : KNeighborsClassifier
        Our classifier.
    queries : ndarray, shape (queries, features), uint8
        The images to search for.
    theirs : callable
        Returns the peer's distances (queries, 5) of the nearest, in order.

    Returns
    -------
    Sides
        Both sides.
    """
    agree([ours.kneighbors(queries)[0]], [theirs()], 1e-6)
    return Sides(timed(partial(ours.kneighbors, queries)), timed(theirs))


def sklearn(count: int, *, metric: str) -> Sides:
    neighbors = load("sklearn.neighbors")
    ours, queries = fitted(metric), images(count, 1)
    peer = neighbors.KNeighborsClassifier(K, algorithm="brute", metric=metric, n_jobs=-1)
    peer.fit(images(SAMPLES, 0).astype(np.float32), np.arange(SAMPLES) % 10)  # faster for it than bytes
    floats = queries.astype(np.float32)
    return compare(ours, queries, lambda: peer.kneighbors(floats)[0])


def scipy(count: int) -> Sides:
    distance = load("scipy.spatial.distance")
    ours, queries, samples = fitted("manhattan"), images(count, 1), images(SAMPLES, 0).astype(np.float64)
    floats = queries.astype(np.float64)

    def nearest() -> np.ndarray:
        return np.sort(np.partition(distance.cdist(floats, samples, "cityblock"), K, axis=1)[:, :K])

    return compare(ours, queries, nearest)


def alone(count: int, *, metric: str) -> Sides:
    return Sides(timed(partial(fitted(metric).kneighbors, images(count, 1))), None)


METRICS = {"manhattan": "L1", "euclidean": "L2"}
GOALS = {"manhattan": 20, "euclidean": 2}
sized = partial(Benchmark, sizes=QUERIES, label="{} queries".format)
BENCHMARKS = {
    **{
        f"sklearn-{name}": sized(
            work=WORK.format(name),
            peer="scikit-learn, brute force",
            sides=partial(sklearn, metric=metric),
            goals={QUERIES[-1]: at_least(GOALS[metric])},
            rounds=3 if name == "L1" else None,
        )
        for metric, name in METRICS.items()
    },
    "scipy-L1": Benchmark(
        work=WORK.format("L1"), peer="scipy, cdist", sides=scipy, sizes=(5, 10, 20), label="{} queries".format
    ),
    **{
        f"alone-{name}": Benchmark(
            work=WORK.format(name),
            sides=partial(alone, metric=metric),
            sizes=(10_000,),
            label="{:,} queries".format,
            quantity=SECONDS,
            rounds=1,
        )
        for metric, name in METRICS.items()
    },
}
