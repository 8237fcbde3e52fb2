"""CIFAR-10: 50,000 small training images and 10,000 test images, in ten classes of equal size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import load, run, save

from classifiers import plots


@dataclass
class Settings:
    count: int = 10
    """examples to show per class"""
    stand_in: bool = False
    """show the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/cifar10")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    names = data.target_names
    for part, images in {"training": data.X_train, "test": data.X_test}.items():
        print(f"{part + ' images:':17}{len(images):6,} of 32 × 32 × 3 = {images.shape[1]:,} numbers")
    print(f"{'class':17}training   test")
    counts = [np.bincount(labels, minlength=len(names)) for labels in (data.y_train, data.y_test)]
    for name, training, test in zip(names, *counts, strict=True):
        print(f"{name:17}{training:8,} {test:6,}")
    page = plots.class_examples(data.X_train, data.y_train, names=names, count=settings.count, title=data.name)
    save(page, settings.out / "examples.png")


if __name__ == "__main__":
    run(main, Settings)
