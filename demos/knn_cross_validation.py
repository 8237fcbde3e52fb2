"""Choose k of the k-nearest-neighbours classifier by cross-validation, and measure it once on the test images.

Each k is tried on five folds: each fifth of the training images is held out in turn. The test set is not used for the
choice: it stays sealed until k is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.model_selection import GridSearchCV, KFold
from stage import check, load, run, save

from classifiers import HeldOut, KNeighborsClassifier, plots


@dataclass
class Settings:
    images: int = 1000
    """number of training images (the first ones); 5000, as in CS231n, take a minute"""
    folds: int = 5
    """number of folds"""
    ks: tuple[int, ...] = (1, 3, 5, 8, 10, 12, 15, 20, 50, 100)
    """values of k to try"""
    metric: Literal["l1", "l2"] = "l2"
    """the metric: l1 or l2"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/knn_cross_validation")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(1, len(data.X_train)))
    X, y = data.X_train[: settings.images], data.y_train[: settings.images]
    test = HeldOut(data.X_test, data.y_test)

    knn, folds = KNeighborsClassifier(metric=settings.metric), KFold(settings.folds)
    search = GridSearchCV(knn, {"n_neighbors": settings.ks}, cv=folds, error_score="raise").fit(X, y)
    scores = np.array([search.cv_results_[f"split{fold}_test_score"] for fold in range(settings.folds)]).T
    for k, of_folds in zip(settings.ks, scores, strict=True):
        print(
            f"k = {k:3}: {of_folds.mean():.2%} ± {of_folds.std():.2%}  ({', '.join(f'{one:.2%}' for one in of_folds)})"
        )

    parts, over_k = plots.panels(2, size=(5, 4), title=f"{settings.folds}-fold cross-validation on {data.name}")
    turns = {f"fold {i}": turn(held, len(X)) for i, (_, held) in enumerate(folds.split(X), start=1)}
    plots.splits(turns, title="each fold is the validation set once", ax=parts)
    plots.parameter_sweep(settings.ks, scores, name="k", title=f"accuracy over k, {len(X):,} images", ax=over_k)
    save(over_k, settings.out / "accuracy_over_k.png")

    print(f"best k: {search.best_params_['n_neighbors']}")
    if not data.is_cifar10:
        print("note: the accuracy below is on the stand-in; this is NOT CIFAR-10")
    print(f"test accuracy: {test.score(search.best_estimator_):.2%} of {len(test):,} images")


def turn(held: np.ndarray, images: int) -> list[tuple[str, int]]:
    """Return the parts of the images, in order, with one fold held out."""
    before, after = int(held[0]), images - int(held[-1]) - 1
    return [("training", before), ("validation", len(held)), ("training", after)]


if __name__ == "__main__":
    run(main, Settings)
