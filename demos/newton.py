"""Newton's method on Rosenbrock's valley: gradient and Hessian of a plain NumPy function, in a few lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from stage import run

from autograd import grad, jacobian


@dataclass
class Settings:
    start: tuple[float, float] = (-1.2, 1.0)
    """starting point"""
    steps: int = 20
    """maximum number of iterations"""


def rosenbrock(x: np.ndarray) -> float:
    """Ordinary NumPy code that does not mention gatewise; the minimum is 0, at (1, 1)."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def main(settings: Settings) -> None:
    gradient, hessian = grad(rosenbrock), jacobian(grad(rosenbrock))
    x = np.array(settings.start)
    for step in range(settings.steps):
        slope = gradient(x)
        print(f"step {step}: f({x[0]:.6f}, {x[1]:.6f}) = {rosenbrock(x):.3e}, slope {np.linalg.norm(slope):.1e}")
        if np.linalg.norm(slope) < 1e-10:
            break
        x = x - np.linalg.solve(hessian(x), slope)


if __name__ == "__main__":
    run(main, Settings)
