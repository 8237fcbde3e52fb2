"""The nearest neighbours of an image of each class: what looks similar is not always the same object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from stage import load, run, save

from classifiers import KNeighborsClassifier, plots


@dataclass
class Settings:
    k: int = 10
    """number of neighbours, k"""
    metric: Literal["l1", "l2"] = "l2"
    """the metric: l1 or l2"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/knn_results")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    names = np.array(data.target_names)
    knn = KNeighborsClassifier(settings.k, metric=settings.metric).fit(data.X_train, names[data.y_train])
    first = np.unique(data.y_test, return_index=True)[1]  # the first test image of each class
    truths, traces = names[data.y_test[first]], [knn.trace(x) for x in data.X_test[first]]

    answers = np.array([trace.answer for trace in traces])
    agree = [np.count_nonzero(trace.neighbour_labels == truth) for truth, trace in zip(truths, traces, strict=True)]
    for truth, answer, same in zip(truths, answers, agree, strict=True):
        print(f"{truth:>10} → {' ' if answer == truth else '×'} {answer:10} {same:2} of {settings.k} neighbours right")
    right = np.count_nonzero(answers == truths)
    print(f"{right} of {len(first)} answers are right, {sum(agree)} of {settings.k * len(first)} neighbours")

    title = f"A test image of each class and its {settings.k} nearest by {settings.metric.upper()}"
    save(plots.neighbour_rows(traces, truths, title=title), settings.out / "results.png")


if __name__ == "__main__":
    run(main, Settings)
