"""Batch, stochastic and mini-batch gradient descent minimise J(θ) with equal work, each in its own way.

Batch descent takes few precise steps, stochastic descent many noisy ones; mini-batch descent is in between. All are
θ ← θ − α ∇J(θ), with J over all points, one, or a batch of them. The minimum is known in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import check, run, save

from classifiers import LinearRegressor, plots


@dataclass
class Settings:
    samples: int = 100
    """number of points to fit a line to"""
    epochs: int = 20
    """passes over the points (epochs)"""
    batch_size: int = 10
    """batch size of mini-batch descent"""
    learning_rate: float | None = None
    """learning rate of all three; by default each has its own"""
    seed: int = 0
    """seed of the points and their order"""
    out: Path = Path("out/descend")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    check(settings, samples=(2, 100_000))
    rng = np.random.default_rng(settings.seed)
    X = rng.uniform(0, 10, size=(settings.samples, 1))
    y = 3 + 2 * X[:, 0] + rng.normal(size=settings.samples)

    print(f"{settings.epochs} passes over {settings.samples} points for each; every step is θ ← θ − α ∇J(θ)")
    print(
        f"θ are those of x standardised, (x − {X.mean():.2f}) / {X.std():.2f}; each finds an α of its own unless given"
    )
    models = {}
    for name, batch_size in {"batch": None, "mini-batch": settings.batch_size, "stochastic": 1}.items():
        model = LinearRegressor(
            batch_size=batch_size,
            epochs=settings.epochs,
            learning_rate=settings.learning_rate,
            keep_path=True,
            random_state=settings.seed,
        )
        models[name] = model.fit(X, y)
        print(
            f"{name + ':':12}{len(model.path_) - 1:5} steps, α = {model.history_[-1].learning_rate:.4f}: "
            f"J = {model.cost(model.theta_, X, y):.6f}, y = {model.intercept_:.4f} + {model.coef_[0]:.4f} x"
        )
    best = model.closed_form(X, y)
    print(f"{'closed form:':37}J = {model.cost(best, X, y):.6f}")
    print("(Rules without α, as slides have them for batch and stochastic descent, are these with α = 1.)")

    paths = {name: model.path_ for name, model in models.items()}
    histories = {name: model.history_ for name, model in models.items()}
    figures = {
        "paths": plots.descent_path(
            paths, lambda theta: model.cost(theta, X, y), best=best, title="J(θ) and the ways down"
        ),
        "line": plots.regression_line(models["batch"], X, y, title="the line that batch descent found"),
        "losses": plots.loss_curves(histories, log=True, title="J in each pass over the points: equal work"),
    }
    for name, axes in figures.items():
        save(axes, settings.out / f"{name}.png")


if __name__ == "__main__":
    run(main, Settings)
