"""To a computer an image is an array of height × width × 3 integers from 0 to 255.

A photograph, a small image, and the numbers of a patch of each, for red, green and blue.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_sample_image
from stage import check, load, run, save

from classifiers import plots


@dataclass
class Settings:
    label: int = 3
    """class of the small image, the first one in the training set; 3 is CIFAR-10's cat"""
    row: int = 11
    """of the patch's upper left pixel"""
    column: int = 18
    """of the patch's upper left pixel"""
    size: int = 8
    """side of the patch in pixels"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/image_array")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, label=(0, len(data.target_names) - 1))
    name = data.target_names[settings.label]
    small = data.X_train[data.y_train == settings.label][0].reshape(3, 32, 32)
    photograph = np.moveaxis(load_sample_image("flower.jpg")[60:360, 230:330], -1, 0)  # all of its red, green, blue
    at, size = (settings.row, settings.column), settings.size
    pictures = {
        "patch": plots.pixel_values(small, at, size, title=f"what a computer sees of a {name}"),
        "photograph": plots.pixel_values(photograph, (100, 40), size, title="what a computer sees of a photograph"),
    }

    for what, image in {"photograph": photograph, name: small}.items():
        channels, height, width = image.shape
        numbers = f"{height} × {width} × {channels} = {image.size:,} numbers"
        print(f"{what + ':':12}{numbers}, {image.dtype}, from {image.min()} to {image.max()}")
    print(f"the {size} × {size} numbers from row {settings.row} and column {settings.column} of the {name} on:")
    patch = small[:, settings.row :, settings.column :][:, :size, :size]
    for channel, plane in zip(("red", "green", "blue"), patch, strict=True):
        print(channel)
        print("\n".join("".join(f"{number:4}" for number in line) for line in plane))
    for file, picture in pictures.items():
        save(picture, settings.out / f"{file}.png")


if __name__ == "__main__":
    run(main, Settings)
