"""Preprocessing scales each feature to mean 0 and standard deviation 1, and the same model learns at the same rate.

Raw pixels need a far smaller rate, and learn slowly even then. Centring alone works as well for pixels, which share one
unit, but its rate has to be searched for. Mean and scale are computed from the training images only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.preprocessing import FunctionTransformer
from stage import check, load, run, save

from classifiers import LinearClassifier, Standardizer, plots

PREPARATIONS = {
    "raw": FunctionTransformer(),  # leaves X unchanged
    "centred": Standardizer(with_std=False),
    "scaled": Standardizer(),
}
CODE = {"raw": "X", "centred": "X -= X.mean(axis=0)", "scaled": "X /= X.std(axis=0)"}


@dataclass
class Settings:
    points: int = 400
    """points of the cloud in two dimensions"""
    images: int = 2000
    """number of training images (the first ones); as many of the last ones are for validation"""
    epochs: int = 10
    """passes over them (epochs)"""
    learning_rate: float = 0.001
    """learning rate of mini-batch gradient descent, the same for all"""
    seed: int = 0
    """seed of the cloud, the weights and the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/preprocess")
    """output folder for the pictures"""


def main(settings: Settings) -> None:
    check(settings, points=(2, None))
    rng = np.random.default_rng(settings.seed)
    cloud = rng.normal(size=(settings.points, 2)) @ [[2.0, 1.0], [0.0, 0.5]] + [5.0, 3.0]
    reach = 1.05 * abs(cloud).max()
    print(f"{'the cloud':20}{'mean':>16}{'deviation':>16}")
    for ax, (name, preparation) in zip(plots.panels(3), PREPARATIONS.items(), strict=True):
        X = preparation.fit_transform(cloud)
        means, deviations = (" ".join(f"{x:z7.3f}" for x in of) for of in (X.mean(axis=0), X.std(axis=0)))
        print(f"{CODE[name]:20}{means:>16}{deviations:>16}")
        picture = plots.point_cloud(X, limits=(-reach, reach), title=CODE[name], ax=ax)
    save(picture, settings.out / "clouds.png")

    data = load(stand_in=settings.stand_in)
    n = settings.images
    check(settings, images=(1, len(data.X_train) // 2))
    print(f"{'':28}{'one rate for all':^32}{'each at a rate of its own':^32}")
    print(f"{'pixels':9}{'mean':>8}{'deviation':>11}" + 2 * f"{'rate':>10}{'loss':>11}{'accuracy':>11}")
    alike, own = {}, {}
    for name, preparation in PREPARATIONS.items():
        X, X_val = preparation.fit_transform(data.X_train[:n]), preparation.transform(data.X_train[-n:])
        row = f"{name:9}{X.mean():z8.2f}{X.std():11.2f}"
        for models, rate in ((alike, settings.learning_rate), (own, None)):  # None: a rate that suits the features
            model = LinearClassifier(
                standardize=False,
                penalty=None,
                learning_rate=rate,
                schedule="constant",
                epochs=settings.epochs,
                random_state=settings.seed,
            )
            models[name] = model.fit(X, data.y_train[:n])
            last, accuracy = model.history_[-1], model.score(X_val, data.y_train[-n:])
            row += f"{last.learning_rate:10.1e}{last.loss:11.2f}{accuracy:11.1%}"
        print(row)
    print(
        f"loss of the last epoch in training, accuracy on the validation images; guessing has {np.log(10):.2f} and 10 %"
    )
    left, right = plots.panels(2, size=(5.4, 4.6))
    plots.loss_curves(alike, log=True, title=f"softmax classifier, rate {settings.learning_rate:g}", ax=left)
    plots.loss_curves(own, title="each at a rate of its own", ax=right)
    save(right, settings.out / "training.png")


if __name__ == "__main__":
    run(main, Settings)
