"""Gradient descent repeats three things to go down J(θ): find the direction, choose the step size, update θ.

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
    """m, the number of points to fit a line to"""
    steps: int = 20
    """iterations of gradient descent"""
    learning_rate: float = 0.5
    """α, the learning rate"""
    seed: int = 0
    """seed of the points"""
    out: Path = Path("out/gradient_descent")
    """output folder for the picture"""


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
    print(f"the minimum, in closed form: {'':21}{told(best)}    {J(best):.4f}")

    bowl = plots.descent_path(
        np.array(path), lambda thetas: np.array([J(theta) for theta in thetas]), best=best, title="down the bowl J(θ)"
    )
    save(bowl, settings.out / "path.png")


def told(vector: np.ndarray) -> str:
    return f"({vector[0]:8.4f}, {vector[1]:8.4f})"


if __name__ == "__main__":
    run(main, Settings)
