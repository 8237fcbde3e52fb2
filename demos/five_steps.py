"""The k-nearest-neighbours classifier in five steps: distances, sort, k nearest, votes, answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from stage import check, load, run, save

from classifiers import KNeighborsClassifier


@dataclass
class Settings:
    k: int = 7
    """number of neighbours, k"""
    image: int = 9
    """index of the test image to classify"""
    metric: Literal["l1", "l2"] = "l2"
    """the metric: l1 or l2"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/five_steps")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, image=(0, len(data.X_test) - 1))
    names = np.array(data.target_names)
    knn = KNeighborsClassifier(settings.k, metric=settings.metric).fit(data.X_train, names[data.y_train])

    steps = knn.trace(data.X_test[settings.image])
    truth = names[data.y_test[settings.image]]
    print(steps)
    verdict = "right" if steps.answer == truth else "wrong"
    print(f"   which is {verdict}: x is test image {settings.image}, class {truth}")
    title = f"Test image {settings.image}, class {truth}, and its {settings.k} nearest of {len(data.X_train):,}"
    save(steps.draw(title=title), settings.out / "neighbours.png")


if __name__ == "__main__":
    run(main, Settings)
