"""Learn from the training set, choose on the validation set, and measure on the test set, once and at the very end.

Here the number of neighbours k is chosen. The test set is sealed by `HeldOut`: a search that asks for it is refused,
and so is a second measurement, as to pick the better of two is to choose on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sklearn.model_selection import GridSearchCV, KFold, train_test_split
from stage import check, load, run, save

from classifiers import HeldOut, KNeighborsClassifier, plots


@dataclass
class Settings:
    images: int = 4000
    """images to learn from and to choose by, the first ones of the training set; 50000 are all"""
    validation: int = 1000
    """how many of them to choose by"""
    test: int = 1000
    """images to measure on, the first ones of the test set; 10000 are all"""
    ks: tuple[int, ...] = (1, 3, 5, 10, 20, 50)
    """numbers of neighbours to choose from"""
    seed: int = 0
    """of the split"""
    stand_in: bool = False
    """use the stand-in even where CIFAR-10 is there"""
    out: Path = Path("out/split")
    """the folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    if not 0 < settings.validation < settings.images <= len(data.X_train):
        got = f"{settings.validation} and {settings.images}"
        raise ValueError(f"--validation must be less than --images, and that at most {len(data.X_train)}, got {got}")
    check(settings, test=(1, len(data.X_test)))
    X, y = data.X_train[: settings.images], data.y_train[: settings.images]
    X_train, X_validation, y_train, y_validation = train_test_split(
        X, y, test_size=settings.validation, stratify=y, random_state=settings.seed
    )
    test = HeldOut(data.X_test[: settings.test], data.y_test[: settings.test])
    sizes = [("training", len(X_train)), ("validation", len(X_validation)), ("test", len(test))]
    for (role, size), use in zip(sizes, ("learn", "choose k", "measure, once, at the end"), strict=True):
        print(f"{role + ':':11} {size:6,} images to {use}")

    print()
    models = {k: KNeighborsClassifier(k).fit(X_train, y_train) for k in settings.ks}
    accuracies = [model.score(X_validation, y_validation) for model in models.values()]
    for k, accuracy in zip(models, accuracies, strict=True):
        print(f"k = {k:2}: {accuracy:.1%} of the validation set")
    best, _ = max(zip(models, accuracies, strict=True), key=lambda pair: pair[1])
    print(f"chosen: k = {best}\n")

    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": settings.ks}, cv=KFold(5))
    ask("choose k on the test set", lambda: search.fit(test, data.y_test[: settings.test]))
    ask(f"measure k = {best} on the test set", lambda: f"{test.score(models[best]):.1%} of {len(test):,} images")
    ask("measure on it once more", lambda: test.score(models[best]))

    shares, choice = plots.panels(2, size=(5, 3), title=f"learn, choose, measure: {data.name}")
    plots.splits({"": sizes}, title="three sets", ax=shares)
    plots.parameter_sweep(settings.ks, accuracies, name="k", title="validation set, on which k is chosen", ax=choice)
    save(choice, settings.out / "split.png")


def ask(what: str, question: Callable[[], object]) -> None:
    """Print what a question is answered, or that it is refused."""
    try:
        print(f"{what}: {question()}")
    except PermissionError as refusal:
        print(f"{what}: REFUSED\n    {refusal}")


if __name__ == "__main__":
    run(main, Settings)
