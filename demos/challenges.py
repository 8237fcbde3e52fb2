"""What makes recognition hard: light, shape, occlusion and background change an image's numbers, but not its content.

Each moves an image farther in L2 distance than an image of another class is: classifying by distance is misled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, load, run, save

from classifiers import KNeighborsClassifier, plots

ROW, COLUMN = np.indices((32, 32))


@dataclass
class Settings:
    images: int = 200
    """number of test images to change (the first ones)"""
    known: int = 10_000
    """number of training images to search (the first ones)"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/challenges")
    """output folder for the picture"""


def illuminate(images: np.ndarray) -> np.ndarray:
    """Light the images from the left: 1.6 times as bright there, 0.2 times on the right."""
    return (images * np.linspace(1.6, 0.2, 32)).clip(0, 255).astype(np.uint8)


def deform(images: np.ndarray) -> np.ndarray:
    """Bend the rows and columns in waves of up to five pixels."""
    down, right = (np.rint(5 * np.sin(across / 5)).astype(int) for across in (COLUMN, ROW))
    return images[..., (ROW + down).clip(0, 31), (COLUMN + right).clip(0, 31)]


def occlude(images: np.ndarray) -> np.ndarray:
    """Cover the lower right with a black rectangle."""
    return np.where((ROW >= 14) & (COLUMN >= 12), np.uint8(0), images)


def clutter(images: np.ndarray) -> np.ndarray:
    """Put the centre of each image on the background of the next."""
    return np.where(np.hypot(ROW - 15.5, COLUMN - 15.5) < 11, images, np.roll(images, -1, axis=0))


CHANGES = {"illumination": illuminate, "deformation": deform, "occlusion": occlude, "background": clutter}


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(2, len(data.X_test)), known=(100, len(data.X_train)))
    X, y = data.X_test[: settings.images], data.y_test[: settings.images]
    y_known = data.y_train[: settings.known]
    model = KNeighborsClassifier(1).fit(data.X_train[: settings.known], y_known)

    distances, neighbours = model.kneighbors(X, n_neighbors=100)
    of_others = np.where(y_known[neighbours] == y[:, None], np.inf, distances).min(axis=1)
    print(f"how far from a test image, on average over {len(X)}, and how often its nearest neighbour is of its class:")
    print(f"another class: L2 = {of_others.mean():,.0f}, the nearest of {len(y_known):,} training images")
    print(f"unchanged:     L2 = 0, accuracy {model.score(X, y):.0%}")
    page, captions = [X[0]], [f"a test image: {data.target_names[y[0]]}"]
    for name, change in CHANGES.items():
        changed = change(X.reshape(-1, 3, 32, 32)).reshape(X.shape)
        moved = np.linalg.norm(changed - X.astype(float), axis=1)
        told = f"accuracy {model.score(changed, y):.0%}, {np.mean(changed != X):.0%} of the numbers changed"
        print(f"{name + ':':15}L2 = {moved.mean():,.0f}, {told}")
        page.append(changed[0])
        captions.append(f"{name}, L2\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{moved[0]:,.0f}")

    (ax,) = plots.panels(1, size=(9, 2.7))
    title = f"four changes; the nearest image of another class is at L2 = {of_others[0]:,.0f}"
    plots.image_grid(page, range(5), names=captions, columns=5, title=title, ax=ax)
    save(ax, settings.out / "challenges.png")


if __name__ == "__main__":
    run(main, Settings)
