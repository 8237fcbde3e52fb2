"""The L1 distance by hand: the sum of absolute differences, pixel by pixel; in uint8 it would overflow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import run, save

from classifiers import plots

# The two images of the slide; nearest_neighbour.py also computes their L2 distance.
TEST_IMAGE = np.uint8([[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]])
TRAINING_IMAGE = np.uint8([[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]])


@dataclass
class Settings:
    out: Path = Path("out/distance")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    test, training = TEST_IMAGE.astype(int), TRAINING_IMAGE.astype(int)
    difference = np.abs(test - training)
    print("  test image              training image          |difference|")
    for rows in zip(test, training, difference, strict=True):
        print("    ".join("".join(f"{number:5}" for number in row) for row in rows))
    print(f"L1 = Σ|difference| = {' + '.join(map(str, difference.ravel()))} = {difference.sum()}")

    # Bytes have no negative numbers: a difference that should be negative is 256 too large.
    wrapped = np.abs(TEST_IMAGE - TRAINING_IMAGE)
    row, column = np.argwhere(test < training)[0]
    a, b = test[row, column], training[row, column]
    print(f"beware of uint8: there {a} − {b} is {wrapped[row, column]}, not −{b - a}, and the sum {wrapped.sum()}")

    title = "|test image − training image|, summed: L1"
    save(plots.image_difference(TEST_IMAGE, TRAINING_IMAGE, metric="l1", title=title), settings.out / "l1.png")


if __name__ == "__main__":
    run(main, Settings)
