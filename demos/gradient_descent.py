"""Gradient descent goes down the bowl J(θ) again and again in three parts: find the direction, take a step, update θ.

J(θ) = 1/(2m) Σ (h(x) − y)² of a line h(x) = θ₀ + θ₁x through m points; its gradient is found by the chain rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, run, save

from autograd import grad
from classifiers import plots


@dataclass
class Settings:
    samples: int = 100
    """m, the points to draw a line through"""
    steps: int = 20
    """of gradient descent"""
    learning_rate: float = 0.5
    """α, how far a step goes along the direction"""
    seed: int = 0
    """of the points"""
    out: Path = Path("out/gradient_descent")
    """the folder for the picture"""


def main(settings: Settings) -> None:
    check(settings, samples=(2, None), steps=(2, None))
    rng = np.random.default_rng(settings.seed)
    x = rng.uniform(-1, 2, settings.samples)
    y = 3 + 2 * x + rng.normal(0, 0.5, settings.samples)

    def J(theta: np.ndarray) -> np.ndarray:
        return np.mean((theta[0] + theta[1] * x - y) ** 2) / 2

    theta = np.array([-1.5, 1.5])
    path = [theta]
    print(f"step  {'1. direction −∇J(θ)':22}{'2. step −α∇J(θ)':22}{'3. update θ ← θ − α∇J(θ)':28}J(θ)")
    print(f"{0:4}  {'':44}{told(theta)}    {J(theta):.4f}")
    for number in range(1, settings.steps + 1):
        direction = -grad(J)(theta)
        step = settings.learning_rate * direction
        theta = theta + step
        path.append(theta)
        print(f"{number:4}  {told(direction)}  {told(step)}  {told(theta)}    {J(theta):.4f}")
    best = np.linalg.lstsq(np.column_stack([np.ones_like(x), x]), y)[0]
    print(f"the bottom of the bowl, in closed form: {'':10}{told(best)}    {J(best):.4f}")

    bowl = plots.descent_path(
        np.array(path), lambda thetas: np.array([J(theta) for theta in thetas]), best=best, title="down the bowl J(θ)"
    )
    save(bowl, settings.out / "path.png")


def told(vector: np.ndarray) -> str:
    return f"({vector[0]:8.4f}, {vector[1]:8.4f})"


if __name__ == "__main__":
    run(main, Settings)
