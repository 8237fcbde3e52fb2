"""Train an MLP on CIFAR-10 (or, if offline, on a synthetic stand-in), save it, and plot its learning curves.

Ctrl-C ends the training run and keeps what was learned; --resume continues it, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from sklearn.utils import Bunch
from stage import check, load, run, save

import nn
from classifiers import MLPClassifier, metrics, plots
from classifiers.augmentation import Chain, Mirror, Shift
from classifiers.callbacks import Callback, TensorBoard
from classifiers.history import HistoryFile


@dataclass
class Settings:
    recipe: Literal["shallow", "deep"] = "shallow"
    """defaults of the settings below: one hidden layer (a minute) or three (ten minutes)"""
    hidden: tuple[int, ...] | None = None
    """neurons of each hidden layer"""
    epochs: int | None = None
    """passes over the training set (epochs)"""
    batch_size: int = 256
    """batch size"""
    learning_rate: float | None = None
    """peak learning rate of the one-cycle schedule"""
    weight_decay: float = 1e-2
    """weight decay of AdamW"""
    dropout: float | None = None
    """dropout rate of the hidden layers"""
    batch_norm: bool | None = None
    """whether to use batch normalisation in the hidden layers"""
    label_smoothing: float = 0.1
    """label smoothing"""
    whiten: int = 400
    """number of principal components of the pixels used as input; 0 for the pixels themselves"""
    mirror: bool = True
    """whether to mirror training images at random"""
    shift: int | None = None
    """largest random shift of training images, in pixels"""
    validation: int = 5000
    """number of training images held out for validation"""
    seed: int = 0
    """seed of initialisation, shuffling, augmentation and dropout"""
    stand_in: bool = False
    """train on the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/train_mlp")
    """output folder for the model, its checkpoint, its history and the pictures"""
    resume: bool = False
    """continue from the checkpoint in that folder"""
    tensorboard: bool = False
    """write TensorBoard files there too; requires tensorboardX"""


RECIPES: dict[str, dict[str, Any]] = {  # chosen on validation images
    "shallow": {
        "hidden": (512,),
        "epochs": 20,
        "learning_rate": 1.5e-3,
        "dropout": 0.2,
        "batch_norm": False,
        "shift": 2,
    },
    "deep": {
        "hidden": (1024, 1024, 512),
        "epochs": 40,
        "learning_rate": 3e-3,
        "dropout": 0.15,
        "batch_norm": True,
        "shift": 3,
    },
}


def main(settings: Settings) -> None:
    recipe = RECIPES[settings.recipe]
    settings = replace(settings, **{name: was for name, was in recipe.items() if getattr(settings, name) is None})
    settings.out.mkdir(parents=True, exist_ok=True)
    data = load(stand_in=settings.stand_in)
    check(settings, validation=(1, len(data.X_train) - 1))
    split = len(data.X_train) - settings.validation
    train = data.X_train[:split], data.y_train[:split]
    validation = data.X_train[split:], data.y_train[split:]
    test = data.X_test, data.y_test
    print(f"images: {split:,} training, {settings.validation:,} validation, {len(data.X_test):,} test")

    model, checkpoint = classifier(settings), settings.out / "checkpoint.safetensors"
    started = perf_counter()
    resume_from = checkpoint if settings.resume else None
    model.fit(*train, X_val=validation[0], y_val=validation[1], save_to=checkpoint, resume_from=resume_from)
    print(f"time: {perf_counter() - started:.1f} s of training")
    folded = nn.fold(model.model_)  # preprocessing and normalisation folded in: it expects raw pixels
    print(folded.summary(data.X_train.shape[1:]))
    print(f"model: {nn.save(settings.out / 'model.safetensors', folded)}")

    draw(model, data, settings.out)
    if not data.is_cifar10:
        print("note: the accuracies below are on the stand-in; this is NOT CIFAR-10")
    for name, samples in {"train": train, "validation": validation, "test": test}.items():
        print(f"{name} accuracy: {100 * model.score(*samples):.2f} %")


def classifier(settings: Settings) -> MLPClassifier:
    """Return the estimator that the settings describe."""
    changes = [*([Mirror()] if settings.mirror else []), *([Shift(settings.shift)] if settings.shift else [])]
    callbacks: list[Callback] = [HistoryFile(settings.out / "history.jsonl")]
    if settings.tensorboard:
        callbacks.append(TensorBoard(settings.out / "tensorboard"))
    return MLPClassifier(
        settings.hidden,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        dropout=settings.dropout,
        batch_norm=settings.batch_norm,
        label_smoothing=settings.label_smoothing,
        whiten=settings.whiten or None,
        augment=Chain(*changes) if changes else None,
        callbacks=callbacks,
        random_state=settings.seed,
        verbose=True,
    )


def draw(model: MLPClassifier, data: Bunch, out: Path) -> None:
    """Plot loss and accuracy over the epochs, and the confusion matrix of the test images."""
    title = f"MLP on {data.name}"
    matrix = metrics.confusion_matrix(model.predict(data.X_test), data.y_test)
    pictures = {"confusion": plots.confusion_matrix(matrix, data.target_names, title=f"{title}, test images")}
    if model.history_:  # there is at least one epoch to plot
        pictures["loss"] = plots.loss_curves(model.history_, title=title)
        pictures["accuracy"] = plots.accuracy_curves(model.history_, title=title)
    for name, axes in pictures.items():
        save(axes, out / f"{name}.png")


if __name__ == "__main__":
    run(main, Settings)
