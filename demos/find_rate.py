"""Find a learning rate for the MLP on CIFAR-10: train a copy while the rate grows, and see where the loss falls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import load, run, save

from classifiers import plots, preprocessing, rate_range_test
from nn import CrossEntropyLoss, Linear, ReLU, optim


@dataclass
class Settings:
    optimizer: str = "AdamW"
    """optimiser: SGD, RMSProp, Adam or AdamW"""
    steps: int = 150
    """number of steps"""
    lowest: float = 1e-6
    """learning rate of the first step"""
    highest: float = 1.0
    """learning rate of the last step, unless the loss diverges before"""
    seed: int = 0
    """seed of the initialisation and the batches"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/find_rate")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    known = ("SGD", "RMSProp", "Adam", "AdamW")
    if settings.optimizer not in known:
        raise ValueError(f"--optimizer must be one of {', '.join(known)}, got {settings.optimizer!r}")
    data = load(stand_in=settings.stand_in)
    rng = np.random.default_rng(settings.seed)
    model = preprocessing.learn(data.X_train, standardize=True, whiten=None, dtype=np.float32, rng=rng)
    model.append(Linear(3072, 512, rng=rng)).append(ReLU()).append(Linear(512, 10, rng=rng))
    found = rate_range_test(
        model,
        CrossEntropyLoss(),
        getattr(optim, settings.optimizer)(model.parameters(), lr=settings.lowest),
        (data.X_train, data.y_train),
        lowest=settings.lowest,
        highest=settings.highest,
        steps=settings.steps,
        rng=rng,
    )
    title = f"MLP 3072-512-10 with {settings.optimizer} on {data.name}"
    save(plots.rate_range(found, title=title), settings.out / f"{settings.optimizer}.png")
    print(f"suggested: {found.suggested:.2g}" if found.suggested else "the loss never fell: give a higher --highest")


if __name__ == "__main__":
    run(main, Settings)
