"""Gradient descent on J(θ), batch, stochastic and mini-batch: the path of θ over the contours, and the closed form.

Each takes as many looks at a sample: 20 passes over the data, whatever the number of steps that are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stage import run, save

from classifiers import LinearRegressor, plots


@dataclass
class Settings:
    samples: int = 100
    """points to fit a line through"""
    epochs: int = 20
    """passes over them"""
    batch_size: int = 10
    """points in a step of mini-batch descent"""
    learning_rate: float | None = None
    """of all three; where none is given, each finds its own"""
    seed: int = 0
    """of the points and their order"""
    out: Path = Path("out/descend")
    """the folder for the pictures"""


def main(settings: Settings) -> None:
    if not 2 <= settings.samples <= 100_000:
        raise ValueError(f"--samples must be from 2 to 100000, but {settings.samples} came")
    rng = np.random.default_rng(settings.seed)
    X = rng.uniform(0, 10, size=(settings.samples, 1))
    y = 3 + 2 * X[:, 0] + rng.normal(size=settings.samples)

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
            f"{name + ':':12}{len(model.path_) - 1:5} steps to J = {model.cost(model.theta_, X, y):.6f}, "
            f"y = {model.intercept_:.4f} + {model.coef_[0]:.4f} x"
        )
    best = model.closed_form(X, y)
    print(f"closed form:            J = {model.cost(best, X, y):.6f}")

    settings.out.mkdir(parents=True, exist_ok=True)
    paths = {name: model.path_ for name, model in models.items()}
    figures = {
        "paths": plots.descent_path(
            paths, lambda theta: model.cost(theta, X, y), best=best, title="J(θ) and the ways down"
        ),
        "line": plots.regression_line(models["batch"], X, y, title="the line that batch descent found"),
        "losses": plots.loss_curves(
            {name: model.history_ for name, model in models.items()}, log=True, title="J of each epoch"
        ),
    }
    for name, axes in figures.items():
        save(axes, settings.out / f"{name}.png")


if __name__ == "__main__":
    run(main, Settings)
