"""The nearest neighbours among 50,000 images of bytes, beside scikit-learn's and scipy's exhaustive searches.

The bytes are drawn at random: the time does not depend on what they show.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.benchmark import SECONDS, Benchmark, at_least
from benchmarks.peers import load
from benchmarks.sides import Sides, agree, timed

SAMPLES, FEATURES, K = 50_000, 3072, 5
QUERIES = (50, 100, 200)
WORK = "nearest neighbours among 50,000 × 3072 bytes, {}"


def images(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(256, size=(count, FEATURES), dtype=np.uint8)


def searched(metric: str) -> Any:
    """Ours, which has seen the samples, and whose kernels are loaded."""
    from classifiers import KNeighborsClassifier

    ours = KNeighborsClassifier(K, metric=metric).fit(images(SAMPLES, 0), np.arange(SAMPLES) % 10)
    ours.kneighbors(images(1, 1))
    return ours


def beside(ours: Any, queries: np.ndarray, theirs: Any) -> Sides:
    """Sides of which `theirs()` gives the distances (queries, K) of the nearest, in order."""
    agree([ours.kneighbors(queries)[0]], [theirs()], 1e-6)
    return Sides(timed(partial(ours.kneighbors, queries)), timed(theirs))


def sklearn(count: int, *, metric: str) -> Sides:
    neighbors = load("sklearn.neighbors")
    ours, queries = searched(metric), images(count, 1)
    peer = neighbors.KNeighborsClassifier(K, algorithm="brute", metric=metric, n_jobs=-1)
    peer.fit(images(SAMPLES, 0).astype(np.float32), np.arange(SAMPLES) % 10)  # quicker for it than from bytes
    floats = queries.astype(np.float32)
    return beside(ours, queries, lambda: peer.kneighbors(floats)[0])


def scipy(count: int) -> Sides:
    distance = load("scipy.spatial.distance")
    ours, queries, samples = searched("manhattan"), images(count, 1), images(SAMPLES, 0).astype(np.float64)
    floats = queries.astype(np.float64)

    def nearest() -> np.ndarray:
        return np.sort(np.partition(distance.cdist(floats, samples, "cityblock"), K, axis=1)[:, :K])

    return beside(ours, queries, nearest)


def alone(count: int, *, metric: str) -> Sides:
    return Sides(timed(partial(searched(metric).kneighbors, images(count, 1))), None)


METRICS = {"manhattan": "L1", "euclidean": "L2"}
GOALS = {"manhattan": 20, "euclidean": 2}
SHARED: dict[str, Any] = {"sizes": QUERIES, "label": "{} queries".format}
BENCHMARKS = {
    **{
        f"sklearn-{name}": Benchmark(
            **SHARED,
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
