"""Train on the training set, choose on the validation set, and measure on the test set, once, at the very end.

Here the number of neighbours k is chosen. `HeldOut` seals the test set: it refuses a search, and a second measurement
too, since picking the better of two would be choosing on the test set.
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
    """number of training and validation images (the first ones); 50000 is all"""
    validation: int = 1000
    """how many of them are for validation"""
    test: int = 1000
    """number of test images (the first ones); 10000 is all"""
    ks: tuple[int, ...] = (1, 3, 5, 10, 20, 50)
    """values of k to choose from"""
    seed: int = 0
    """seed of the split"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/split")
    """output folder for the picture"""


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
    """Print the answer to a question, or the error if it is refused."""
    try:
        print(f"{what}: {question()}")
    except PermissionError as refusal:
        print(f"{what}: REFUSED\n    {refusal}")


if __name__ == "__main__":
    run(main, Settings)
