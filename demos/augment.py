"""Draw what each augmentation does to CIFAR-10 images: mirror, shift, colour jitter, cutout, and a chain of all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from stage import check, load, run, save

from classifiers import plots
from classifiers.augmentation import Chain, ColourJitter, Cutout, Mirror, Shift


@dataclass
class Settings:
    images: int = 2
    """number of training images, one row each"""
    draws: int = 9
    """augmented copies of each image"""
    shift: int = 4
    """largest shift in pixels"""
    jitter: float = 0.4
    """strength of the jitter of brightness, contrast and saturation"""
    cutout: int = 12
    """side of the square that is cut out, in pixels"""
    seed: int = 0
    """seed of the random changes"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/augment")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, images=(1, None), draws=(1, None))
    mirror, shift = Mirror(), Shift(settings.shift)
    jitter = ColourJitter(settings.jitter, settings.jitter, settings.jitter)
    cutout = Cutout(settings.cutout)
    pages = {
        "mirror": mirror,
        f"shift by up to {settings.shift} pixels": shift,
        f"colour jitter of strength {settings.jitter}": jitter,
        f"cutout of {settings.cutout} × {settings.cutout} pixels": cutout,
        "all of them in a chain": Chain(mirror, shift, jitter, cutout),
    }
    data = load(stand_in=settings.stand_in)
    images = data.X_train[: settings.images]

    size = 0.8 * (1 + settings.draws), len(pages) * (0.8 * len(images) + 0.6)
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    for ax, (title, augment) in zip(figure.subplots(len(pages)), pages.items(), strict=True):
        plots.augmentations(images, augment, settings.seed, draws=settings.draws, title=title, ax=ax)
    save(figure, settings.out / "augmentations.png")


if __name__ == "__main__":
    run(main, Settings)
