"""Train an MLP on CIFAR-10 (or, without a network, on a drawn stand-in), save it, and draw how it learned.

Ctrl-C ends the training and keeps what was learned; with --resume it goes on from there, to the bit.
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
    """what the settings below are where they are not given: one hidden layer in a minute, or three in ten"""
    hidden: tuple[int, ...] | None = None
    """neurons of each hidden layer"""
    epochs: int | None = None
    """passes over the training set"""
    batch_size: int = 256
    """images in a step"""
    learning_rate: float | None = None
    """the peak of the one-cycle schedule"""
    weight_decay: float = 1e-2
    """of AdamW"""
    dropout: float | None = None
    """the share of the hidden neurons that is dropped in training"""
    batch_norm: bool | None = None
    """whether to normalise each hidden layer over the batch"""
    label_smoothing: float = 0.1
    """the share of each label that is spread over all classes"""
    whiten: int = 400
    """principal components of the pixels to take as the input; 0 to take the pixels themselves"""
    mirror: bool = True
    """whether to mirror each training image left to right, or not, at random"""
    shift: int | None = None
    """pixels, at most, that each training image is moved by at random"""
    validation: int = 5000
    """images of the training set that are kept for validation"""
    seed: int = 0
    """of initialisation, shuffling, augmentation and dropout"""
    stand_in: bool = False
    """train on the stand-in even where CIFAR-10 is there"""
    out: Path = Path("out/train_mlp")
    """the folder for the model, its checkpoint, its history and the pictures"""
    resume: bool = False
    """go on from the checkpoint in that folder"""
    tensorboard: bool = False
    """write TensorBoard files there too; wants tensorboardX"""


RECIPES: dict[str, dict[str, Any]] = {  # chosen on the validation images
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
    folded = nn.fold(model.model_)  # with the preprocessing and the norms in its Linears: it takes raw pixels
    print(folded.summary(data.X_train.shape[1:]))
    print(f"model: {nn.save(settings.out / 'model.safetensors', folded)}")

    draw(model, data, settings.out)
    if not data.is_cifar10:
        print("note: the accuracies below are on the stand-in; this is NOT CIFAR-10")
    for name, samples in {"train": train, "validation": validation, "test": test}.items():
        print(f"{name} accuracy: {100 * model.score(*samples):.2f} %")


def classifier(settings: Settings) -> MLPClassifier:
    """The estimator that the settings describe."""
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
    """Loss and accuracy over the epochs, and the confusions of the test images, as PNGs."""
    title = f"MLP on {data.name}"
    matrix = metrics.confusion_matrix(model.predict(data.X_test), data.y_test)
    pictures = {"confusion": plots.confusion_matrix(matrix, data.target_names, title=f"{title}, test images")}
    if model.history_:  # there is an epoch to draw
        pictures["loss"] = plots.loss_curves(model.history_, title=title)
        pictures["accuracy"] = plots.accuracy_curves(model.history_, title=title)
    for name, axes in pictures.items():
        save(axes, out / f"{name}.png")


if __name__ == "__main__":
    run(main, Settings)
