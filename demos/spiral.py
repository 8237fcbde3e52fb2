"""A spiral of three classes; the demos of neural networks draw their boundaries on it side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from stage import save

from classifiers import plots

ARMS = 3
LENGTH = 5.0  # length of an arm, from the centre
TURN = 4.0  # winding angle of an arm, in radians


def spiral(samples: int, *, noise: float = 0.2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points X (3 · samples, 2) and their classes y, one arm each: the data of CS231n, "Minimal neural network".

    noise  standard deviation of a point's angle, in radians
    """
    if samples < 2:
        raise ValueError(f"--samples must be at least 2, got {samples}")
    y = np.repeat(np.arange(ARMS), samples)
    along = np.tile(np.linspace(0, 1, samples), ARMS)
    angle = TURN * (along + y) + np.random.default_rng(seed).normal(0, noise, len(y))
    return LENGTH * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]), y


def save_boundaries(classifiers: Mapping[str, Any], X: np.ndarray, y: np.ndarray, path: Path) -> None:
    """Draw the decision regions of each classifier, with its name, and print where the picture is."""
    axes = plots.panels(len(classifiers))
    for ax, (name, classifier) in zip(axes, classifiers.items(), strict=True):
        plots.decision_boundary(classifier, X, y, title=name, ax=ax)
    save(axes[0], path)
