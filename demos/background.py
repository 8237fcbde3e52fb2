"""Shifted, covered, tinted or a different object: four images at the same L2 distance from one image.

The distance is that to the nearest training image of another class; each edit is made strong enough to reach it (pixels
are not rounded). To a nearest-neighbour classifier all four are equally similar: it adds up the change of every pixel,
background and object alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from classifiers import KNeighborsClassifier, plots

BLUE = np.array([0, 0, 255])[:, None, None]


@dataclass
class Settings:
    image: int = 3
    """index of the test image to edit"""
    images: int = 10_000
    """number of training images to compare with (the first ones); 50000 is all"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/background")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, image=(0, len(data.X_test) - 1), images=(100, len(data.X_train)))
    pixels, label = data.X_test[settings.image], data.y_test[settings.image]
    others = np.flatnonzero(data.y_train[: settings.images] != label)
    known = KNeighborsClassifier(1).fit(data.X_train[others], data.y_train[others])
    (distance,), (nearest,) = (found[0] for found in known.kneighbors(pixels[None]))

    image = pixels.reshape(3, 32, 32).astype(float)
    shown = {
        f"the {data.target_names[label]}": image,
        "moved": as_far(distance, image, (moved(image, by) for by in range(1, 32))),
        "covered": as_far(distance, image, (covered(image, side) for side in range(2, 33, 2))),
        "tinted": as_far(distance, image, [np.broadcast_to(BLUE, image.shape)]),
        f"a {data.target_names[data.y_train[others[nearest]]]}": data.X_train[others[nearest]].reshape(3, 32, 32),
    }
    for name, other in shown.items():
        apart = np.count_nonzero(abs(other - image).max(axis=0) > 1)
        print(f"{name:16} L2 distance {np.linalg.norm(other - image):.4f}, {apart:,} of 1,024 pixels changed")

    tiles = np.stack([picture.ravel() for picture in shown.values()]) / 255
    title = f"all at L2 distance {distance:,.1f} from the first"
    picture = plots.image_grid(tiles, range(len(tiles)), names=list(shown), columns=len(tiles), title=title)
    save(picture, settings.out / "edits.png")


def moved(image: np.ndarray, by: int) -> np.ndarray:
    """Return the image shifted down and right by this many pixels; its first row and column fill the gap."""
    return np.pad(image, ((0, 0), (by, 0), (by, 0)), mode="edge")[:, :32, :32]


def covered(image: np.ndarray, side: int) -> np.ndarray:
    """Return the image with a box of side × side pixels in its centre, black, or white if the image is dark."""
    box = slice(16 - side // 2, 16 + side // 2)
    edit = image.copy()
    edit[:, box, box] = 0 if image.mean() > 100 else 255
    return edit


def as_far(distance: float, image: np.ndarray, edits: Iterable[np.ndarray]) -> np.ndarray:
    """Return the first edit, in order of strength, that reaches the distance, blended with the image to match it."""
    for edit in edits:
        reached = np.linalg.norm(edit - image)
        if reached >= distance:
            return image + distance / reached * (edit - image)
    raise ValueError(f"no edit reaches the distance {distance:.4f}: choose another --image")


if __name__ == "__main__":
    run(main, Settings)
