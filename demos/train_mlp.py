"""Train the MLP 3072-512-10 on CIFAR-10 (or, without a network, on a drawn stand-in) and draw its curves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import tyro
from sklearn.utils import Bunch

from classifiers import FetchError, MLPClassifier, augmentation, fetch_cifar10, fetch_stand_in, plots


@dataclass
class Settings:
    hidden: tuple[int, ...] = (512,)
    """neurons of each hidden layer"""
    epochs: int = 12
    """passes over the training set"""
    batch_size: int = 256
    """images in a step"""
    learning_rate: float = 1.5e-3
    """the peak of the one-cycle schedule"""
    weight_decay: float = 1e-2
    """of AdamW"""
    dropout: float = 0.0
    """the share of the hidden neurons that is dropped in training"""
    mirror: bool = True
    """whether to mirror each training image left to right, or not, at random"""
    validation: int = 5000
    """images of the training set that are kept for validation"""
    seed: int = 0
    """of initialisation, shuffling and dropout"""
    stand_in: bool = False
    """train on the stand-in even where CIFAR-10 is there"""
    out: Path = Path("out/train_mlp")
    """the folder for the pictures"""


def main(settings: Settings) -> None:
    settings.out.mkdir(parents=True, exist_ok=True)
    data = load(settings)
    split = len(data.X_train) - settings.validation
    if not 0 < split < len(data.X_train):
        raise ValueError(f"--validation must be from 1 to {len(data.X_train) - 1}, but {settings.validation} came")
    train = data.X_train[:split], data.y_train[:split]
    validation = data.X_train[split:], data.y_train[split:]
    test = data.X_test, data.y_test
    print(f"data: {data.name}, from {data.folder}")
    print(f"images: {split:,} training, {settings.validation:,} validation, {len(data.X_test):,} test")

    model = MLPClassifier(
        settings.hidden,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        dropout=settings.dropout,
        augment=augmentation.mirror if settings.mirror else None,
        random_state=settings.seed,
        verbose=True,
    )
    started = perf_counter()
    model.fit(*train, X_val=validation[0], y_val=validation[1])
    print(f"time: {perf_counter() - started:.1f} s of training")

    for path in draw_curves(model, data, settings.out):
        print(f"picture: {path}")
    if not data.is_cifar10:
        print("note: the accuracies below are on the stand-in; this is NOT CIFAR-10")
    for name, samples in {"train": train, "validation": validation, "test": test}.items():
        print(f"{name} accuracy: {100 * model.score(*samples):.2f} %")


def load(settings: Settings) -> Bunch:
    """CIFAR-10 where it is there or can be downloaded, else the stand-in."""
    if not settings.stand_in:
        try:
            return fetch_cifar10()
        except FetchError as error:
            print(f"{error}\nGoing on with a stand-in that gatewise draws itself: this is NOT CIFAR-10.")
    return fetch_stand_in()


def draw_curves(model: MLPClassifier, data: Bunch, out: Path) -> list[Path]:
    """Loss and accuracy over the epochs, as two PNGs."""
    paths = []
    for name, curves in {"loss": plots.loss_curves, "accuracy": plots.accuracy_curves}.items():
        paths.append(out / f"{name}.png")
        axes = curves(model.history_, title=f"MLP on {data.name}")
        axes.figure.savefig(paths[-1])
    return paths


if __name__ == "__main__":
    try:
        main(tyro.cli(Settings, description=__doc__, prog="train_mlp.py"))
    except (OSError, ValueError, FloatingPointError) as error:  # broken files, wrong settings: a line, no traceback
        raise SystemExit(f"train_mlp: {error}") from error
